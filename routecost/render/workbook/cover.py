"""The first sheet: title, notes and warnings, the other sheets, and the fields of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from routecost.model.report.cells import Cell
from routecost.model.report.report import Listing, Meta, Note, Report
from routecost.render.escape import harmless_lines
from routecost.render.rounding import sentence
from routecost.render.workbook.book import Book, write_text
from routecost.render.workbook.cells import Cells
from routecost.render.workbook.tables import for_print

_NAMES, _TEXTS = 30, 100  # widths of columns, in characters


class Cover:
    """Writes the first sheet from the top: names in one column, texts in the other."""

    def __init__(self, book: Book, sheet: Any, currency: str) -> None:
        self._book, self._sheet, self._row = book, sheet, 0
        self._cells = Cells(book, sheet, currency)
        sheet.set_column(0, 0, _NAMES)
        sheet.set_column(1, 1, _TEXTS)
        sheet.hide_gridlines(2)
        for_print(sheet)

    def write(self, report: Report, contents: Mapping[str, str]) -> None:
        """Write a report without its tables; ``contents`` has the name and title of each other sheet."""
        self._heading(report.title, font_size=14)
        self._blocks(report)
        for part in report.parts.values():
            self._heading(part.title)
            self._blocks(part)
        self._heading("Sheets")
        for name, title in contents.items():
            place = name.replace("'", "''")
            self._sheet.write_url(self._row, 0, f"internal:'{place}'!A1", string=name)
            self._line(title)
        self._heading("Fields")
        for name, value in _fields(report):
            if value not in (None, ""):
                self._line(value, name)

    def _heading(self, text: str, **look: object) -> None:
        self._row += self._row > 0  # leave a row blank
        write_text(self._sheet, self._row, 0, text, self._book.look(bold=True, **look))
        self._row += 1

    def _blocks(self, report: Report) -> None:
        for block in report.shown:
            if isinstance(block, Note):
                self._line(sentence(block, report.currency), "Warning" if block.warning else "")
            elif isinstance(block, Listing):
                for line in (f"{block.title}:", *harmless_lines(block.text)):
                    self._line(line)

    def _line(self, value: Cell, name: str = "") -> None:
        if name:
            write_text(self._sheet, self._row, 0, name, self._book.look())
        self._cells.write(self._row, 1, value)
        self._row += 1


def _fields(report: Report) -> Iterator[tuple[str, Cell]]:
    """Yield the path and value of the fields that JSON has beside tables; of parts, those that differ."""
    yield from _members(report.meta)
    for name, part in report.parts.items():
        own = {key: value for key, value in part.meta.items() if report.meta.get(key) != value}
        yield from ((f"{name}.{path}", value) for path, value in _members(own))


def _members(meta: Meta) -> Iterator[tuple[str, Cell]]:
    for key, value in meta.items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{member}", each) for member, each in value.items())
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield key, ", ".join(map(str, value))
        else:
            yield key, value
