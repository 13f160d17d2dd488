"""Savings of one strategy over another."""

from __future__ import annotations

from decimal import Decimal

from routecost.model.results.failures import Between
from routecost.model.results.verdicts.worst_of import REPEATED, WorstOf
from routecost.records import dataclass
from routecost.units import ZERO


@dataclass(frozen=True, slots=True)
class Savings:
    """The savings of ``strategy`` compared with ``against``; ``fraction`` is None if that costs nothing.

    ``with_failures_per_month`` includes failure costs, and ``with_failures_fraction`` is its share of the
    total of ``against``; None if they are unknown. The low and the high savings are the ends of their range
    by how hard repeated work is, and by what is known of failures; None if there is no range, or no end.
    ``unknown`` names the task types whose failures are not known in both strategies, with
    ``unknown_share`` of the tasks. ``assumed`` are those for which an end assumes that no tier fails less
    often than a higher one.
    """

    strategy: str
    against: str
    fraction: Decimal | None
    per_day: Decimal
    per_month: Decimal
    per_year: Decimal
    with_failures_per_month: Decimal | None = None
    per_month_low: Decimal | None = None
    per_month_high: Decimal | None = None
    with_failures_per_month_low: Decimal | None = None
    with_failures_per_month_high: Decimal | None = None
    with_failures_fraction: Decimal | None = None
    unknown: tuple[str, ...] = ()
    unknown_share: Decimal = ZERO
    assumed: tuple[str, ...] = ()
    worst_of: WorstOf = REPEATED

    @property
    def counts_failures(self) -> bool:
        """True if failures cost something, so that the total decides."""
        return self.with_failures_per_month is not None or bool(self.unknown)

    @property
    def has_no_estimate(self) -> bool:
        """True if the savings that decide are known between bounds only, so that none is stated alone."""
        return self.worst_of.is_bound and self.decisive.known is None

    @property
    def decisive(self) -> Between:
        """The savings that decide, between their ends: including failures where these cost something."""
        usual, low, high = (
            (
                self.with_failures_per_month,
                self.with_failures_per_month_low,
                self.with_failures_per_month_high,
            )
            if self.counts_failures
            else (self.per_month, self.per_month_low, self.per_month_high)
        )
        return Between(usual if low is None else low, usual if high is None else high)
