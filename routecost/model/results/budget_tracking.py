"""A budget compared with the months of a projection."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecost.model.scenario.budget import Budget


@dataclass(frozen=True, slots=True)
class BudgetMonth:
    """What counts against a budget in a month, and by how much that is ``over`` it (negative: under).

    ``spent`` is the month's cost, or its mean day's for a budget per day, or the cost so far of
    its year for a budget per year. ``amount`` is the budget's then, and ``allowance`` what that is
    for one month.
    """

    month: str
    spent: Decimal
    over: Decimal
    amount: Decimal
    allowance: Decimal


@dataclass(frozen=True, slots=True)
class BudgetTracking:
    """How a budget fares month by month; ``allowed`` is what it allows in all of them together.

    ``year_starts`` is the calendar month that begins its years; None: they are counted from the
    start of the plan.
    """

    budget: Budget
    allowed: Decimal
    months: tuple[BudgetMonth, ...]
    year_starts: int | None = None

    @property
    def exceeded(self) -> tuple[BudgetMonth, ...]:
        """The months that exceed the budget."""
        return tuple(month for month in self.months if month.over > 0)

    @property
    def closest(self) -> BudgetMonth:
        """The month that comes closest to the budget, or goes furthest beyond it."""
        return max(self.months, key=lambda month: month.over)

    @property
    def crossed(self) -> BudgetMonth | None:
        """The first month that exceeds the budget."""
        return next(iter(self.exceeded), None)
