"""Assumptions of the scenario, with the file and line of each, and defaults."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Cell, Column, Unit
from routecost.model.report.report import Block, Report, Table
from routecost.model.results.planning_document import Planning, Stated
from routecost.model.scenario.horizon import month_name
from routecost.report.projection.assumptions import rates
from routecost.units import percent

_COLUMNS = (
    Column("field", "field"),
    Column("value", "value"),
    Column("source", "stated in"),
    Column("file", "file", machine_only=True),
    Column("line", "line", Unit.COUNT, machine_only=True),
)
AN_OPTION, A_DEFAULT = "an option of this command", "the default"


def report(planning: Planning) -> Report:
    """Return the fields of the scenario with their sources."""
    return Report(
        command="report",
        title="Assumptions",
        meta={},
        blocks=tuple(_blocks(planning)),
        currency=planning.comparison.currency,
    )


def _blocks(planning: Planning) -> Iterator[Block]:
    rows = [*(_row(stated) for stated in planning.stated), *_beside(planning)]
    yield Table("assumptions", _COLUMNS, rows)


def _row(stated: Stated) -> tuple[Cell, ...]:
    position = stated.position
    if position is None:
        return _placeless(stated.name, stated.value, AN_OPTION)
    return (stated.name, stated.value, f"{position.file}:{position.line}", position.file, position.line)


def _beside(planning: Planning) -> Iterator[tuple[Cell, ...]]:
    """Yield assumptions from options and defaults."""
    if all(stated.name != "days_per_month" for stated in planning.stated):
        yield _placeless("days_per_month", f"{planning.scenario.days_per_month}", A_DEFAULT)
    horizon = planning.projection.horizon
    yield _placeless("start", month_name(horizon.start), f"{AN_OPTION}, the plan, or the month of as_of")
    yield _placeless("months", f"{horizon.months}", f"{AN_OPTION}, or its default")
    growth = ", ".join(
        f"{percent(rate)} from {month_name(month)}" for month, rate in rates(planning.projection)
    )
    yield _placeless("growth per month", growth, f"{AN_OPTION}, the plan, or its default")


def _placeless(name: str, value: str, source: str) -> tuple[Cell, ...]:
    return (name, value, source, None, None)
