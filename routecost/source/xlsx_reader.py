"""Reading of a sheet of an Excel workbook into rows with positions, by openpyxl.

Formulas are never computed: a cell has the value that was saved with it. Links to other files are not
followed, and a workbook whose XML declares entities is refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import date, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from routecost.errors import EnvironmentFailure
from routecost.problems import Finding, Position
from routecost.records import dataclass
from routecost.source.csv_reader import Record, RowTable
from routecost.source.document import Document
from routecost.source.load import Result, file_bytes
from routecost.source.text_positions import Places

MOST_BYTES = 20_000_000
"""The most bytes of the XML of a workbook, unpacked."""

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 100_000, 1_000, 1_000_000
_WIDTH = 1 << 14
"""Offsets are row x width + column, both from 1: sheets have at most 16,384 columns."""


@dataclass(frozen=True)
class SheetPlaces(Places):
    """The cells of a sheet, by offset; ``rows`` has the texts of their rows, for excerpts."""

    sheet: str = ""
    rows: dict[int, list[str]] = field(default_factory=dict)

    def position(self, offset: int) -> Position:
        """Return the cell at an offset; at 0, the sheet."""
        row, column = divmod(offset, _WIDTH)
        if not row:
            return Position(self.file, 1, 1, self.sheet)
        before = self.rows.get(row, [])[: column - 1]
        start = 1 + sum(len(text) + len(_BETWEEN) for text in before)
        return Position(self.file, row, start, f"{self.sheet}!{letters(column)}{row}")

    def line(self, number: int) -> str | None:
        """Return the text of a row; None if it is blank."""
        return _BETWEEN.join(self.rows[number]) if number in self.rows else None


_BETWEEN = " | "
_UNKNOWN = "\N{EN DASH}"
"""What routecost writes in the place of an unknown figure."""


@dataclass(frozen=True)
class SheetDocument(Document):
    """The data of a sheet, with the position of every cell."""

    cells: SheetPlaces = field(default_factory=lambda: SheetPlaces("", ""))

    @cached_property
    def places(self) -> Places:
        """The cells of the sheet."""
        return self.cells


def letters(column: int) -> str:
    """Return the name of a column, from 1: ``A``, ``Z``, ``AA``."""
    name = ""
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def read_sheet(path: Path, sheet: str | None, columns: Sequence[str]) -> Result:
    """Read a sheet whose first row that is not blank has the column names.

    Without a name it is the only sheet with all of these ``columns``, or the only one at all. The data is
    that of a CSV file: see :func:`routecost.source.csv_reader.read_rows`. Raises UsageError if the file
    cannot be read, EnvironmentFailure if openpyxl is missing.
    """
    openpyxl = _openpyxl()
    data = file_bytes(path)
    if isinstance(data, Finding):
        return None, [data]
    file = str(path)
    try:
        _refuse_hostile(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that are not read, such as validations
            values, formulas = (
                openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=only, keep_links=False)
                for only in (True, False)
            )
            return _read(_Workbook(file, values.worksheets, formulas.worksheets), sheet, columns)
    except _UnreadableError as error:
        return None, [_finding(file, str(error))]
    except Exception as error:  # noqa: BLE001  openpyxl raises errors of any kind for broken workbooks
        reason = str(error) or type(error).__name__
        return None, [_finding(file, f"not a workbook in the format xlsx that can be read: {reason[:200]}")]


def _openpyxl() -> Any:
    from importlib import import_module

    try:
        return import_module("openpyxl")
    except ImportError as missing:
        raise EnvironmentFailure(
            'files in the format "xlsx" need openpyxl; install it with: pip install "routecost[xlsx]"'
        ) from missing


class _UnreadableError(Exception):
    """The workbook, or its sheet, cannot be read."""


def _refuse_hostile(data: bytes) -> None:
    """Refuse a file that is no workbook, unpacks to too much, or declares a document type."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
            if sum(part.file_size for part in parts) > MOST_BYTES:
                limit = f"the limit is {MOST_BYTES:,} bytes of XML"
                raise _UnreadableError(f"the workbook is too large when unpacked; {limit}")
            for part in parts:
                text = archive.read(part).replace(b"\0", b"").upper()
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise _UnreadableError(f'"{part.filename}" declares a document type; expected none')
    except BadZipFile:
        raise _UnreadableError("not a workbook in the format xlsx") from None


