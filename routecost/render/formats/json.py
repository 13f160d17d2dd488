"""JSON: one object, one record per line.

The standard encoder can neither stream rows nor write a Decimal as a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import TextIO

from routecost.model.report.cells import Scalar
from routecost.model.report.report import Note, Report
from routecost.render.escape import HARMFUL, without_commands
from routecost.render.raw_values import plain_scalar, schema_name
from routecost.render.rounding import sentence

NAME = "json"
SUFFIXES = (".json",)
BINARY = False

Value = Scalar | Mapping[str, Scalar] | Sequence[Scalar]


def render(report: Report, sink: TextIO) -> None:
    """Write a report as one JSON object, streaming its rows; parts are nested objects.

    Raises ValueError for NaN, infinity, and duplicate member names.
    """
    sink.writelines(_object(report, "  "))
    sink.write("\n")


def _check_names(report: Report) -> None:
    names = ["schema", "notes", *report.meta, *(table.name for table in report.tables), *report.parts]
    if len(set(names)) < len(names):
        raise ValueError(f"a report of {report.command!r} would repeat a name in JSON: {names}")


def _object(report: Report, indent: str, within: Report | None = None) -> Iterator[str]:
    """Yield the text of a report; a part from another command has the schema of that command."""
    _check_names(report)
    separator = "{\n"
    for chunks in _members(report, indent, within):
        yield separator + indent
        yield from chunks
        separator = ",\n"
    yield f"\n{indent[2:]}}}"


def _members(report: Report, indent: str, within: Report | None) -> Iterator[Iterable[str]]:
    if within is None or within.command != report.command:
        yield [f'"schema": {_text(schema_name(report))}']
    for key, value in report.meta.items():
        yield [f"{_text(key)}: {_value(value)}"]
    for table in report.tables:
        yield _list(table.name, map(_value, table.records()), indent)
    notes = [sentence(block, report.currency) for block in report.blocks if isinstance(block, Note)]
    if notes:
        yield _list("notes", map(_text, notes), indent)
    for name, part in report.parts.items():
        yield chain([f"{_text(name)}: "], _object(part, indent + "  ", report))


def _list(name: str, items: Iterable[str], indent: str) -> Iterator[str]:
    yield f"{_text(name)}: ["
    separator = f"\n{indent}  "
    for item in items:
        yield separator + item
        separator = f",\n{indent}  "
    yield "]" if separator.startswith("\n") else f"\n{indent}]"


def _value(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_scalar(member)}" for key, member in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    return _scalar(value)


def _scalar(value: Scalar) -> str:
    if value is None:
        return "null"
    return _text(plain_scalar(value)) if isinstance(value, str | date) else plain_scalar(value)


@lru_cache(maxsize=1024)  # the keys of a table repeat in every row
def _text(text: str) -> str:
    escaped = HARMFUL.sub(_escape, json.dumps(text, ensure_ascii=False))
    return without_commands(escaped, hash_sign=r"\u0023")


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]  # in ASCII: with surrogate pairs
