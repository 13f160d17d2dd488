"""Converts the rows of a CSV file or a sheet to the data of an actuals document; values keep their positions.

A row is a month, or a part of it: of the task type, the tier or the model that the row names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field, replace
from typing import Any

from routecost.documents.actuals.actuals import TOKENS
from routecost.documents.core.scalars import FEES
from routecost.problems import Finding, did_you_mean
from routecost.records import dataclass
from routecost.source import Document
from routecost.source.csv_reader import HEADER, ROWS
from routecost.source.nodes import ListNode, MapNode, put

NEEDED = ("month", "spend")
"""The columns that there must be."""

_OF_MONTH = ("strategy", "currency")
_OF_EITHER = ("tasks", "spend")
_NAMES = {"tier": "tiers", "model": "models"}
_TYPE = "task_type"
COLUMNS = ("month", _TYPE, *_NAMES, *_OF_MONTH, *_OF_EITHER, "calls", *TOKENS, *FEES)
"""The supported columns."""


def from_rows(rows: Document, *, of_sheet: bool = False) -> tuple[Document | None, list[Finding]]:
    """Return the document for the rows, and the findings.

    The document is None if a required column is missing. The rows of a sheet may have no figures yet, which
    are left out, and dates as months.
    """
    missing = [name for name in NEEDED if name not in rows.get((HEADER,))]
    if missing:
        findings = [rows.finding(f'column "{name}" is missing', (HEADER,)) for name in missing]
        if set(COLUMNS).isdisjoint(rows.get((HEADER,))):  # another file: show nothing of it
            findings = [replace(finding, source_line=None) for finding in findings]
        return None, findings
    months = _Months(_filled_in(rows) if of_sheet else rows)
    months.read()
    data = MapNode()
    put(data, "version", "1", (0, 0))
    put(data, "months", months.months, (0, 0))
    return replace(rows, data=data), months.findings


def _filled_in(rows: Document) -> Document:
    """Return the rows with figures, such as those that are filled in of a template; months of their dates."""
    stated: ListNode = rows.get((ROWS,))
    kept = ListNode()
    for row, mark in zip(stated, stated.marks, strict=True):
        if row.keys() - {"month", _TYPE, *_NAMES, *_OF_MONTH}:
            if re.fullmatch(_DAY, row.get("month", "")):
                row["month"] = row["month"][:7]
            kept.append(row)
            kept.marks.append(mark)
    data = MapNode()
    for key in (HEADER, ROWS):
        put(data, key, kept if key == ROWS else rows.get((key,)), (rows.start, rows.start))
    return replace(rows, data=data)


_DAY = r"\d{4}-\d{2}-\d{2}"


@dataclass
class _Months:
    """Groups rows by month, in order of first appearance."""

    rows: Document
    months: ListNode = field(default_factory=ListNode)
    findings: list[Finding] = field(default_factory=list)
    _by_name: dict[str, MapNode] = field(default_factory=dict)
    _whole: dict[tuple[str, ...], int] = field(default_factory=dict)

    def read(self) -> None:
        """Read all rows."""
        self._check(self.rows.get((HEADER,)))
        for index, row in enumerate(self.rows.get((ROWS,))):
            self._row(index, row)

    def _check(self, header: MapNode) -> None:
        for name in header:
            if name not in COLUMNS:
                self._report(f'unknown column "{name}"{did_you_mean(name, COLUMNS)}', (HEADER, name))
        if all(name in header for name in _NAMES):
            message = 'columns "tier" and "model" are both present; expected only one'
            self._report(message, (HEADER, "model"))

    def _row(self, index: int, row: MapNode) -> None:
        month = self._month(index, row)
        names = [name for name in _NAMES if name in row]
        whole = self._of_task_type(row, month) if _TYPE in row else month
        if names:
            self._part(index, row, whole, names[0])
        else:
            self._of_whole(index, row, whole)
        self._shared(index, row, month)

    def _month(self, index: int, row: MapNode) -> MapNode:
        """Return the month of a row; a row without a month gets a new one."""
        name = row.get("month")
        month = None if name is None else self._by_name.get(name)
        if month is None:
            month = MapNode()
            self.months.append(month)
            self.months.marks.append(self._offset(index))
            if name is not None:
                self._by_name[name] = month
                put(month, "month", name, self._mark(row, "month"))
        return month

    def _of_task_type(self, row: MapNode, month: MapNode) -> MapNode:
        """Return the task type of a row in its month."""
        name, place = row[_TYPE], self._mark(row, _TYPE)
        if "task_types" not in month:
            put(month, "task_types", MapNode(), place)
        types: MapNode = month["task_types"]
        if name not in types:
            put(types, name, MapNode(), place)
        of_type: MapNode = types[name]
        return of_type

    def _of_whole(self, index: int, row: MapNode, whole: MapNode) -> None:
        named = tuple(row[column] for column in ("month", _TYPE) if column in row)
        first = self._whole.setdefault(named, index)
        if "month" in row and first != index:
            line = self.rows.position((ROWS, first)).line
            column = _TYPE if _TYPE in row else "month"
            self._report(f'"{named[-1]}" is given twice; the first is on line {line}', (ROWS, index, column))
            return
        if "calls" in row:
            self._report("calls need a tier or a model, and this row has neither", (ROWS, index, "calls"))
        self._fill(whole, row, (*_OF_EITHER, *TOKENS))

    def _part(self, index: int, row: MapNode, month: MapNode, column: str) -> None:
        key, name, place = _NAMES[column], row[column], self._mark(row, column)
        if key not in month:
            put(month, key, MapNode(), place)
        parts: MapNode = month[key]
        if name in parts:
            self._report(f'"{name}" is given twice in "{row.get("month", "")}"', (ROWS, index, column))
            return
        put(parts, name, MapNode(), place)
        self._fill(parts[name], row, (*_OF_EITHER, "calls", *TOKENS))

    def _fill(self, node: MapNode, row: MapNode, names: Iterable[str]) -> None:
        """Put the row's counts and spend into a month, or into a tier or a model of it."""
        for name in names:
            if name in row:
                put(node, name, row[name], self._mark(row, name))
        for name in FEES:
            if name in row:
                if "meters" not in node:
                    put(node, "meters", MapNode(), self._mark(row, name))
                put(node["meters"], name, row[name], self._mark(row, name))

    def _shared(self, index: int, row: MapNode, month: MapNode) -> None:
        """Put the values that must be the same in all rows of a month."""
        for name in _OF_MONTH:
            if name in row and month.get(name, row[name]) != row[name]:
                other = f'another row of this month says "{month[name]}"'
                self._report(f'{name} "{row[name]}" is given; {other}', (ROWS, index, name))
            elif name in row and name not in month:
                put(month, name, row[name], self._mark(row, name))

    def _offset(self, index: int) -> int:
        rows: ListNode = self.rows.get((ROWS,))
        return rows.marks[index]

    def _mark(self, row: MapNode, name: str) -> tuple[int, int]:
        mark = row.mark(name)
        return (0, 0) if mark is None else mark

    def _report(self, message: str, path: tuple[Any, ...]) -> None:
        self.findings.append(self.rows.finding(message, path))