@dataclass(eq=False, repr=False)
class _Workbook:
    """The sheets of a workbook, with saved values and with formulas."""

    file: str
    values: Sequence[Any]
    formulas: Sequence[Any]


def _read(book: _Workbook, name: str | None, columns: Sequence[str]) -> Result:
    names = [sheet.title for sheet in book.values]
    at = _chosen(book, names, name, columns)
    places = SheetPlaces(book.file, "", names[at])
    findings: list[Finding] = []
    records = list(_records(book, at, places, findings))
    if not records:
        return None, [*findings, places.finding("the sheet is empty; expected a header and rows", 0)]
    used = sorted({at for texts, _ in records for at, text in enumerate(texts) if text})
    header, *rows = (_with_columns(record, used) for record in records)
    table = RowTable(places, header)
    data = table.data(rows)
    return SheetDocument(book.file, "", data, cells=places), [*findings, *table.findings]


def _with_columns(record: Record, used: Sequence[int]) -> Record:
    """Return the cells of a row in the columns that are used by any row."""
    texts, offsets = record
    row = offsets[0] - offsets[0] % _WIDTH
    return [texts[at] if at < len(texts) else "" for at in used], [row + at + 1 for at in used]


def _chosen(book: _Workbook, names: list[str], name: str | None, columns: Sequence[str]) -> int:
    """Return the place of the named sheet, or of the only one with the columns."""
    if not names:
        raise _UnreadableError("the workbook has no sheets with cells")
    listed = ", ".join(f'"{one}"' for one in names[:20])
    if name is not None:
        if name not in names:
            raise _UnreadableError(f'no sheet named "{name}"; the sheets are {listed}')
        return names.index(name)
    if len(names) == 1:
        return 0
    fitting = [at for at, sheet in enumerate(book.values) if {*columns} <= _headings(sheet)]
    if len(fitting) != 1:
        subject = f"{len(fitting)} sheets have" if fitting else "no sheet has"
        wanted = " and ".join(f'"{column}"' for column in columns)
        raise _UnreadableError(
            f"{subject} the columns {wanted}; expected one, or its name (--actuals-sheet): {listed}"
        )
    return fitting[0]


def _headings(sheet: Any) -> set[str]:
    """Return the texts in the first row that is not blank."""
    sheet.reset_dimensions()
    for at, row in enumerate(sheet.iter_rows(values_only=True)):
        texts = {str(value).strip() for value in row[:MOST_COLUMNS] if value is not None}
        if texts or at > MOST_COLUMNS:
            return texts
    return set()


def _records(book: _Workbook, at: int, places: SheetPlaces, findings: list[Finding]) -> Iterator[Record]:
    """Yield the rows that are not blank, with the offsets of their cells, and collect findings."""
    values, formulas = book.values[at], book.formulas[at]
    values.reset_dimensions()
    formulas.reset_dimensions()
    count = 0
    for number, (row, written) in enumerate(
        zip(values.iter_rows(), formulas.iter_rows(), strict=True), start=1
    ):
        count += len(row)
        if number > MOST_ROWS or len(row) > MOST_COLUMNS or count > MOST_CELLS:
            limits = f"{MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns or {MOST_CELLS:,} cells"
            raise _UnreadableError(f'the sheet "{places.sheet}" has more than {limits}')
        offsets = [number * _WIDTH + column for column in range(1, len(row) + 1)]
        texts = [_text(cell.value) for cell in row]
        if any(texts) or any(cell.data_type == "f" for cell in written):
            places.rows[number] = [" ".join(text.split()) for text in texts]
            for cell, formula, offset in zip(row, written, offsets, strict=True):
                if cell.data_type == "e":
                    findings.append(places.finding(f"the cell has the error {cell.value}", offset))
                elif formula.data_type == "f" and cell.value is None:
                    message = "the formula has no saved value; expected a value, or a saved workbook"
                    findings.append(places.finding(message, offset))
            yield texts, offsets


def _text(value: Any) -> str:
    """Return a value as CSV has it: numbers with the 15 digits of Excel, dates as ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime):
        return str(value).removesuffix(" 00:00:00")
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    return "" if text == _UNKNOWN else text


def _finding(file: str, message: str) -> Finding:
    return Finding(message, Position(file, 1, 1))
