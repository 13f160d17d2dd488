"""Report of logged calls beside the cost report of their provider."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Cell, Column, Quantity, Unit
from routecost.model.report.report import Audience, Bar, BarFigure, Block, Note, Report, Table
from routecost.model.results.logs.against import Against, BilledRow
from routecost.report.logs.amounts import amount, bar_notes
from routecost.report.logs.facts import difference, meta, money, notes, source_line, unpriced_table

_COLUMNS = (
    Column("day", "day", Unit.DATE),
    Column("model", "model"),
    Column("meter", "meter"),
    Column("line", "line"),
    Column("billed", "billed", Unit.MONEY),
    Column("computed", "computed", Unit.MONEY),
    Column("computed_high", "computed at most", Unit.MONEY, machine_only=True),
    Column("difference", "difference", Unit.MONEY),
    Column("difference_fraction", "in %", Unit.CHANGE),
    Column("within", "within tolerance", Unit.FLAG),
)


def report(against: Against) -> Report:
    """Return the report of a reconciliation: a row per day and line."""
    computed = against.computed
    return Report(
        command="usage-against",
        title=f"Logged calls and the provider's costs, prices of {against.pricing}",
        meta={
            **meta(against.facts),
            "pricing": against.pricing,
            "currency": against.currency,
            "reports": list(against.reports),
            "tolerance": against.tolerance,
            "billed": against.billed,
            "computed": computed.low,
            "computed_high": None if against.unpriced else computed.high,
            "agrees": against.agrees,
            "causes": list(against.causes),
        },
        blocks=tuple(_blocks(against)),
        currency=against.currency,
        figure=_figure(against),
    )


def _blocks(against: Against) -> Iterator[Block]:
    yield Table("lines", _COLUMNS, [_row(row) for row in against.rows], audience=Audience.MACHINES)
    used = [
        any(getattr(row, key, None) is not None for row in against.rows) for key in ("model", "meter", "line")
    ]
    kept = [True, *used, *[True] * (len(_COLUMNS) - 4)]
    columns = tuple(column for column, keep in zip(_COLUMNS, kept, strict=True) if keep)
    rows = [[cell for cell, keep in zip(_row(row), kept, strict=True) if keep] for row in against.rows]
    yield Table("lines_shown", columns, rows, audience=Audience.PEOPLE)
    wrong = sum(not row.is_within for row in against.rows)
    yield Note.of(
        "Billed ",
        Quantity(against.billed, Unit.MONEY),
        f"; the logged calls cost {'at least ' if against.unpriced else ''}",
        Quantity(against.computed.low, Unit.MONEY),
        f". {wrong} of {len(against.rows)} lines differ by more than ",
        Quantity(against.tolerance, Unit.SHARE),
        ".",
        warning=bool(wrong),
    )
    for cause in against.causes:
        yield Note.of(f"{cause}.")
    yield from unpriced_table(against.unpriced)
    yield from notes(against.facts)


def _row(row: BilledRow) -> list[Cell]:
    return [
        row.day,
        row.model,
        row.meter,
        row.line,
        row.billed,
        money(row.computed, is_least=row.is_least) if row.is_known else None,
        None if row.is_least else row.computed.high,
        *(difference(row, row.billed) if row.is_known else (None, None)),
        row.is_within,
    ]


def _figure(against: Against) -> BarFigure:
    computed = amount((against.computed.low, None if against.unpriced else against.computed.high))
    return BarFigure(
        title="Billed cost and that of the logged calls",
        axis=f"cost ({against.currency})",
        bars=(
            Bar("billed", float(against.billed), is_baseline=True),
            Bar("logged calls", computed, emphasis=True),
        ),
        source=source_line(against.facts, against.pricing),
        alt="Bar chart of the billed cost and the cost of the logged calls.",
        unit=Unit.MONEY,
        currency=against.currency,
        footnote=bar_notes([computed], "the day or the context of some calls is unknown"),
    )
