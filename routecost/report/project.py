"""A projection as a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from routecost.model.actuals import ActualCourse
from routecost.model.horizon import month_name
from routecost.model.projection import (
    PROJECTION_COLUMNS,
    BudgetCourse,
    BudgetMonth,
    PriceChange,
    Projection,
    StrategySpend,
    TotalSavings,
)
from routecost.model.report import (
    Audience,
    Block,
    Cell,
    Column,
    Meta,
    Note,
    Quantity,
    Report,
    Shown,
    Table,
    Unit,
)
from routecost.model.scenario import Period
from routecost.report import actuals
from routecost.report.caveats import made_up
from routecost.report.project_figure import figure

_MOST_CHANGES = 8
_TEXTS = ("month", "strategy")
_COUNTED = {Period.DAY: " a day", Period.MONTH: "", Period.YEAR: " so far in its year"}


def report(projection: Projection) -> Report:
    """Return the report of a projection: a row per month, and what becomes of the budget."""
    horizon = projection.horizon
    pinned = "" if horizon.pinned is None else f" as of {horizon.pinned}"
    return Report(
        command="project",
        title=f"{projection.scenario}: {_months(horizon.months)} from {month_name(horizon.start)} "
        f"at {projection.pricing} prices{pinned}",
        meta=_meta(projection),
        blocks=(
            _for_people(projection),
            *_notes(projection),
            *_actual_blocks(projection.actuals),
            *made_up(projection.illustrative),
            _for_machines(projection),
            *(() if projection.actuals is None else actuals.tables(projection.actuals)),
        ),
        currency=projection.currency,
        figure=figure(projection),
    )


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _for_machines(projection: Projection) -> Table:
    columns = tuple(
        Column(key, key, Unit.TEXT if key in _TEXTS else Unit.MONEY) for key in PROJECTION_COLUMNS
    )
    rows = (list(record.values()) for record in projection.records())
    return Table("months", columns, rows, audience=Audience.MACHINES)


def _for_people(projection: Projection) -> Table:
    strategies = projection.strategies
    columns = (
        Column("month", "month"),
        *(Column(each.strategy, each.strategy, Unit.MONEY) for each in strategies),
    )
    return Table("spend", columns, list(_rows(projection)), audience=Audience.PEOPLE)


def _rows(projection: Projection) -> Iterator[Sequence[Cell]]:
    strategies = projection.strategies
    for at, month in enumerate(projection.horizon.first_days):
        yield [month_name(month), *(spend.months[at].cost for spend in strategies)]
    yield ["total", *(spend.total for spend in strategies)]
    if projection.baseline is not None:
        yield [f"vs. {projection.baseline}", *(_change(spend, projection.baseline) for spend in strategies)]


def _change(spend: StrategySpend, baseline: str) -> Cell:
    if spend.strategy == baseline:
        return Shown(spend.vs_baseline, "baseline")
    return Quantity(spend.vs_baseline, Unit.CHANGE)


def _meta(projection: Projection) -> Meta:
    horizon, course = projection.horizon, projection.budget
    return {
        "scenario": projection.scenario,
        "pricing": projection.pricing,
        "currency": projection.currency,
        "start": month_name(horizon.start),
        "growth": horizon.growth,
        "as_of": horizon.pinned,
        "days_per_month": projection.days_per_month,
        "baseline": projection.baseline,
        "default": projection.default,
        "proposed": projection.proposed,
        "savings": None if projection.savings is None else asdict(projection.savings),
        "budget": None if course is None else asdict(course.budget),
        "budget_crossed": None if course is None or course.crossed is None else course.crossed.month,
        **({} if projection.actuals is None else {"rebased": actuals.meta(projection.actuals)}),
    }


def _notes(projection: Projection) -> Iterator[Block]:
    yield _growth_note(projection)
    if projection.savings is not None:
        yield _savings_note(projection.savings, projection.horizon.months)
    if projection.budget is not None:
        yield _budget_note(projection.budget)
    if projection.horizon.pinned is not None:
        yield Note.of(f"Every month is priced as of {projection.horizon.pinned}, whatever changes later.")
    if projection.changes:
        yield _changes_note(projection.changes)


def _actual_blocks(course: ActualCourse | None) -> Iterator[Block]:
    if course is not None:
        yield from actuals.blocks(course)
        if course.budget is not None:
            yield _budget_note(course.budget, "As it goes, spend", "the")


def _growth_note(projection: Projection) -> Note:
    growth = projection.horizon.growth
    month = Quantity(projection.days_per_month, Unit.NUMBER)
    if not growth:
        return Note.of("The work does not grow; a month has ", month, " days.")
    verb = "grows" if growth > 0 else "shrinks"
    share = Quantity(abs(growth), Unit.SHARE)
    return Note.of(
        f"The work {verb} by ", share, " a month from the second month on; a month has ", month, " days."
    )


def _savings_note(savings: TotalSavings, months: int) -> Note:
    is_dearer = savings.amount < 0
    saved = savings.fraction
    fraction: list[str | Quantity] = [] if saved is None else [" (", Quantity(abs(saved), Unit.SHARE), ")"]
    return Note.of(
        f"Over {_months(months)}, {savings.strategy} (proposed) {'costs' if is_dearer else 'saves'} ",
        Quantity(abs(savings.amount), Unit.MONEY),
        *fraction,
        f" {'more than' if is_dearer else 'against'} {savings.against} (default).",
    )


def _budget_note(course: BudgetCourse, spender: str | None = None, whose: str = "its") -> Note:
    budget, crossed = course.budget, course.crossed
    verb = "keeps" if crossed is None else "exceeds"
    amount = Quantity(budget.amount, Unit.MONEY)
    fate = _kept(course) if crossed is None else _exceeded(course, crossed)
    start = (f"{spender or budget.strategy} {verb} {whose} budget of ", amount, f" a {budget.per}")
    return Note.of(*start, *fate, warning=crossed is not None)


def _kept(course: BudgetCourse) -> tuple[str | Quantity, ...]:
    most, counted = course.closest, _COUNTED[course.budget.per]
    return (": at most ", Quantity(most.spent, Unit.MONEY), f"{counted}, in {most.month}.")


def _exceeded(course: BudgetCourse, first: BudgetMonth) -> tuple[str | Quantity, ...]:
    spent, over = Quantity(first.spent, Unit.MONEY), Quantity(first.over, Unit.MONEY)
    later = len(course.exceeded) - 1
    more = f" and in {later} later month{'s' * (later > 1)}" if later else ""
    return (f" in {first.month} (", spent, f"{_COUNTED[course.budget.per]}, ", over, f" over){more}.")


def _changes_note(changes: Sequence[PriceChange]) -> Note:
    told = [_told(change) for change in changes[:_MOST_CHANGES]]
    more = [f"{len(changes) - len(told)} more"] if len(changes) > len(told) else []
    return Note.of(f"Prices change within these months: {'; '.join(told + more)}.")


def _told(change: PriceChange) -> str:
    becomes = "" if change.becomes is None else f" becomes {change.becomes}"
    return f"{change.subject}{becomes} on {change.day}"
