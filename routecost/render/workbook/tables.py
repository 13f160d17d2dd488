"""A table on a sheet of its own: frozen headings, widths, filters, and all columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from math import inf, isclose
from typing import Any

from routecost.errors import UsageError
from routecost.model.report.cells import Cell, Column, Range, Scalar, raw
from routecost.model.report.report import Table
from routecost.render.rounding import common_places, is_numeric, shown, small
from routecost.render.workbook.book import Book, write_text
from routecost.render.workbook.cells import WIDEST, Cells, number_format

MOST_ROWS = 1_048_575
"""The rows of a sheet, without the headings."""

_SAMPLE = 1_000
"""Rows that decide on widths and decimal places."""

_LEAST_WIDTH, _GAP = 8, 3  # in characters; the gap holds the button of the filter


def refuse_long(table: Table, count: int) -> None:
    """Raise UsageError for more rows than a sheet has."""
    if count > MOST_ROWS:
        rows = "more" if table.count is None else f"{table.count:,}"
        raise UsageError(
            f'"{table.name}" has {rows} rows, but a sheet of "xlsx" holds {MOST_ROWS:,}; '
            'try "parquet" or "csv", or fewer rows'
        )


def write_table(book: Book, sheet: Any, table: Table, currency: str) -> None:
    """Write the headings and rows of a table; consumes the rows. Raises UsageError for too many."""
    rows = _with_ranges(table)
    sample = list(islice(rows, _SAMPLE))
    cells = Cells(book, sheet, currency)
    columns = [
        _SheetColumn(column, heading, [row[at] for row in sample], cells)
        for at, (column, heading) in enumerate(zip(table.columns, headings(table.columns), strict=True))
    ]
    for at, each in enumerate(columns):
        sheet.set_column(at, at, each.width)
        look = book.look(bold=True, bottom=1, text_wrap=True, align="right" if each.is_numeric else "left")
        write_text(sheet, 0, at, each.heading, look)
    sheet.freeze_panes(1, 0 if columns[0].is_numeric else 1)
    last = _write_rows(cells, table, columns, chain(sample, rows))
    if last:
        sheet.autofilter(0, 0, last, len(columns) - 1)
    for_print(sheet)
    sheet.repeat_rows(0)


def for_print(sheet: Any) -> None:
    """Let a sheet be printed on landscape pages, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def headings(columns: Sequence[Column]) -> list[str]:
    """Return the label of each column; its key in words if it has none, or several columns have that one."""
    repeated = Counter(column.label for column in columns)
    return [
        column.key.replace("_", " ")
        if repeated[column.label] > 1 or column.label in ("", column.key)
        else column.label
        for column in columns
    ]


def _with_ranges(table: Table) -> Iterator[Sequence[Cell]]:
    """Yield rows in which ``cost`` beside a different ``cost_high`` (or ``_low``) is a range.

    A figure beside both is an estimate, and stays.
    """
    places = {column.key: at for at, column in enumerate(table.columns)}
    others = {
        at: [places[other] for other in (f"{key}_low", f"{key}_high") if other in places]
        for key, at in places.items()
    }
    pairs = [(at, ends[0]) for at, ends in others.items() if len(ends) == 1]
    if not pairs:
        yield from table.rows
        return
    for row in table.rows:
        cells = list(row)
        for at, other in pairs:
            cells[at] = _range(cells[at], raw(row[other]))
        yield cells


def _range(cell: Cell, other: Scalar) -> Cell:
    """Return a number with its other end, if that differs, so that no sum counts one end as exact."""
    if not isinstance(cell, Decimal | float | int) or not isinstance(other, Decimal | float | int):
        return cell
    return cell if isclose(cell, other, rel_tol=1e-12) else Range(cell, other)


class _SheetColumn:
    """A column with its look: common decimal places and width, by a sample of its cells."""

    def __init__(self, column: Column, heading: str, sample: Sequence[Cell], cells: Cells) -> None:
        currency = cells.currency
        self.unit, self.heading = column.unit, heading
        self.is_month = column.key == "month"
        self.is_numeric = is_numeric(column.unit)
        self.places = common_places(sample, column.unit)
        texts = (shown(cell, column.unit, currency, self.places) for cell in sample)
        longest = max((*map(len, heading.split()), *map(len, texts)), default=0)
        self.width = min(max(longest + _GAP, _LEAST_WIDTH), WIDEST + _GAP)
        self.small = small(column.unit) if self.is_numeric else inf
        self.look = cells.number_look(number_format(column.unit, currency, self.places))


def _write_rows(
    cells: Cells, table: Table, columns: Sequence[_SheetColumn], rows: Iterator[Sequence[Cell]]
) -> int:
    """Write all rows; return the last one, or 0 without any."""
    last = 0
    write_number = cells.sheet.write_number
    for last, row in enumerate(rows, start=1):
        if last > MOST_ROWS:
            refuse_long(table, last)
        for at, (cell, column) in enumerate(zip(row, columns, strict=True)):
            if type(cell) is float and column.small <= abs(cell) < inf:
                write_number(last, at, cell, column.look)  # the usual case, several times faster
            elif column.is_month:
                cells.month(last, at, cell, column.unit)
            else:
                cells.write(last, at, cell, column.unit, column.places)
    return last
