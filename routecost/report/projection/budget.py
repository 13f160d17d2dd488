"""What becomes of the budget of a projection, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from routecost.model.report.cells import Quantity, Unit
from routecost.model.report.report import Note
from routecost.model.results.budget_tracking import BudgetMonth, BudgetTracking
from routecost.model.scenario.budget import Period
from routecost.model.scenario.horizon import CALENDAR_MONTHS, month_name

_COUNTED = {Period.DAY: " a day", Period.MONTH: "", Period.YEAR: " so far in its year"}

Parts = tuple[str | Quantity, ...]


def budget_notes(course: BudgetTracking, start: date) -> Iterator[Note]:
    """Yield whether a budget is kept, and what of its first year a plan from ``start`` on does not know."""
    yield fate_note(course)
    if course.budget.per is Period.YEAR and course.year_starts not in (None, start.month):
        month = CALENDAR_MONTHS[course.year_starts - 1]
        unknown = f"what its first year had cost before {month_name(start)} is not counted"
        yield Note.of(f"A year of the budget begins in {month}; {unknown}.", warning=True)


def fate_note(course: BudgetTracking, spender: str | None = None, whose: str = "its") -> Note:
    """Return whether a budget is kept; by its strategy, or by who else is named to spend it."""
    budget, crossed = course.budget, course.crossed
    verb = "keeps" if crossed is None else "exceeds"
    fate = _kept(course) if crossed is None else _exceeded(course, crossed)
    amount = Quantity(course.months[0].amount, Unit.MONEY)
    begins = (f"{spender or budget.strategy} {verb} {whose} budget of ", amount, f" a {budget.per}")
    return Note.of(*begins, *_changes(course), *fate, warning=crossed is not None)


def _changes(course: BudgetTracking) -> Iterator[str | Quantity]:
    for before, month in pairwise(course.months):
        if month.amount != before.amount:
            yield ", "
            yield Quantity(month.amount, Unit.MONEY)
            yield f" from {month.month}"


def _kept(course: BudgetTracking) -> Parts:
    most, counted = course.closest, _COUNTED[course.budget.per]
    return (": at most ", Quantity(most.spent, Unit.MONEY), f"{counted}, in {most.month}.")


def _exceeded(course: BudgetTracking, first: BudgetMonth) -> Parts:
    spent, over = Quantity(first.spent, Unit.MONEY), Quantity(first.over, Unit.MONEY)
    later = len(course.exceeded) - 1
    more = f" and in {later} later month{'s' * (later > 1)}" if later else ""
    return (f" in {first.month} (", spent, f"{_COUNTED[course.budget.per]}, ", over, f" over){more}.")
