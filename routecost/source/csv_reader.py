"""Reading of CSV text into rows with positions, by the standard library's parser."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from itertools import accumulate
from pathlib import Path

from routecost.problems import Finding
from routecost.source.characters import BYTE_ORDER_MARK, clean, decode
from routecost.source.document import Document
from routecost.source.load import Result, file_bytes
from routecost.source.nodes import ListNode, MapNode, put
from routecost.source.text_positions import Places

HEADER, ROWS = "header", "rows"
"""The keys of the data: columns by name, and a mapping from column to value per row."""

Record = tuple[list[str], list[int]]
"""The values of a row, and their offsets."""


def read_rows(path: Path) -> Result:
    """Read a comma-separated CSV file in UTF-8 whose first row has the column names.

    The document's data is a mapping: ``header`` has the columns, ``rows`` a mapping per row without
    its empty fields. Blank rows are skipped. Raises UsageError if the file cannot be read.
    """
    data = file_bytes(path)
    if isinstance(data, Finding):
        return None, [data]
    text, findings = decode(data, str(path))
    return (None, findings) if text is None else read_rows_text(text, str(path))


def read_rows_text(text: str, file: str) -> Result:
    """Read the rows of a CSV text; see :func:`read_rows`."""
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    text, findings = clean(text.removeprefix(mark), file, "CSV")
    places = Places(file, text)
    try:
        records = list(_records(text))
    except _BrokenError as broken:
        return None, [*findings, places.finding(f"not a valid CSV row: {broken}", broken.offset)]
    if not records:
        return None, [*findings, places.finding("the file is empty; expected a header and rows", 0)]
    table = RowTable(places, records[0])
    data = table.data(records[1:])
    return Document(file, text, data, 0, mark), [*findings, *table.findings]


class _BrokenError(Exception):
    """A row that starts at ``offset`` cannot be parsed."""

    def __init__(self, message: str, offset: int) -> None:
        self.offset = offset
        super().__init__(message)


def _records(text: str) -> Iterator[Record]:
    """Yield the rows that are not blank."""
    lines = list(StringIO(text, newline=""))
    starts = [0, *accumulate(map(len, lines))]
    reader = csv.reader(lines, strict=True, skipinitialspace=True)
    while True:
        first = reader.line_num
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _BrokenError(str(error), starts[first]) from error
        if any(value.strip() for value in values):
            raw = "".join(lines[first : reader.line_num])
            yield [value.strip() for value in values], [starts[first] + at for at in field_offsets(raw)]


def field_offsets(raw: str) -> Iterator[int]:
    """Yield the offsets of the fields of a row, after leading spaces."""
    starting, is_quoted, within = True, False, False
    for at, character in enumerate(raw):
        if starting and character == " ":
            continue
        if starting:
            yield at
            starting, is_quoted = False, character == '"'
        if is_quoted and character == '"':
            within = not within
        elif character == "," and not within:
            starting, is_quoted = True, False
    if starting:
        yield len(raw)


class RowTable:
    """Builder of a document's data from rows; collects findings about their shape."""

    def __init__(self, places: Places, header: Record) -> None:
        self.findings: list[Finding] = []
        self._places = places
        self._columns = header[0]
        self._header = MapNode()
        self._start = header[1][0]
        for name, offset in zip(*header, strict=True):
            if not name:
                self._report("a column has no name", offset)
            elif name in self._header:
                self._report(f'duplicate column "{name}"', offset)
            else:
                put(self._header, name, name, (offset, offset))

    def data(self, records: list[Record]) -> MapNode:
        """Return the data of the document."""
        rows = ListNode()
        for values, offsets in records:
            if len(values) != len(self._columns):
                expected = f"expected {len(self._columns)}, as in the header"
                fields = "1 field" if len(values) == 1 else f"{len(values)} fields"
                self._report(f"this row has {fields}; {expected}", offsets[0])
            else:
                rows.append(self._row(values, offsets))
                rows.marks.append(offsets[0])
        data = MapNode()
        put(data, HEADER, self._header, (self._start, self._start))
        put(data, ROWS, rows, (self._start, self._start))
        return data

    def _row(self, values: list[str], offsets: list[int]) -> MapNode:
        row = MapNode()
        for name, value, offset in zip(self._columns, values, offsets, strict=True):
            if value and name not in row:
                put(row, name, value, (offset, offset))
        return row

    def _report(self, message: str, offset: int) -> None:
        self.findings.append(self._places.finding(message, offset))
