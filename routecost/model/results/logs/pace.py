"""Month to date beside the plan and the budget, and the expected month end."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.model.frames import Result
from routecost.model.results.logs.usage import LogFacts, Unpriced
from routecost.records import dataclass
from routecost.units import ZERO, exact


class DayCost(NamedTuple):
    """The cost of a day."""

    day: date
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Pace(Result):
    """The spend of a month up to a day, and what the month is expected to cost.

    ``expected`` adds the mean of ``basis`` days for each of ``days_left``; ``low`` and ``high`` are its P10
    and P90, None if less than two days are known. ``planned`` is the month's planned cost of ``strategy``.
    A last day that is not over (``is_last_unfinished``) is not among the basis, and is expected to cost the
    mean, or what it cost so far if that is more.
    ``are_bounds`` is true if some calls have no price, or one that is not known: costs are then the least,
    and ``spent_high`` and ``expected_high`` the most, with the ``undated`` calls, which have no time. They
    are None if some calls have no price: the most is not known. ``budget`` is None if that of the scenario
    counts failures (``budget_counts_failures``).
    """

    facts: LogFacts
    pricing: str
    currency: str
    month: str
    until: date
    days: tuple[DayCost, ...]
    days_left: int
    spent: Decimal
    basis: int
    expected: Decimal
    low: Decimal | None
    high: Decimal | None
    budget: Decimal | None = None
    scenario: str | None = None
    strategy: str | None = None
    planned: Decimal | None = None
    unpriced: tuple[Unpriced, ...] = ()
    are_bounds: bool = False
    spent_high: Decimal | None = ZERO
    expected_high: Decimal | None = ZERO
    undated: int = 0
    is_last_unfinished: bool = False
    budget_counts_failures: bool = False

    @property
    @exact
    def planned_to_date(self) -> Decimal | None:
        """The planned cost of the month's days so far: the plan divided evenly over the days."""
        gone = len(self.days)
        return None if self.planned is None else self.planned * gone / (gone + self.days_left)

    @property
    def starts_late(self) -> date | None:
        """The first logged day, if the month began before it."""
        first = self.facts.first
        return None if first is None or first <= self.until.replace(day=1) else first

    @property
    def is_over_budget(self) -> bool:
        """Whether the month is expected to cost more than the budget, or may be; by calls with a price."""
        most = self.expected if self.expected_high is None else max(self.expected, self.expected_high)
        return self.budget is not None and most > self.budget
