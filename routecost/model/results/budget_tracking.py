"""The spend of a projection compared with a budget."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.scenario.budget import Budget


@dataclass(frozen=True, slots=True)
class BudgetMonth:
    """The spend counted against a budget in a month, and the amount ``over`` it (negative: under).

    ``spent`` is the month's cost, the cost of its mean day for a budget per day, or the cost of its
    year so far for a budget per year. ``amount`` is the budget at that time, and ``allowance`` its
    equivalent for one month.
    """

    month: str
    spent: Decimal
    over: Decimal
    amount: Decimal
    allowance: Decimal


@dataclass(frozen=True, slots=True)
class BudgetTracking:
    """A budget compared with each month; ``allowed`` is the budget over all months together.

    ``year_starts`` is the calendar month that begins its years; None: years are counted from the start
    of the plan.
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
