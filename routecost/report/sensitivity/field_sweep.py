"""Report of a sweep of scenario fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.cells import Bounds, Cell, Column, Quantity, Range, Shown, Unit
from routecost.model.report.report import Audience, Block, Meta, Note, Report, Table
from routecost.model.results.sensitivity import (
    TOTAL_LOW,
    Crossover,
    FieldSweep,
    Parameter,
    ParameterKind,
    Point,
)
from routecost.report.caveats import at_means, left_out, not_counted, unpriced_reviews, unserved, work_differs
from routecost.report.sensitivity.field_sweep_figure import UNITS, decisive, figure

MOST_ROWS = 40
"""Number of points shown to people as rows."""

_MOST_CROSSINGS = 20


def report(sweep: FieldSweep) -> Report:
    """Return the report: a row per point for people, per point and strategy for machines."""
    swept = " x ".join(parameter.name for parameter in sweep.parameters)
    count = len(sweep.points)
    return Report(
        command="sweep",
        shape="fields",
        title=f"{sweep.scenario}: {count:,} point{'' if count == 1 else 's'} of {swept}{_prices(sweep)}",
        meta=_meta(sweep),
        blocks=(
            _for_machines(sweep),
            _for_people(sweep),
            *_crossings(sweep),
            *_notes(sweep),
            *work_differs(sweep.calls_per_task, sweep.unserved),
            *unserved(sweep.unserved),
            *not_counted(sweep.escalates_unknown),
            *unpriced_reviews(sweep.unpriced_reviews),
            *at_means(sweep.at_means),
        ),
        currency=sweep.currency,
        figure=figure(sweep),
    )


def _prices(sweep: FieldSweep) -> str:
    days = "" if len(sweep.as_of) > 1 else f" as of {sweep.as_of[0]}"
    return f",{days}" if len(sweep.pricing) > 1 else f", {sweep.pricing[0]} prices{days}"


def _meta(sweep: FieldSweep) -> Meta:
    return {
        "scenario": sweep.scenario,
        "currency": sweep.currency,
        "pricing": list(sweep.pricing),
        "as_of": list(sweep.as_of),
        "baseline": sweep.baseline,
        "default": sweep.default,
        "proposed": sweep.proposed,
        "parameters": {parameter.name: parameter.path for parameter in sweep.parameters},
    }


def _heads(parameters: Sequence[Parameter]) -> tuple[Column, ...]:
    return tuple(
        Column(parameter.name, parameter.name, UNITS[parameter.kind], each="swept field")
        for parameter in parameters
    )


def _for_machines(sweep: FieldSweep) -> Table:
    calculated = (
        Column("strategy", "strategy"),
        Column("cost_per_day", "per day", Unit.MONEY),
        Column("cost_per_month", "per month", Unit.MONEY),
        Column("vs_baseline", f"vs. {sweep.baseline}", Unit.CHANGE),
        Column("quality", "quality", Unit.SHARE),
        Column("on_frontier", "on frontier", Unit.FLAG),
        Column("total_cost_per_month", "per month, including failures", Unit.MONEY),
        Column("quality_low", "quality in the worst case", Unit.SHARE),
        Column("cost_per_month_high", "per month in the worst case", Unit.MONEY),
        Column("total_cost_per_month_high", "including failures in the worst case", Unit.MONEY),
        Column(TOTAL_LOW, "including failures, at least", Unit.MONEY),
    )
    kept = (column for column in calculated if column.key in sweep.point_columns)
    count = len(sweep.points) * len(sweep.strategies)
    heads = (*_heads(sweep.parameters), *kept)
    return Table("points", heads, sweep.rows, audience=Audience.MACHINES, count=count)


def _for_people(sweep: FieldSweep) -> Table:
    stride = max(1, -(-(len(sweep.points) - 1) // MOST_ROWS))
    shown = [*sweep.points[:-1:stride], sweep.points[-1]]
    title = f"Cost per month{', including failures' if sweep.counts_failures else ''}"
    if stride > 1:
        title += f", one point in {stride} (--format csv lists all {len(sweep.points):,})"
    costs = tuple(Column(name, name, Unit.MONEY) for name in sweep.strategies)
    rows = [list(_row(sweep, point)) for point in shown]
    heads = (*_heads(sweep.parameters), *costs)
    return Table("costs", heads, rows, title=title, audience=Audience.PEOPLE)


def _row(sweep: FieldSweep, point: Point) -> Iterator[Cell]:
    for parameter, value in zip(sweep.parameters, point.values, strict=True):
        # In full: rounding would make the values of a fine range look equal.
        text = f"{value:,f}" if parameter.kind is ParameterKind.NUMBER and parameter.is_numeric else None
        yield value if text is None else Shown(value, text)
    for cost in point.costs:
        low, high = decisive(sweep, cost)
        is_known = cost.total_cost_per_month is not None or not sweep.counts_failures
        yield low if low == high else Range(low, high) if is_known else Bounds(low, high)


def _worst_notes(sweep: FieldSweep) -> Iterator[Note]:
    """Yield the number of points whose cheapest strategy depends on what leaves a range."""
    field = "total_cost_per_month"
    if not sweep.counts_failures and sweep.worst_of.is_bound:
        field = "cost_per_month"
    changing = sum(
        _cheapest(sweep, point, field) != _cheapest(sweep, point, f"{field}_high") for point in sweep.points
    )
    if changing:
        counted = " including failures," if field.startswith("total") else ""
        yield Note.of(
            f"If {sweep.worst_of.condition}, another strategy is the cheapest,{counted} at "
            f"{changing:,} of {len(sweep.points):,} points.",
            warning=True,
        )


def _cheapest(sweep: FieldSweep, point: Point, field: str) -> str | None:
    served = (cost for cost in point.costs if cost.strategy not in sweep.unserved)
    known = {cost.strategy: getattr(cost, field) for cost in served if getattr(cost, field) is not None}
    return min(known, key=known.__getitem__, default=None)


def _crossings(sweep: FieldSweep) -> Iterator[Block]:
    along = _along(sweep)
    if along is None:
        return
    others = [parameter for parameter in sweep.parameters if parameter is not along]
    heads = (
        Column("parameter", "parameter"),
        Column("value", "at", UNITS[along.kind]),
        Column("strategies", "strategies", machine_only=True),
        Column("cost", "cost per month", Unit.MONEY),
        Column("cheaper_below", "cheaper below"),
        Column("cheaper_above", "cheaper above"),
        *_heads(others),
    )
    rows = [_crossing(crossing) for crossing in sweep.crossovers]
    yield Table("crossings", heads, rows, audience=Audience.MACHINES)
    if sweep.total_crossovers is not None:
        rows = [_crossing(crossing) for crossing in sweep.total_crossovers]
        yield Table("total_crossings", heads, rows, audience=Audience.MACHINES)
    if rows:
        best = ", in the best case" if sweep.worst_of.is_bound else ""
        counted = "" if sweep.total_crossovers is None else ", including failures"
        counted += _on_calls(sweep) + best
        more = len(rows) > _MOST_CROSSINGS
        title = f"Crossover points{counted}" + (
            f", the first {_MOST_CROSSINGS} of {len(rows)}" if more else ""
        )
        yield Table("crossings", heads, rows[:_MOST_CROSSINGS], title=title, audience=Audience.PEOPLE)


def _on_calls(sweep: FieldSweep) -> str:
    return ", on call costs alone" if sweep.counts_failures and sweep.total_crossovers is None else ""


def _crossing(crossing: Crossover) -> list[Cell]:
    first, second = crossing.strategies
    names = f"{first} and {second}"
    return [crossing.parameter, crossing.value, names, crossing.cost, first, second, *crossing.others]


def _along(sweep: FieldSweep) -> Parameter | None:
    return next((parameter for parameter in sweep.parameters if parameter.is_numeric), None)


def _notes(sweep: FieldSweep) -> Iterator[Note]:
    yield from left_out(sweep.left_out)
    along = _along(sweep)
    compared = len(sweep.strategies) > max(1, len(set(sweep.calls_per_task.values())))
    if along is not None and not sweep.deciding_crossovers and len(along.values) > 1 and compared:
        yield Note.of(f"There is no crossover point in the range of {along.name}{_on_calls(sweep)}.")
    if sweep.counts_failures:
        yield Note.of("Costs include failures; cost_per_month in --format csv has those of calls alone.")
        if sweep.total_crossovers is None:
            yield Note.of(
                "Failures are unknown in part: crossover points are on call costs alone.",
                warning=True,
            )
    yield from _worst_notes(sweep)
    if any(crossing.cost is None for crossing in sweep.deciding_crossovers):
        yield Note.of(
            "A crossover point without a cost is at a price step: the two strategies never cost the same."
        )
    for parameter in sweep.parameters:
        if parameter.beyond is not None:
            last = Quantity(parameter.values[-1], UNITS[parameter.kind])
            yield Note.of(
                f"{parameter.name} ends at ",
                last,
                f": {parameter.beyond} is not a whole number of steps away.",
            )
