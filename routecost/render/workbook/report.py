"""A report as a workbook."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import BinaryIO

from routecost.model.report.report import Report, Table
from routecost.records import dataclass
from routecost.render.workbook.book import Book
from routecost.render.workbook.charts import write_chart
from routecost.render.workbook.cover import Cover
from routecost.render.workbook.plots import Plot, plot_of
from routecost.render.workbook.tables import refuse_long, write_table

LONG = 50_000
"""Rows of a table above which a workbook is made in files, not in memory."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The wanted name of a sheet, and the table or chart on it, of a part of the report."""

    name: str
    content: Table | Plot
    part: Report

    @property
    def title(self) -> str:
        own = self.content.title if isinstance(self.content, Table) else self.content.figure.title
        return own or ("" if self.part.parts else self.part.title)

    @property
    def is_long(self) -> bool:
        count = self.content.count if isinstance(self.content, Table) else 0
        return count is None or count > LONG


def write_report(xlsxwriter: ModuleType, report: Report, sink: BinaryIO) -> None:
    """Write the workbook of a report: the charts, and the tables that JSON has, by the same names."""
    sheets = list(_sheets(report))
    if any(sheet.is_long for sheet in sheets):
        with TemporaryDirectory(prefix="routecost-") as folder:
            file = Path(folder) / "workbook"
            with Book(xlsxwriter, str(file), report.title, folder) as book:
                _write(book, report, sheets)
            with file.open("rb") as source:
                shutil.copyfileobj(source, sink)
    else:
        content = BytesIO()
        with Book(xlsxwriter, content, report.title, None) as book:
            _write(book, report, sheets)
        sink.write(content.getvalue())


def _sheets(report: Report) -> Iterator[_Sheet]:
    parts = {"": report, **report.parts}
    tables = [table for part in parts.values() for table in part.sheets]
    for table in tables:
        refuse_long(table, table.count or 0)
    uses = Counter(table.name for table in tables)
    for name, part in parts.items():
        plot = plot_of(part.figure)
        if plot is not None:
            yield _Sheet(f"{name} chart".strip(), plot, part)
        for table in part.sheets:
            is_own = uses[table.name] == 1 or table.name == name
            yield _Sheet(table.name if is_own else f"{name} {table.name}", _counted(table), part)


def _counted(table: Table) -> Table:
    """Return a table with its number of rows, unless they are many."""
    if table.count is not None and table.count > LONG:
        return table
    rows = iter(table.rows)
    first = list(islice(rows, LONG + 1))
    is_long = len(first) > LONG
    return replace(
        table, rows=chain(first, rows) if is_long else first, count=None if is_long else len(first)
    )


def _write(book: Book, report: Report, sheets: list[_Sheet]) -> None:
    cover = book.sheet(book.name("Summary"))
    named = {book.name(sheet.name): sheet for sheet in sheets}
    Cover(book, cover, report.currency).write(report, {name: sheet.title for name, sheet in named.items()})
    for name, sheet in named.items():
        if isinstance(sheet.content, Table):
            write_table(book, book.sheet(name), sheet.content, sheet.part.currency)
        else:
            write_chart(book, name, sheet.content)
