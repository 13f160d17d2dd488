"""What a log consists of, found by its content: JSON lines, a JSON document, CSV or Parquet."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from typing import Any, TypeVar

import msgspec

from routecost.ingest.logs.files import DAMAGED, MAX_LINE, LogFile, blank_lines, opened
from routecost.records import dataclass

MAX_DOCUMENT = 500_000_000
"""The maximum number of bytes of a JSON document."""

_MAGIC = b"PAR1"
_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SAMPLES, _SAMPLED_BYTES = 200, 1 << 24
_SAMPLED_ITEMS = 50
_ROWS = 10_000
_DELIMITERS = ",;\t"

NOT_JSON = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""The errors of bytes that are not JSON, or are nested too deeply."""

decode = msgspec.json.Decoder(float_hook=Decimal).decode
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items = msgspec.json.Decoder(list[msgspec.Raw]).decode


class Shape(StrEnum):
    """How the records of a log are written."""

    LINES = "JSON lines"
    DOCUMENT = "a JSON document"
    CSV = "CSV"
    PARQUET = "Parquet"


_HALF = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"(?P<kept>\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\[^u]|\\u(?![dD][89a-fA-F]))"
    rb"|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
_REPLACEMENT = rb"\ufffd"
T = TypeVar("T")


def whole(data: bytes) -> bytes | None:
    """Return JSON with U+FFFD instead of halves of surrogate pairs; None if there are none.

    Programs write them that cut texts within a character.
    """
    if _HALF.search(data) is None:
        return None
    text = _ESCAPE.sub(lambda found: found["kept"] or _REPLACEMENT, data)
    return None if text == data else text


def decoded(decode: Callable[[bytes], T], data: bytes) -> T:
    """Return decoded JSON, which may have halves of surrogate pairs. Raises msgspec's errors."""
    try:
        return decode(data)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError:
        if (text := whole(data)) is None:
            raise
        return decode(text)


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """The records of a log with their lines or rows, and decoded samples of them.

    A record is the bytes of a JSON line, of an item of a JSON array or of a whole document; else a row:
    a mapping of columns to values.
    """

    shape: Shape
    samples: list[Any]
    records: Iterator[tuple[int, Any]]


class UnreadableError(ValueError):
    """A log is no file of its kind; the message says why without its text."""


def contents(file: LogFile) -> Contents:
    """Return the contents of a log. Raises UnreadableError for a damaged JSON array or Parquet file."""
    first, second = _start(file)
    if first.startswith(_MAGIC):
        return _parquet(file)
    if first.startswith(_UTF_16):
        raise UnreadableError("it is UTF-16; expected UTF-8")
    start = first[:1]
    if not isinstance(_decoded(first), dict):
        if start in {b"{", b"["} and (document := _document(file, is_array=start == b"[")):
            return document
        if start != b"{" and first and second[:1] != b"{":
            return _csv(file)
    return _lines(Shape.LINES, file.lines())


def _start(file: LogFile) -> tuple[bytes, bytes]:
    """Return the first two lines that are not blank; nothing if the file is damaged."""
    first_lines: list[bytes] = []
    with suppress(*DAMAGED), opened(file.path) as stream:
        while len(first_lines) < 2 and (line := stream.readline(MAX_LINE)):
            if line := line.removeprefix(_MARK).strip():
                first_lines.append(line)
            else:
                blank_lines(stream)
    first, second, *_ = (*first_lines, b"", b"")
    return first, second


def _lines(shape: Shape, lines: Iterator[tuple[int, bytes]]) -> Contents:
    taken: list[tuple[int, bytes]] = []
    samples: list[Any] = []
    size = 0
    for number, line in islice(lines, _SAMPLES):
        taken.append((number, line))
        if (sample := _decoded(line)) is not None:
            samples.append(sample)
        size += len(line)
        if size > _SAMPLED_BYTES:
            break
    return Contents(shape, samples, chain(taken, lines))


def _decoded(data: bytes) -> Any:
    with suppress(*NOT_JSON):
        return decoded(decode, data)
    return None


def _document(file: LogFile, *, is_array: bool) -> Contents | None:
    """Return the items of an array or the whole document; None if an object is not the whole file."""
    try:
        with opened(file.path) as stream:
            data = stream.read(MAX_DOCUMENT + 1).removeprefix(_MARK)
        if len(data) > MAX_DOCUMENT:
            raise UnreadableError(
                f"the document has more than {MAX_DOCUMENT:,} bytes; write it as JSON lines"
            )
        try:
            records = _records(data, is_array=is_array)
        except NOT_JSON:
            data = whole(data) or data
            records = _records(data, is_array=is_array)
    except UnreadableError:
        if is_array:
            raise
        return None
    except (*NOT_JSON, *DAMAGED):
        if is_array:
            raise UnreadableError("the document is not valid JSON, or ends too early") from None
        return None
    file.progress(0 if is_array else 1, len(data))
    if is_array:
        return _lines(Shape.LINES, _placed(data, records))
    return Contents(Shape.DOCUMENT, records, iter([(1, data)]))


