"""Frames of pandas, Polars and PyArrow where the command line takes a file with a table."""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from datetime import date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, TypeAlias

from routecost.errors import DocumentError, UsageError
from routecost.library import PathLike
from routecost.problems import Finding, Position
from routecost.records import dataclass

_LINE = re.compile(r"on line (\d+)")

Frame: TypeAlias = Any
"""A frame of pandas or Polars (also a lazy one), or a table of PyArrow."""


def is_frame(table: object) -> bool:
    """Return whether a table is a frame, not the path of a file."""
    if isinstance(table, str | os.PathLike):
        return False
    return any(hasattr(type(table), name) for name in ("columns", "column_names", "collect_schema"))


class TableFile(NamedTuple):
    """The file of a table, and what makes findings about it those about the table."""

    path: Path
    placed: Callable[[Iterable[Finding]], tuple[Finding, ...]] = tuple


@contextmanager
def table_file(table: PathLike | Frame, what: str, key: str | None = None) -> Iterator[TableFile]:
    """Yield the file of a table; a frame is written to a temporary one, as CSV, or as YAML under ``key``.

    ``what`` names the table in messages. Errors in a frame name its row, counted from 0, and its column.
    Raises UsageError for objects that are neither.
    """
    if isinstance(table, str | os.PathLike):
        yield TableFile(Path(os.fspath(table)))
        return
    name = f"frame of {what}"
    columns, rows = rows_of(table, name)
    text = _Text()
    if key is None:
        text.write_csv(columns, rows)
    else:
        text.write_yaml(key, columns, rows)
    with TemporaryDirectory(prefix="routecost-") as folder:
        file = Path(folder) / f"{name}{'.csv' if key is None else '.yaml'}"
        file.write_text(text.text, encoding="utf-8")

        def placed(findings: Iterable[Finding]) -> tuple[Finding, ...]:
            return tuple(text.placed(one, str(file), name) for one in findings)

        try:
            yield TableFile(file, placed)
        except DocumentError as error:
            raise DocumentError(placed(error.findings)) from None


def rows_of(table: Frame, name: str) -> tuple[list[str], list[Mapping[str, Any]]]:
    """Return the columns and the rows of a frame. Raises UsageError for other objects."""
    frame = table.collect() if hasattr(table, "collect_schema") and hasattr(table, "collect") else table
    columns = [*getattr(frame, "columns" if hasattr(frame, "columns") else "column_names", ())]
    if hasattr(frame, "column_names"):
        columns = [*frame.column_names]
    names = [str(column) for column in columns]
    if twice := [column for column in names if names.count(column) > 1]:
        raise UsageError(f'{name}: two columns have the name "{twice[0]}"')
    for method in ("to_dicts", "to_pylist"):
        if hasattr(frame, method):
            return names, list(getattr(frame, method)())
    if hasattr(frame, "to_dict") and columns:
        records = frame.to_dict("records")
        return names, [dict(zip(names, row.values(), strict=True)) for row in records]
    raise UsageError(
        f"{name}: {type(table).__name__} is no table; expected a path, or a frame of pandas, Polars or "
        "PyArrow with columns"
    )


class _Cell(NamedTuple):
    """The start of a cell in the text, and its place in the frame; ``row`` is None for the header."""

    line: int
    offset: int
    row: int | None
    column: str


@dataclass
class _Text:
    """The text of a frame as a file, and where its cells are."""

    text: str = ""
    cells: list[_Cell] = field(default_factory=list)
    _line: int = 1

    def write_csv(self, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Write a header and rows; what is missing is an empty field."""
        for at, values in enumerate([dict(zip(columns, columns, strict=True)), *rows]):
            fields = [(column, _quoted(_value(values.get(column), column))) for column in columns]
            self._add("", fields, None if at == 0 else at - 1, ",")

    def write_yaml(self, key: str, columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the rows as a list of mappings; what is missing is left out."""
        self.text, self._line = f"version: 1\n{key}:{'' if rows else ' []'}\n", 3
        for at, values in enumerate(rows):
            texts = ((column, _value(values.get(column), column)) for column in columns)
            fields = [
                (column, f"{json.dumps(column)}: {json.dumps(text, ensure_ascii=False)}")
                for column, text in texts
                if text
            ]
            self._add("- {", fields, at, ", ", "}")

    def _add(
        self, start: str, fields: Sequence[tuple[str, str]], row: int | None, comma: str, end: str = ""
    ) -> None:
        line = start
        for at, (column, text) in enumerate(fields):
            line += comma if at else ""
            self.cells.append(_Cell(self._line, len(line) + 1, row, column))
            line += text
        self.text += f"{line}{end}\n"
        self._line += 1

    def placed(self, finding: Finding, file: str, name: str) -> Finding:
        """Return a finding about the file as one about the frame."""
        rows = {str(cell.line): cell.row for cell in self.cells}
        message = finding.message.replace(file, name)
        message = _LINE.sub(lambda found: f"in row {rows.get(found[1])}", message)
        place = finding.position
        if place.file != file:
            return replace(finding, message=message)
        starts = [(cell.line, cell.offset) for cell in self.cells]
        at = bisect_right(starts, (place.line, place.column)) - 1
        where = "columns"
        if at >= 0:
            cell = self.cells[at]
            where = f'column "{cell.column}"'
            where = where if cell.row is None else f"row {cell.row}, {where}"
        position = Position(name, place.line, place.column, where)
        return replace(finding, message=message, position=position, source_line=None)


def _value(value: Any, column: str) -> str:
    """Return a cell as text; nothing for what is missing."""
    if value is None or value != value or str(value) in ("NaT", "<NA>"):  # noqa: PLR0124  NaN is not itself
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and column == "month":
        return f"{value:%Y-%m}" if value.day == 1 else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return " ".join(str(value).splitlines())


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if set(text) & {",", '"', " "} else text
