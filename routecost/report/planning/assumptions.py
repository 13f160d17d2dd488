"""What the scenario states, with the place where it does, and what it leaves to defaults."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.planning import Planning, Stated
from routecost.model.report import Block, Cell, Column, Report, Table, Unit

_COLUMNS = (
    Column("field", "field"),
    Column("value", "value"),
    Column("source", "stated in"),
    Column("file", "file", machine_only=True),
    Column("line", "line", Unit.COUNT, machine_only=True),
)
AN_OPTION = "an option of this command"


def report(planning: Planning) -> Report:
    """Return the fields of the scenario and their places."""
    return Report(
        command="report",
        title="Assumptions",
        meta={},
        blocks=tuple(_blocks(planning)),
        currency=planning.comparison.currency,
    )


def _blocks(planning: Planning) -> Iterator[Block]:
    yield Table("assumptions", _COLUMNS, [_row(each) for each in planning.stated])


def _row(stated: Stated) -> tuple[Cell, ...]:
    place = stated.position
    if place is None:
        return (stated.name, stated.value, AN_OPTION, None, None)
    return (stated.name, stated.value, f"{place.file}:{place.line}", place.file, place.line)
