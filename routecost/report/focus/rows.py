"""Report of rows of FOCUS, and of what they do not include."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Column, Unit
from routecost.model.report.report import Block, Note, Report, Table
from routecost.model.results.focus.rows import COLUMNS, DECIMALS, TIMES, FocusRows
from routecost.report.logs.facts import notes, unpriced_table
from routecost.report.projection.project import report as projection_report

_UNITS = dict.fromkeys(DECIMALS, Unit.EXACT) | dict.fromkeys(TIMES, Unit.TIME)
_COLUMNS = tuple(Column(name, name, _UNITS.get(name, Unit.TEXT)) for name in COLUMNS)


def report(rows: FocusRows) -> Report:
    """Return the report of charges as rows of FOCUS 1.2."""
    return Report(
        command="focus",
        title="Charges as rows of FOCUS 1.2",
        meta={"pricing": rows.pricing, "currency": rows.currency},
        blocks=tuple(_blocks(rows)),
        currency=rows.currency,
    )


def _blocks(rows: FocusRows) -> Iterator[Block]:
    yield Table("charges", _COLUMNS, [tuple(row.values()) for row in rows.records()])
    for block in unpriced_table(rows.unpriced):
        if isinstance(block, Note):
            yield block
    if not rows.is_exact:
        yield Note.of(
            "Some costs are not known exactly: rows have the least cost, and x_BilledCostHigh the most.",
            warning=True,
        )
    if rows.facts is not None:
        if rows.has_terms:
            yield Note.of("Discounts and commitments on monthly totals are not included.", warning=True)
        yield from notes(rows.facts)
    if rows.projection is not None:
        blocks = projection_report(rows.projection).blocks
        yield from (block for block in blocks if isinstance(block, Note) and block.warning)
