"""Notes on the budget of a projection."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.model.results.outlook import BudgetMonth, BudgetTracking
from routecost.model.scenario.budget import Period
from routecost.model.scenario.horizon import CALENDAR_MONTHS, month_name

_COUNTED = {Period.DAY: " a day", Period.MONTH: "", Period.YEAR: " year to date"}

Parts = tuple[str | Quantity, ...]


def budget_notes(tracking: BudgetTracking, start: date) -> Iterator[Note]:
    """Yield whether the budget is kept, and the spend of its first year before ``start``, if known."""
    yield outcome_note(tracking)
    if tracking.budget.per is Period.YEAR and tracking.year_starts not in (None, start.month):
        month = CALENDAR_MONTHS[tracking.year_starts - 1]
        before = f" of that year before {month_name(start)} is"
        if tracking.before is None:
            text = f"The budget year begins in {month}; spend{before} not included (set spent_so_far)."
            yield Note.of(text, warning=True)
        else:
            amount = Quantity(tracking.before, Unit.MONEY)
            yield Note.of(f"The budget year begins in {month}; spend of ", amount, f"{before} included.")


def outcome_note(tracking: BudgetTracking, spender: str | None = None, whose: str = "its") -> Note:
    """Return a sentence on whether a budget is kept by its strategy or by ``spender``."""
    budget, crossed = tracking.budget, tracking.crossed
    verb = "stays within" if crossed is None else "exceeds"
    outcome = _kept(tracking) if crossed is None else _exceeded(tracking, crossed)
    amount = Quantity(tracking.months[0].amount, Unit.MONEY)
    start = (f"{spender or budget.strategy} {verb} {whose} budget of ", amount, f" a {budget.per}")
    return Note.of(*start, *_changes(tracking), *outcome, warning=crossed is not None)


def _changes(tracking: BudgetTracking) -> Iterator[str | Quantity]:
    for before, month in pairwise(tracking.months):
        if month.amount != before.amount:
            yield ", "
            yield Quantity(month.amount, Unit.MONEY)
            yield f" from {month.month}"


def _kept(tracking: BudgetTracking) -> Parts:
    most, counted = tracking.closest, _COUNTED[tracking.budget.per]
    return (": at most ", Quantity(most.spent, Unit.MONEY), f"{counted}, in {most.month}.")


def _exceeded(tracking: BudgetTracking, first: BudgetMonth) -> Parts:
    spent, over = Quantity(first.spent, Unit.MONEY), Quantity(first.over, Unit.MONEY)
    later = len(tracking.exceeded) - 1
    more = f" and in {later} later month{'s' * (later > 1)}" if later else ""
    return (f" in {first.month} (", spent, f"{_COUNTED[tracking.budget.per]}, ", over, f" over){more}.")
