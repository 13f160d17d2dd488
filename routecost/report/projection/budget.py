"""Notes on the budget of a projection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from routecost.model.report.cells import Column, Quantity, Unit
from routecost.model.report.report import Audience, Note, Table
from routecost.model.results.failures import Between
from routecost.model.results.outlook import BudgetMonth, BudgetTracking
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.horizon import CALENDAR_MONTHS, month_name
from routecost.report.caveats import named
from routecost.units import ZERO

_MOST_OWNERS = 8
_OWNER_COLUMNS = ("strategy", "owner", "month", "spent", "budget", "over")
_UNITS = dict.fromkeys(("spent", "budget", "over"), Unit.MONEY)
_COUNTED = {Period.DAY: " a day", Period.MONTH: "", Period.YEAR: " year to date"}

Parts = tuple[str | Quantity, ...]


def budget_notes(tracking: BudgetTracking, start: date, best_case: str = "") -> Iterator[Note]:
    """Yield whether the budget is kept, and the spend of its first year before ``start``, if known.

    ``best_case`` starts the sentence if it holds in the best case only.
    """
    note = outcome_note(tracking)
    yield Note.of(best_case, *note.parts, warning=note.warning)
    if tracking.replaced is not None:
        yield _replaced(tracking.replaced)
    if tracking.budget.per is Period.YEAR and tracking.year_starts not in (None, start.month):
        month = CALENDAR_MONTHS[tracking.year_starts - 1]
        before = f" of that year before {month_name(start)} is"
        if tracking.before is None:
            text = f"The budget year begins in {month}; spend{before} not included (set spent_so_far)."
            yield Note.of(text, warning=True)
        else:
            amount = Quantity(tracking.before, Unit.MONEY)
            yield Note.of(f"The budget year begins in {month}; spend of ", amount, f"{before} included.")


def _replaced(budget: Budget) -> Note:
    """Return which of the budgets of a plan and its scenario counts, and why."""
    amount = Quantity(budget.amount, Unit.MONEY)
    start = "This budget of the plan counts, because it is for these months; that of the scenario ("
    return Note.of(start, amount, f" a {budget.per}, {budget.strategy}) is for the stated volume.")


def owner_notes(trackings: Sequence[BudgetTracking]) -> Iterator[Note]:
    """Yield which owners exceed their budgets, and when; and in one sentence which keep them."""
    over = [one for one in trackings if one.crossed is not None or one.unsure]
    for tracking in over[:_MOST_OWNERS]:
        yield outcome_note(tracking, f"In {tracking.budget.strategy}, {tracking.owner}")
    if len(over) > _MOST_OWNERS:
        rest = len(over) - _MOST_OWNERS
        yield Note.of(f"{rest} more owner{'s exceed' if rest > 1 else ' exceeds'} a budget.", warning=True)
    kept = [one for one in trackings if one not in over]
    if kept:
        names = named([str(one.owner) for one in kept])
        verb = "stay within their budgets" if len(kept) > 1 else "stays within its budget"
        yield Note.of(f"In {kept[0].budget.strategy}, {names} {verb}.")
    if any(one.budget.per is Period.YEAR and one.year_starts and one.before is None for one in trackings):
        text = "Budgets of owners per year count the months of the plan, and of spent_so_far what it allots."
        yield Note.of(text)


def owner_table(trackings: Sequence[BudgetTracking]) -> Table:
    """Return the budgets of owners by month."""
    columns = tuple(Column(key, key, _UNITS.get(key, Unit.TEXT)) for key in _OWNER_COLUMNS)
    rows = [
        (one.budget.strategy, one.owner, month.month, month.spent, month.amount, month.over)
        for one in trackings
        for month in one.months
    ]
    return Table("owner_budgets", columns, rows, audience=Audience.MACHINES)


def outcome_note(tracking: BudgetTracking, spender: str | None = None, whose: str = "its") -> Note:
    """Return a sentence on whether a budget is kept by its strategy or by ``spender``."""
    budget, crossed = tracking.budget, tracking.crossed
    verb = "stays within" if crossed is None else "exceeds"
    outcome = _kept(tracking) if crossed is None else _exceeded(tracking, crossed)
    if crossed is None and tracking.unsure:
        verb, outcome = "may exceed", _unsure(tracking)
    amount = Quantity(tracking.months[0].amount, Unit.MONEY)
    has_failures = any(month.total is not None for month in tracking.months)
    counted = f" for {budget.counts.label}" if has_failures or budget.counts_failures else ""
    start = (f"{spender or budget.strategy} {verb} {whose} budget of ", amount, f" a {budget.per}{counted}")
    parts = (*start, *_changes(tracking), *outcome, *_with_failures(tracking))
    return Note.of(*parts, warning=crossed is not None or bool(tracking.unsure))


def _with_failures(tracking: BudgetTracking) -> Iterator[str | Quantity]:
    """Yield the most that is spent with failures, if the budget does not count these."""
    totals = [(month.total, month.month) for month in tracking.months if month.total is not None]
    if tracking.budget.counts_failures or not totals:
        return
    most, month = max(totals, key=lambda one: one[0].low or ZERO)
    yield from (" Including failures, the highest is ", *_amount(most))
    yield f"{_COUNTED[tracking.budget.per]}, in {month}."


def _amount(span: Between) -> Iterator[str | Quantity]:
    yield Quantity(span.low, Unit.MONEY)
    if span.high is None:
        yield " or more"
    elif span.high != span.low:
        yield from (" to ", Quantity(span.high, Unit.MONEY))


def _unsure(tracking: BudgetTracking) -> Parts:
    """Return what is known of the first month that may exceed the budget."""
    first = tracking.unsure[0]
    spent, counted = _amount(first.counted(tracking.budget)), _COUNTED[tracking.budget.per]
    known = (": it spends ", *spent, f"{counted} in {first.month}, because ")
    if not first.unallotted:
        return (*known, "failures are unknown in part.")
    more = ", and failures are unknown in part" if tracking.budget.counts_failures else ""
    return (*known, Quantity(first.unallotted, Unit.MONEY), f" of spent_so_far is not allotted{more}.")


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
