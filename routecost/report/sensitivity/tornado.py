"""What moves a strategy's cost most, as a report."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Cell, Column, Quantity, Shown, Unit
from routecost.model.report.report import Meta, Note, Report, Table
from routecost.model.report.sensitivity_figures import TornadoBar, TornadoFigure
from routecost.model.results.sensitivity import Assumption, Tornado
from routecost.report.caveats import at_means

MOST_BARS = 12
"""The most assumptions that a chart shows."""

MOST_ROWS = 30
_MOST_NOTES = 5


def report(tornado: Tornado) -> Report:
    """Return the report of a tornado: a row per assumption, the one that moves most first."""
    return Report(
        command="sweep",
        title=f"{tornado.scenario}: what moves the cost of {tornado.strategy}, "
        f"{tornado.pricing} prices as of {tornado.as_of}",
        meta=_meta(tornado),
        blocks=(_table(tornado), *_notes(tornado), *at_means(tornado.at_means)),
        currency=tornado.currency,
        figure=_figure(tornado),
    )


def _meta(tornado: Tornado) -> Meta:
    return {
        "scenario": tornado.scenario,
        "currency": tornado.currency,
        "pricing": tornado.pricing,
        "as_of": tornado.as_of,
        "strategy": tornado.strategy,
        "by": tornado.by,
        "cost_per_month": tornado.cost_per_month,
    }


def _table(tornado: Tornado) -> Table:
    columns = (
        Column("assumption", "assumption"),
        Column("value", "is", Unit.NUMBER),
        Column("value_down", "down", Unit.NUMBER, machine_only=True),
        Column("value_up", "up", Unit.NUMBER, machine_only=True),
        Column("cost_per_month_down", "a month, down", Unit.MONEY),
        Column("cost_per_month_up", "a month, up", Unit.MONEY),
        Column("change_down", "change, down", Unit.CHANGE),
        Column("change_up", "change, up", Unit.CHANGE),
        Column("swing", "swing", Unit.MONEY, machine_only=True),
    )
    pairs = zip(tornado.assumptions, tornado.records(), strict=True)
    rows = [[_cell(each, key, value) for key, value in record.items()] for each, record in pairs]
    return Table("assumptions", columns, rows)


def _cell(each: Assumption, key: str, value: Cell) -> Cell:
    if key != "value":
        return value
    if each.value is None:
        return Shown(None, "several")
    return Quantity(each.value, Unit.SHARE if each.is_share else Unit.NUMBER)


def _notes(tornado: Tornado) -> Iterator[Note]:
    yield Note.of(
        "Each assumption is moved alone, by ",
        Quantity(tornado.by, Unit.SHARE),
        " of itself down and up; as it is, a month costs ",
        Quantity(tornado.cost_per_month, Unit.MONEY),
        ".",
    )
    if tornado.failure_cost_per_month is not None:
        yield Note.of(
            "What failures cost, ",
            Quantity(tornado.failure_cost_per_month, Unit.MONEY),
            " a month, is not in it: success rates are moved for the calls that depend on them.",
        )
    unmoved = [
        (each.name, way, side.why)
        for each in tornado.assumptions
        for way, side in (("down", each.down), ("up", each.up))
        if side.why is not None
    ]
    for name, way, why in unmoved[:_MOST_NOTES]:
        yield Note.of(f"{name} cannot move {way} that far: {why}.", warning=True)
    if len(unmoved) > _MOST_NOTES:
        yield Note.of(f"Nor can {len(unmoved) - _MOST_NOTES} more.", warning=True)


def _figure(tornado: Tornado) -> TornadoFigure:
    moving = [each for each in tornado.assumptions if each.swing(tornado.cost_per_month)]
    shown = moving[:MOST_BARS]
    more = f"; {len(moving) - len(shown)} more move less" if len(moving) > len(shown) else ""
    return TornadoFigure(
        title=f"{tornado.scenario}: what moves the cost of {tornado.strategy}",
        subtitle=f"Each assumption alone, less and more{more}",
        axis=f"{tornado.currency} per month",
        base=float(tornado.cost_per_month),
        by=float(tornado.by),
        bars=tuple(map(_bar, shown)),
        source=f"Prices: {tornado.pricing}, as of {tornado.as_of}. Scenario: {tornado.scenario}.",
        alt=f"Tornado chart of the spend per month of {tornado.strategy} where one assumption changes.",
        unit=Unit.MONEY,
        currency=tornado.currency,
    )


def _bar(each: Assumption) -> TornadoBar:
    down, up = (None if side.cost is None else float(side.cost) for side in (each.down, each.up))
    return TornadoBar(_short(each.name), down, up)


def _short(name: str) -> str:
    """Leave out what every reader of a chart knows."""
    for start in ("workload.task_types.", "workload."):
        if name.startswith(start):
            return name.removeprefix(start)
    parts = name.split(".")
    return f"share of {parts[-1]}" if parts[:1] == ["strategies"] and parts[-2:-1] == ["mix"] else name
