"""Logged calls beside the costs that their provider reports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from routecost.model.frames import Result
from routecost.model.logs.cells import Bounds
from routecost.model.results.logs.usage import LogFacts, Unpriced
from routecost.records import dataclass
from routecost.units import ZERO, exact


@dataclass(frozen=True, slots=True)
class BilledRow:
    """What a provider charged on a day for a model and meter (None: all), beside the logged calls' cost.

    ``line`` is the provider's text if the report names no model. Calls without a time have no day.
    ``is_within`` says whether the difference is at most the tolerance. If ``is_least``, further calls of the
    row have no price.
    """

    day: date | None
    model: str | None
    meter: str | None
    line: str | None
    billed: Decimal
    computed: Bounds
    is_within: bool = True
    is_least: bool = False

    @property
    def is_known(self) -> bool:
        """Whether some calls of the row have a price, or all of none."""
        return bool(self.computed.high) or not self.is_least

    @property
    @exact
    def difference(self) -> Decimal:
        """The computed cost - the billed one; 0 if that is within bounds."""
        if self.computed.low <= self.billed <= self.computed.high:
            return ZERO
        return (self.computed.low if self.billed < self.computed.low else self.computed.high) - self.billed

    @property
    @exact
    def fraction(self) -> Decimal | None:
        """The difference as a fraction of what was billed; None if that is 0."""
        return self.difference / self.billed if self.billed else None


@dataclass(frozen=True, slots=True)
class Against(Result):
    """Logged calls beside a cost report, by day and line; ``causes`` say what explains the gaps."""

    facts: LogFacts
    pricing: str
    currency: str
    reports: tuple[str, ...]
    tolerance: Decimal
    rows: tuple[BilledRow, ...]
    causes: tuple[str, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()

    @property
    @exact
    def billed(self) -> Decimal:
        """All that was billed."""
        return sum((row.billed for row in self.rows), ZERO)

    @property
    @exact
    def computed(self) -> Bounds:
        """What the logged calls cost."""
        low = sum((row.computed.low for row in self.rows), ZERO)
        return Bounds(low, sum((row.computed.high for row in self.rows), ZERO))

    @property
    def agrees(self) -> bool:
        """Whether all lines are within the tolerance."""
        return all(row.is_within for row in self.rows)
