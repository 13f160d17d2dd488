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
    yield _chosen(planning, "start", month_name(horizon.start), "the month of as_of")
    yield _placeless("months", f"{horizon.months}", AN_OPTION if "months" in planning.options else A_DEFAULT)
    growth = ", ".join(
        f"{percent(rate)} from {month_name(month)}" for month, rate in rates(planning.projection)
    )
    yield ("growth per month", *_chosen(planning, "growth", growth, A_DEFAULT)[1:])


def _chosen(planning: Planning, name: str, value: str, default: str) -> tuple[Cell, ...]:
    """Return the row of a value from an option, or else from the plan, or else ``default``."""
    if name in planning.options:
        return _placeless(name, value, AN_OPTION)
    path = f"plan.{name}"
    planned = [stated for stated in planning.stated if f"{stated.name}.".startswith(f"{path}.")]
    return _row(Stated(name, value, planned[0].position)) if planned else _placeless(name, value, default)


def _placeless(name: str, value: str, source: str) -> tuple[Cell, ...]:
    return (name, value, source, None, None)