def _records(data: bytes, *, is_array: bool) -> list[Any]:
    return _items(data) if is_array else [_head(msgspec.Raw(data))]


def _placed(data: bytes, items: Iterable[msgspec.Raw]) -> Iterator[tuple[int, bytes]]:
    """Yield the items of an array with the lines that they begin on."""
    line, before = 1, 0
    for item in items:
        text = bytes(item)
        at = data.index(text, before)
        line += data.count(b"\n", before, at)
        yield line, text
        line += text.count(b"\n")
        before = at + len(text)


def _head(data: msgspec.Raw) -> Any:
    """Return a decoded document with the first items of its lists only. Raises msgspec's errors."""
    start = bytes(memoryview(data)[:64]).lstrip()[:1]
    if start == b"{":
        return {name: _head(value) for name, value in _members(data).items()}
    if start == b"[":
        return [_head(item) for item in _items(data)[:_SAMPLED_ITEMS]]
    return decode(data)


def _csv(file: LogFile) -> Contents:
    rows = _csv_rows(file)
    first = list(islice(rows, 1))
    return Contents(Shape.CSV, [row for _, row in first], chain(first, rows))


@dataclass
class _Text:
    """Lines as text; ``bad`` is set at a line that is not UTF-8, and ``number`` is that of the last line."""

    lines: Iterator[tuple[int, bytes]]
    number: int = 0
    is_cut: bool = False
    bad: bool = False

    def __iter__(self) -> Iterator[str]:
        for number, line in self.lines:
            self.number, self.is_cut = abs(number), number < 0 and not line.endswith((b"\n", b"\r"))
            try:
                yield line.decode()
            except UnicodeDecodeError:
                self.bad = True
                yield line.decode("utf-8", "replace")


def _csv_rows(file: LogFile) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Yield rows by column; an empty cell is None. Rows of another width are rejected."""
    text = _Text(file.lines())
    lines = iter(text)
    header = next(lines, "")
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(chain([header], lines), delimiter=delimiter, strict=True)
    names = [name.strip() for name in next(reader, [])]
    repeated = {name for name in names if names.count(name) > 1}
    while True:
        text.bad = False
        start = text.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            is_torn = text.is_cut and start == text.number and "end of data" in str(error)
            file.fault(-start if is_torn else start, "it is not a valid CSV row", is_torn=is_torn)
            continue
        if text.bad:
            file.reject(start, "it is not valid UTF-8")
        elif len(cells) != len(names):
            number = -start if text.is_cut and len(cells) < len(names) else start
            reason = f"it has {len(cells)} columns; expected {len(names)}, as in the header"
            file.fault(number, reason, is_torn=number < 0)
        elif name := next((name for name in repeated if len({*_cells(cells, names, name)}) > 1), None):
            file.reject(start, f'it has different values of column "{name}", which the header repeats')
        else:
            yield start, {name: cell or None for name, cell in zip(names, cells, strict=True)}


def _cells(cells: Sequence[str], names: Sequence[str], column: str) -> Iterator[str]:
    return (cell for cell, name in zip(cells, names, strict=True) if name == column)


def _parquet(file: LogFile) -> Contents:
    """Return the rows of a Parquet file; times with a zone are in UTC."""
    import duckdb

    from routecost.ingest.logs.saved import reader

    database = reader()
    path = [str(file.path)]
    try:
        table = database.execute("DESCRIBE SELECT * FROM read_parquet(?)", path).fetchall()
        columns = ", ".join(_column(name, kind) for name, kind, *_ in table)
        selection = database.execute(f"SELECT {columns} FROM read_parquet(?)", path)
        first = selection.fetchmany(1)
    except duckdb.Error:
        raise UnreadableError("it is not a valid Parquet file, or ends too early") from None
    names = [name for name, *_ in table]
    sample = dict(zip(names, first[0] if first else [None] * len(names), strict=True))
    return Contents(Shape.PARQUET, [sample], _parquet_rows(file, chain([first], _batches(selection)), names))


def _batches(selection: Any) -> Iterator[list[Any]]:
    while rows := selection.fetchmany(_ROWS):
        yield rows


def _column(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    return f"make_timestamp(epoch_us({quoted})) AS {quoted}" if kind.startswith("TIMESTAMP WITH") else quoted


def _parquet_rows(
    file: LogFile, batches: Iterable[list[Any]], names: list[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    import duckdb

    number = 0
    try:
        for rows in batches:
            file.progress(len(rows), 0)
            for row in rows:
                number += 1
                yield number, dict(zip(names, row, strict=True))
    except duckdb.Error:
        file.reject(number + 1, "the rest of the file cannot be read: its data are damaged")
