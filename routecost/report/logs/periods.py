"""Reports of a change of spend between two periods, and of the pace of a month."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from routecost.model.report.cells import Amount, Cell, Column, Quantity, Range, Shown, Unit
from routecost.model.report.line_figure import Band, LineFigure, Numbers, Points, Reference, Series
from routecost.model.report.report import Audience, Bar, BarFigure, Block, Note, Report, Table
from routecost.model.results.logs.changes import Cause, SpendChange, TypeChange
from routecost.model.results.logs.pace import Pace
from routecost.report.logs.amounts import LEAST
from routecost.report.logs.facts import at_least, meta, notes, source_line, unpriced_table

_FIGURES = (
    Column("figure", "figure"),
    Column("before", "before", Unit.NUMBER),
    Column("after", "after", Unit.NUMBER),
    Column("change_fraction", "change", Unit.CHANGE),
)
_TYPES = (
    Column("task_type", "task type"),
    Column("before", "before", Unit.MONEY),
    Column("after", "after", Unit.MONEY),
    Column("change", "change", Unit.MONEY),
    *(Column(cause, cause.replace("_", " "), Unit.MONEY) for cause in Cause),
)
_DAYS = (
    Column("day", "day", Unit.DATE),
    Column("cost", "cost", Unit.MONEY),
    Column("cumulative", "so far", Unit.MONEY),
)
_EXPECTED = "expected"
_PACE = (
    Column("figure", "figure"),
    Column("amount", "amount", Unit.MONEY),
    Column("vs_expected", "expected vs.", Unit.CHANGE),
)


def change_report(change: SpendChange) -> Report:
    """Return the report of why spend changed."""
    return Report(
        command="usage-compare",
        title=f"Spend of {change.before} and {change.after}, prices of {change.pricing}",
        meta={
            **meta(change.facts),
            "pricing": change.pricing,
            "currency": change.currency,
            "before": str(change.before),
            "after": str(change.after),
            "change": change.total.change,
            "parts": {str(cause): change.total.parts[cause] for cause in Cause},
        },
        blocks=tuple(_change_blocks(change)),
        currency=change.currency,
        figure=_causes(change),
    )


def _change_blocks(change: SpendChange) -> Iterator[Block]:
    rows = [_type_row(change, one, one.task_type) for one in change.types]
    yield Table("changes", _TYPES, rows, audience=Audience.MACHINES)
    shown = [*rows, _type_row(change, change.total, "total")] if len(rows) > 1 else rows
    yield Table("changes_and_total", _TYPES, shown, audience=Audience.PEOPLE)
    of_which = " (calls with a price)" if change.unpriced else ""
    yield Table("figures", _FIGURES, list(_figures(change.total)), f"Both periods{of_which}")
    yield _sentence(change)
    if change.before.length != change.after.length:
        text = (
            f"The periods have {change.before.length} and {change.after.length} days; volume includes this."
        )
        yield Note.of(text, warning=True)
    for text in _covered_in_part(change):
        yield Note.of(text, warning=True)
    yield from _bounds(change.are_bounds and not change.unpriced)
    yield from unpriced_table(change.unpriced)
    if change.unpriced:
        yield Note.of("The change, its parts and the figures are those of the calls with a price.")
    yield from notes(change.facts)


def _covered_in_part(change: SpendChange) -> Iterator[str]:
    first, last = change.facts.first, change.facts.last
    for days in (change.before, change.after):
        if first is not None and days.first < first <= days.last:
            yield f"No calls are logged before {first}: the log may have only a part of {days}."
        if last is not None and days.first <= last < days.last:
            yield f"No calls are logged after {last}: the log may have only a part of {days}."


def _bounds(are_bounds: bool) -> Iterator[Note]:
    if are_bounds:
        yield Note.of(
            "The context or day of some calls is unknown; costs are the least possible.", warning=True
        )


def _type_row(whole: SpendChange, change: TypeChange, name: str | None) -> list[Cell]:
    shown: Cell = Shown(None, "unknown") if name is None else name
    sides = [
        at_least(one.cost, is_least=one.is_least or bool(whole.facts.undated)) if one.is_priced else None
        for one in (change.before, change.after)
    ]
    if not change.is_known:
        return [shown, *sides, None, *[None] * len(Cause)]
    return [shown, *sides, change.change, *(change.parts[cause] for cause in Cause)]


def _figures(total: TypeChange) -> Iterator[list[Cell]]:
    before, after = total.before, total.after
    pairs: list[tuple[str, Unit, Decimal | int | None, Decimal | int | None]] = [
        ("calls", Unit.COUNT, before.calls, after.calls),
        (
            "context tokens per call",
            Unit.COUNT,
            before.per_call(before.context),
            after.per_call(after.context),
        ),
        ("output tokens per call", Unit.COUNT, before.per_call(before.output), after.per_call(after.output)),
        ("cache hit rate", Unit.SHARE, before.hit_rate, after.hit_rate),
        ("cost per call", Unit.MONEY, before.per_call(before.cost), after.per_call(after.cost)),
    ]
    for name, unit, old, new in pairs:
        fraction = None if not old or new is None else Decimal(new) / Decimal(old) - 1
        yield [name, Quantity(old, unit), Quantity(new, unit), fraction]


def _sentence(change: SpendChange) -> Note:
    total = change.total
    if not total.change:
        return Note.of("Spend did not change.")
    ordered = sorted(
        (cause for cause in Cause if total.parts[cause]), key=lambda cause: -abs(total.parts[cause])
    )
    parts: list[str | Quantity] = []
    for cause in ordered:
        part = total.parts[cause]
        parts += [
            ", " if parts else ": ",
            f"{cause.replace('_', ' ')} {'+' if part > 0 else ''}",
            Quantity(part, Unit.MONEY),
        ]
    verb = "rose" if total.change > 0 else "fell"
    what = "Spend on calls with a price" if change.unpriced else "Spend"
    return Note.of(f"{what} {verb} by ", Quantity(abs(total.change), Unit.MONEY), *parts, ".")


def _causes(change: SpendChange) -> BarFigure:
    bars = [Bar(cause.replace("_", " "), float(change.total.parts[cause])) for cause in Cause]
    return BarFigure(
        title=f"Change of spend from {change.before} to {change.after}",
        axis=f"change ({change.currency})",
        bars=(*bars, Bar("total", float(change.total.change), emphasis=True)),
        source=source_line(change.facts, change.pricing),
        alt="Bar chart of the parts of a change of spend, by cause.",
        unit=Unit.MONEY,
        currency=change.currency,
        footnote=LEAST if change.are_bounds else None,
    )


def pace_report(pace: Pace) -> Report:
    """Return the report of a month to date."""
    return Report(
        command="usage-pace",
        title=f"Spend of {pace.month} until {pace.until}, prices of {pace.pricing}",
        meta={
            **meta(pace.facts),
            "pricing": pace.pricing,
            "currency": pace.currency,
            "month": pace.month,
            "until": pace.until,
            "spent": pace.spent,
            "expected": pace.expected,
            "spent_high": pace.spent_high,
            "expected_high": pace.expected_high,
            "calls_without_day": pace.undated,
            "last_day_over": not pace.is_last_unfinished,
            "expected_p10": pace.low,
            "expected_p90": pace.high,
            "basis_days": pace.basis,
            "budget": pace.budget,
            "over_budget": None if pace.budget is None else pace.is_over_budget,
            "scenario": pace.scenario,
            "strategy": pace.strategy,
            "planned": pace.planned,
            "planned_to_date": pace.planned_to_date,
        },
        blocks=tuple(_pace_blocks(pace)),
        currency=pace.currency,
        figure=_pace_figure(pace),
    )


def _pace_blocks(pace: Pace) -> Iterator[Block]:
    cumulative = _cumulative(pace)
    days = [(day, cost, so_far) for (day, cost), so_far in zip(pace.days, cumulative, strict=True)]
    yield Table("days", _DAYS, days, audience=Audience.MACHINES)
    yield Table("pace", _PACE, list(_pace_rows(pace)), audience=Audience.PEOPLE)
    if pace.starts_late:
        text = f"The log begins on {pace.starts_late}; earlier days of the month count as days without cost."
        yield Note.of(text, warning=True)
    yield Note.of(_basis(pace))
    if pace.is_last_unfinished:
        text = (
            f"{pace.until} may not be over: its last call is before its last hour. It is not in the mean; "
            f"--until {pace.until} says that it is over."
        )
        yield Note.of(text, warning=True)
    yield from _budget(pace)
    if pace.undated:
        calls = "1 call has" if pace.undated == 1 else f"{pace.undated:,} calls have"
        text = f"{calls} no time: the most that was spent includes them, the days and the least do not."
        yield Note.of(text, warning=True)
    elif not pace.unpriced:
        yield from _bounds(pace.are_bounds)
    yield from unpriced_table(pace.unpriced)
    yield from notes(pace.facts)


def _budget(pace: Pace) -> Iterator[Note]:
    """Yield that the budget is exceeded, may be, or is not compared."""
    if pace.budget_counts_failures:
        text = f"The budget of {pace.scenario} counts failures, which no call has: it is not compared."
        yield Note.of(text, warning=True)
    if pace.budget is not None and pace.is_over_budget:
        sure = max(pace.spent, pace.expected) > pace.budget
        verb = "exceeds" if pace.spent > pace.budget else "is expected to exceed" if sure else "may exceed"
        most = pace.expected if sure or pace.expected_high is None else pace.expected_high
        by = max(pace.spent, most) - pace.budget
        yield Note.of(f"Spend {verb} the budget by ", Quantity(by, Unit.MONEY), ".", warning=True)
    elif pace.budget is not None and pace.unpriced:
        text = "The budget may be exceeded: what the calls without a price cost is not known."
        yield Note.of(text, warning=True)


def _basis(pace: Pace) -> str:
    if not pace.days_left:
        return "The month is over." if not pace.is_last_unfinished else "This is the last day of the month."
    days = f"the last {pace.basis} days" if pace.basis > 1 else "one day"
    left = f"Each of the {pace.days_left} days" if pace.days_left > 1 else "The day"
    band = "" if pace.low is None else " P10 and P90 follow from their variation."
    return f"{left} left is expected to cost the mean of {days}.{band}"


def _pace_rows(pace: Pace) -> Iterator[list[Cell]]:
    amounts: list[tuple[str, Decimal | None]] = [
        (f"spent until {pace.until}", pace.spent),
        ("spent, at most", _most(pace.spent, pace.spent_high)),
        (f"planned until {pace.until}", pace.planned_to_date),
        ("expected month end", pace.expected),
        ("expected month end, at most", _most(pace.expected, pace.expected_high)),
        ("expected month end, P10", pace.low),
        ("expected month end, P90", pace.high),
    ]
    for name, amount in amounts:
        if amount is not None:
            is_least = bool(pace.unpriced) and not name.startswith("planned")
            yield [name, at_least(amount, is_least=is_least), None]
    for name, amount in ((f"planned, {pace.strategy}", pace.planned), ("budget", pace.budget)):
        if amount is not None:
            vs = pace.expected / amount - 1 if amount else None
            yield [name, amount, at_least(vs, is_least=bool(pace.unpriced))]


def _most(least: Decimal, most: Decimal | None) -> Decimal | None:
    return most if most is not None and most > least else None


def _cumulative(pace: Pace) -> list[Decimal]:
    total, sums = Decimal(0), []
    for day in pace.days:
        total += day.cost
        sums.append(total)
    return sums


def _pace_figure(pace: Pace) -> LineFigure:
    spent, count = tuple(map(float, _cumulative(pace))), len(pace.days) + pace.days_left
    is_over = not pace.days_left
    known = "spent at least" if pace.are_bounds else "spent"
    return LineFigure(
        title=f"Spend of {pace.month}",
        axis=f"spend so far ({pace.currency})",
        across=Numbers(tuple(float(at + 1) for at in range(count)), "day"),
        lines=(*_expected(pace, spent), *_plan(pace, count)),
        source=source_line(pace.facts, pace.pricing),
        alt=f"Line chart of the cumulative spend of {pace.month}"
        + ("." if is_over else f", expected from {pace.until} on."),
        unit=Unit.MONEY,
        currency=pace.currency,
        reference=None if pace.budget is None else Reference("budget", float(pace.budget)),
        bands=tuple(_pace_band(pace, spent[-1])),
        points=None if is_over else Points(known, spent, is_line=True),
        footnote=LEAST if pace.are_bounds else None,
    )


def _expected(pace: Pace, spent: tuple[float, ...]) -> Iterator[Series]:
    """Yield the line of the days left, or of all days if the month is over."""
    if not pace.days_left:
        yield Series("spent", tuple(_at_least(pace, value) for value in spent), emphasis=True)
        return
    line = [_at_least(pace, value) for value in _to(spent[-1], float(pace.expected), pace.days_left)]
    yield Series(_EXPECTED, tuple(line), emphasis=True, start=len(spent) - 1, is_dashed=True)


def _at_least(pace: Pace, value: float) -> Amount:
    return Range(value, None) if pace.are_bounds else value


def _plan(pace: Pace, count: int) -> Iterator[Series]:
    if pace.planned is not None:
        total = float(pace.planned)
        yield Series("plan", tuple(total * (at + 1) / count for at in range(count)))


def _pace_band(pace: Pace, spent: float) -> Iterator[Band]:
    if pace.days_left and pace.low is not None and pace.high is not None:
        low, high = (_to(spent, float(end), pace.days_left) for end in (pace.low, pace.high))
        yield Band(_EXPECTED, low, high, "P10 to P90", len(pace.days) - 1)


def _to(first: float, last: float, steps: int) -> tuple[float, ...]:
    return tuple(first + (last - first) * at / steps for at in range(steps + 1))
