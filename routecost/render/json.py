"""JSON: one object, one record per line.

Its own writer, because the standard one can neither stream rows nor write a Decimal as a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TextIO

from routecost.model.report import Note, Report, Scalar
from routecost.render.cells import sentence
from routecost.render.escape import HARMFUL
from routecost.render.plain import plain_scalar, schema_name

NAME = "json"
SUFFIXES = (".json",)
BINARY = False

Value = Scalar | Mapping[str, Scalar] | Sequence[Scalar]


def render(report: Report, sink: TextIO) -> None:
    """Write a report as one JSON object, rows as they come.

    Raises ValueError for NaN, infinity, and two members of the same name.
    """
    _check_names(report)
    sink.write("{\n")
    for at, chunks in enumerate(_members(report)):
        sink.write(",\n" if at else "")
        sink.writelines(chunks)
    sink.write("\n}\n")


def _check_names(report: Report) -> None:
    names = ["schema", "notes", *report.meta, *(table.name for table in report.tables)]
    if len(set(names)) < len(names):
        raise ValueError(f"a report of {report.command!r} would repeat a name in JSON: {names}")


def _members(report: Report) -> Iterator[Iterable[str]]:
    yield [f'  "schema": {_text(schema_name(report))}']
    for key, value in report.meta.items():
        yield [f"  {_text(key)}: {_value(value)}"]
    for table in report.tables:
        yield _list(table.name, map(_value, table.records()))
    notes = [sentence(block, report.currency) for block in report.blocks if isinstance(block, Note)]
    if notes:
        yield _list("notes", map(_text, notes))


def _list(name: str, items: Iterable[str]) -> Iterator[str]:
    yield f"  {_text(name)}: ["
    separator = "\n    "
    for item in items:
        yield separator + item
        separator = ",\n    "
    yield "]" if separator.startswith("\n") else "\n  ]"


def _value(value: Value) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_scalar(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    return _scalar(value)


def _scalar(value: Scalar) -> str:
    if value is None:
        return "null"
    return _text(plain_scalar(value)) if isinstance(value, str | date) else plain_scalar(value)


@lru_cache(maxsize=1024)  # the keys of a table come with every row
def _text(text: str) -> str:
    return HARMFUL.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
