"""Rows of a file in chunks, by column: CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from importlib import import_module
from io import BytesIO, TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Any, NoReturn

from routecost.errors import EnvironmentFailure, UsageError
from routecost.file_access import read_within
from routecost.ingest.outcomes.finding_list import FindingList, Place, quoted
from routecost.problems import Finding, Position
from routecost.records import dataclass
from routecost.source.csv_reader import field_offsets

MAX_BYTES = 500_000_000
MAX_ROWS = 10_000_000
MAX_COLUMNS = 2_000
MAX_LINE = 1_000_000
"""The maximum number of characters of a line."""

CSV, JSON_LINES, PARQUET = (".csv",), (".jsonl", ".ndjson"), (".parquet",)

_CHUNK_CELLS = 1_000_000
_CHUNK_ROWS = 20_000
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chunk:
    """Cells by column, and the line of each row (in Parquet: its number)."""

    columns: Mapping[str, Sequence[Any]]
    lines: Sequence[int]


class EndOfReadingError(Exception):
    """The rest of a file cannot be read; a finding says why."""


@dataclass
class RowFile:
    """A file of rows, whose problems go to ``log``. Raises UsageError if it cannot be read."""

    path: Path
    log: FindingList = field(init=False)
    _suffix: str = field(init=False)
    _data: bytes = field(init=False)

    def __post_init__(self) -> None:
        self._suffix = self.path.suffix.lower()
        known = (*CSV, *JSON_LINES, *PARQUET)
        if self._suffix not in known:
            expected = ", ".join(known)
            raise UsageError(f'cannot read "{self.path}": unknown file type; expected one of {expected}')
        data = read_within(self.path, MAX_BYTES)
        if data is None:
            raise UsageError(
                f'cannot read "{self.path}": the file is too large; the limit is {MAX_BYTES:,} bytes'
            )
        self._data = data
        self.log = FindingList(str(self.path), "row" if self._suffix in PARQUET else "line")

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows, at most ``MAX_ROWS``; ends at what makes the rest unreadable."""
        read = {**dict.fromkeys(CSV, self._csv), **dict.fromkeys(JSON_LINES, self._json)}
        count = 0
        try:
            for chunk in read.get(self._suffix, self._parquet)():
                count += len(chunk.lines)
                if count > MAX_ROWS:
                    self.log.report(f"too many rows; the limit is {MAX_ROWS:,}", chunk.lines[0])
                    return
                yield chunk
        except EndOfReadingError:
            return
        except UnicodeDecodeError as error:
            raise UsageError(f'cannot read "{self.path}": it is not UTF-8 text') from error

    def locate(self, places: list[Place]) -> list[Finding]:
        """Return findings without a message at lines and columns."""
        wanted = {line for line, _ in places}
        lines: dict[int, str] = {}
        if self._suffix not in PARQUET and wanted:
            last = max(wanted)
            for number, text in enumerate(islice(self._lines(), last), start=1):
                if number in wanted or number == 1:
                    lines[number] = text.rstrip("\r\n")
        return [self._place(line, column, lines) for line, column in places]

    def _place(self, line: int, column: str | int | None, lines: Mapping[int, str]) -> Finding:
        text, at = lines.get(line), 0
        if isinstance(column, int):
            at = column - 1
        elif text is not None and column is not None:
            if self._suffix in JSON_LINES:
                at = max(0, text.find(json.dumps(column, ensure_ascii=False)))
            else:
                header = next(csv.reader([lines[1]]), [])
                names = [name.strip() for name in header]
                offsets = list(field_offsets(text))
                index = names.index(column) if column in names else 0
                at = offsets[index] if index < len(offsets) else 0
        return Finding("", Position(str(self.path), line, at + 1), source_line=text)

    def _lines(self) -> Iterator[str]:
        """Yield lines with their ends; parts of those that are too long."""
        with TextIOWrapper(BytesIO(self._data), encoding="utf-8-sig", newline="") as stream:
            yield from iter(partial(stream.readline, MAX_LINE), "")

    def _text(self) -> Iterator[str]:
        """Yield lines with their ends. Raises EndOfReadingError at one that is too long."""
        for number, line in enumerate(self._lines(), start=1):
            if len(line) == MAX_LINE:
                self._end(f"the line is too large; the limit is {MAX_LINE:,} characters", number)
            yield line

    def _end(self, message: str, line: int) -> NoReturn:
        self.log.report(message, line)
        raise EndOfReadingError

    def _check_width(self, count: int, line: int) -> None:
        if count > MAX_COLUMNS:
            self._end(f"too many columns: {count:,}; the limit is {MAX_COLUMNS:,}", line)

    def _csv(self) -> Iterator[Chunk]:
        reader = csv.reader(self._text(), strict=True)
        try:
            header = [name.strip() for name in next((row for row in reader if row), [])]
            self._check_width(len(header), reader.line_num)
            self._check_header(header)
            size = min(_CHUNK_ROWS, _CHUNK_CELLS // max(1, len(header)))
            before = reader.line_num
            while rows := list(islice(reader, size)):
                yield self._csv_chunk(header, rows, self._starts(rows, before, reader.line_num))
                before = reader.line_num
        except csv.Error as error:
            self._end(f"not a valid CSV row: {error}", reader.line_num)

    def _check_header(self, header: list[str]) -> None:
        for name in dict.fromkeys(name for name in header if header.count(name) > 1):
            self.log.report(f"column {quoted(name)} is given twice", 1, name)

    def _starts(self, rows: list[list[str]], before: int, after: int) -> Sequence[int]:
        """Return the first line of each row; values in quotes may have line breaks."""
        if after - before == len(rows):
            return range(before + 1, after + 1)
        starts = []
        for row in rows:
            starts.append(before + 1)
            before += 1 + sum(len(_BREAK.findall(value)) for value in row)
        return starts

    def _csv_chunk(self, header: list[str], rows: list[list[str]], lines: Sequence[int]) -> Chunk:
        width = len(header)
        if set(map(len, rows)) != {width}:
            kept = []
            for row, line in zip(rows, lines, strict=True):
                if len(row) == width:
                    kept.append((row, line))
                elif row:
                    fields = "1 field" if len(row) == 1 else f"{len(row)} fields"
                    self.log.report(f"this row has {fields}; expected {width}, as in the header", line)
            rows, lines = [row for row, _ in kept], [line for _, line in kept]
        cells = zip(*rows, strict=True) if rows else ((),) * width
        return Chunk(dict(zip(header, cells, strict=True)), lines)

    def _json(self) -> Iterator[Chunk]:
        numbered = enumerate(self._text(), start=1)
        names: dict[str, None] = {}
        while some := list(islice(numbered, _CHUNK_ROWS)):
            rows, lines = [], []
            for line, text in some:
                row = self._object(text, line)
                if row is not None:
                    rows.append(row)
                    lines.append(line)
            names |= dict.fromkeys(chain.from_iterable(rows))
            self._check_width(len(names), lines[0] if lines else 1)
            step = max(1, _CHUNK_CELLS // max(1, len(names)))
            for start in range(0, len(rows), step):
                part = rows[start : start + step]
                cells = {name: [row.get(name) for row in part] for name in names}
                yield Chunk(cells, lines[start : start + step])

    def _object(self, text: str, line: int) -> dict[str, Any] | None:
        """Return the object of a line; objects within it become ``OUTER.INNER``."""
        if not text.strip():
            return None
        row: Any = None
        fault, at = None, 1
        try:
            row = json.loads(text.rstrip())
        except json.JSONDecodeError as error:
            fault, at = f"not valid JSON: {error.msg}", error.pos + 1
        except RecursionError:
            fault = "not valid JSON: nested too deeply"
        except ValueError:
            fault = "not valid JSON: a number has too many digits"
        if fault is None and not isinstance(row, dict):
            fault = f"expected an object, found {quoted(text.strip())}"
        if fault is not None:
            self.log.report(fault, line, at)
            return None
        if dict in map(type, row.values()):
            inner = {name: value for name, value in row.items() if isinstance(value, dict)}
            row = {name: value for name, value in row.items() if name not in inner}
            row |= {f"{name}.{key}": value for name, within in inner.items() for key, value in within.items()}
        return dict(row)

    def _parquet(self) -> Iterator[Chunk]:
        try:
            arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        except ImportError as missing:
            raise EnvironmentFailure(
                'Parquet files need pyarrow; install it with: pip install "routecost[parquet]"'
            ) from missing
        try:
            file = parquet.ParquetFile(arrow.BufferReader(self._data))
            names = file.schema_arrow.names
            self._check_width(len(names), 1)
            self._check_header(names)
            size = min(_CHUNK_ROWS, _CHUNK_CELLS // max(1, len(names)))
            count = 0
            for batch in file.iter_batches(batch_size=size):
                cells = {name: batch.column(at).to_pylist() for at, name in enumerate(names)}
                yield Chunk(cells, range(count + 1, count + batch.num_rows + 1))
                count += batch.num_rows
        except (arrow.ArrowException, OSError) as error:
            raise UsageError(f'cannot read "{self.path}": not a valid Parquet file') from error
