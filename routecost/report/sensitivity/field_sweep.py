"""A sweep of fields as a report: a row per point and strategy for machines, a row per point for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Audience, Block, Meta, Note, Report, Table
from routecost.model.results.sensitivity import Crossover, FieldSweep, Parameter, ParameterKind, Point
from routecost.report.caveats import at_means
from routecost.report.sensitivity.field_sweep_figure import UNITS, figure

MOST_ROWS = 40
"""The most points that people see row by row."""

_MOST_CROSSINGS = 20


def report(sweep: FieldSweep) -> Report:
    """Return the report of a sweep of fields."""
    swept = " x ".join(parameter.name for parameter in sweep.parameters)
    count = len(sweep.points)
    return Report(
        command="sweep",
        title=f"{sweep.scenario}: {count:,} point{'' if count == 1 else 's'} of {swept}{_prices(sweep)}",
        meta=_meta(sweep),
        blocks=(
            _for_machines(sweep),
            _for_people(sweep),
            *_crossings(sweep),
            *_notes(sweep),
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
    return tuple(Column(each.name, each.name, UNITS[each.kind]) for each in parameters)


def _for_machines(sweep: FieldSweep) -> Table:
    calculated = (
        Column("strategy", "strategy"),
        Column("cost_per_day", "per day", Unit.MONEY),
        Column("cost_per_month", "per month", Unit.MONEY),
        Column("vs_baseline", f"vs. {sweep.baseline}", Unit.CHANGE),
        Column("quality", "quality", Unit.SHARE),
        Column("on_frontier", "on frontier", Unit.FLAG),
        Column("total_cost_per_month", "with failures, per month", Unit.MONEY),
    )
    count = len(sweep.points) * len(sweep.strategies)
    heads = (*_heads(sweep.parameters), *calculated)
    return Table("points", heads, sweep.rows, audience=Audience.MACHINES, count=count)


def _for_people(sweep: FieldSweep) -> Table:
    stride = max(1, -(-(len(sweep.points) - 1) // MOST_ROWS))
    shown = [*sweep.points[:-1:stride], sweep.points[-1]]
    title = "Cost per month"
    if stride > 1:
        title += f", one point in {stride} (--format csv lists all {len(sweep.points):,})"
    costs = tuple(Column(name, name, Unit.MONEY) for name in sweep.strategies)
    rows = [list(_row(sweep, point)) for point in shown]
    heads = (*_heads(sweep.parameters), *costs)
    return Table("costs", heads, rows, title=title, audience=Audience.PEOPLE)


def _row(sweep: FieldSweep, point: Point) -> Iterator[Cell]:
    for parameter, value in zip(sweep.parameters, point.values, strict=True):
        # In full, because the values of a fine range look alike where they are rounded.
        text = f"{value:,f}" if parameter.kind is ParameterKind.NUMBER and parameter.is_numeric else None
        yield value if text is None else Shown(value, text)
    yield from (cost.cost_per_month for cost in point.costs)


def _crossings(sweep: FieldSweep) -> Iterator[Block]:
    along = _along(sweep)
    if along is None:
        return
    others = [each for each in sweep.parameters if each is not along]
    heads = (
        Column("parameter", "parameter"),
        Column("value", "at", UNITS[along.kind]),
        Column("strategies", "strategies", machine_only=True),
        Column("cost", "cost per month", Unit.MONEY),
        Column("cheaper_below", "cheaper below"),
        Column("cheaper_above", "cheaper above"),
        *_heads(others),
    )
    rows = [_crossing(each) for each in sweep.crossovers]
    yield Table("crossings", heads, rows, audience=Audience.MACHINES)
    if rows:
        more = len(rows) > _MOST_CROSSINGS
        title = "Where strategies change places" + (
            f", the first {_MOST_CROSSINGS} of {len(rows)}" if more else ""
        )
        yield Table("crossings", heads, rows[:_MOST_CROSSINGS], title=title, audience=Audience.PEOPLE)


def _crossing(crossing: Crossover) -> list[Cell]:
    first, second = crossing.strategies
    names = f"{first} and {second}"
    return [crossing.parameter, crossing.value, names, crossing.cost, first, second, *crossing.others]


def _along(sweep: FieldSweep) -> Parameter | None:
    return next((each for each in sweep.parameters if each.is_numeric), None)


def _notes(sweep: FieldSweep) -> Iterator[Note]:
    along = _along(sweep)
    if along is not None and not sweep.crossovers and len(along.values) > 1 and len(sweep.strategies) > 1:
        yield Note.of(f"No strategy overtakes another between the ends of {along.name}.")
    if any(cost.total_cost_per_month is not None for point in sweep.points for cost in point.costs):
        yield Note.of(
            "What failures cost is not in these costs; total_cost_per_month of --format csv counts it."
        )
    if any(crossing.cost is None for crossing in sweep.crossovers):
        yield Note.of(
            "Where no cost is given, a price step lets one strategy jump past the other: "
            "they never cost the same."
        )
    for parameter in sweep.parameters:
        if parameter.beyond is not None:
            last = Quantity(parameter.values[-1], UNITS[parameter.kind])
            yield Note.of(
                f"{parameter.name} ends at ", last, f": no whole number of steps leads to {parameter.beyond}."
            )
