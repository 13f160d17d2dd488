"""The probability that the proposed strategy saves money."""

from __future__ import annotations

from decimal import Decimal

from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class SavingProbability:
    """The probability that the savings exceed what routing costs: a figure, or bounds of an unknown one.

    It is the share of ``runs`` simulated runs, for draws of the success rates that ``trials`` trials
    measured and of the uncertain ``inputs``. ``assumed`` names the task types for which a bound assumes
    that no tier fails less often than a higher one, ``unknown`` says why a bound is missing. Between
    1 - ``certainty`` and ``certainty`` the verdict is too close to call. ``with_routing_costs`` says
    whether engineering and upkeep are counted.
    """

    low: Decimal
    high: Decimal
    runs: int
    seed: int
    trials: int
    inputs: tuple[str, ...]
    certainty: Decimal
    assumed: tuple[str, ...] = ()
    unknown: str = ""
    with_routing_costs: bool = False

    @property
    def value(self) -> Decimal | None:
        """The probability, if it is known."""
        return self.low if self.low == self.high else None

    @property
    def is_unknown(self) -> bool:
        """True if nothing is known of it."""
        return (self.low, self.high) == (ZERO, ONE)

    @property
    @exact
    def is_too_close(self) -> bool:
        """True if it is neither high nor low, whatever is unknown."""
        return 1 - self.certainty < self.low and self.high < self.certainty

    @property
    @exact
    def standard_error(self) -> Decimal | None:
        """The standard error by the number of runs, of a probability that is known; never 0."""
        if self.value is None:
            return None
        share = (self.value * self.runs + 1) / (self.runs + 2)
        return (share * (1 - share) / self.runs).sqrt()
