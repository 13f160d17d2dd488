"""What a column of a log means: texts, numbers and times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from functools import cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.scalars import (
    Context,
    Day,
    Flag,
    Leaf,
    MeterName,
    Name,
    fault,
    quoted,
    read_name,
    reads_number,
)
from routecost.documents.logs.patterns import Pattern
from routecost.problems import did_you_mean
from routecost.units import MAX_COUNT, ONE, ZERO

UNITS = {"s": Decimal(1_000_000), "ms": Decimal(1_000), "us": ONE, "ns": Decimal("0.001")}
"""Units of numeric times, in microseconds."""

_GROUP = re.compile(r"\{(\w*)\}")


def _read_value(value: Any, context: Context) -> str:
    """Parse a name that may be empty."""
    return "" if value == "" else read_name(value, context)


_zones = cache(available_timezones)


def _read_zone(value: Any, context: Context) -> ZoneInfo:
    name = read_name(value, context)
    if name not in (known := _zones()):
        raise fault(f"unknown time zone {quoted(name)}{did_you_mean(name, known)}")
    return ZoneInfo(name)


def _read_unit(value: Any, _: Context) -> str:
    if value not in UNITS:
        raise fault(f"{quoted(value)} is no unit of time; expected one of {', '.join(UNITS)}")
    return str(value)


Value = Annotated[str, Leaf(_read_value, {"type": "string", "maxLength": 200})]
Zone = Annotated[ZoneInfo, Leaf(_read_zone, {"type": "string", "minLength": 1})]
Unit = Annotated[str, Leaf(_read_unit, {"enum": list(UNITS)})]
Factor = Annotated[Decimal, reads_number("a factor of 0 or more", ZERO, MAX_COUNT)]


@document
class RuleDocument:
    """The value of a text in which a regular expression is found; it may contain {groups} of it."""

    matches: Pattern
    value: Value

    def faults(self) -> Iterator[Fault]:
        """Look for unknown groups."""
        known = self.matches.groupindex
        for name in _GROUP.findall(self.value):
            if name not in known:
                yield Fault(f'no group "{name}" in "matches"{did_you_mean(name, known)}', ("value",))


@document
class TextDocument:
    """A text of a row: of a column, of the first of several that is not empty, or the same for all rows.

    If ``optional``, rows and logs may lack the columns; they have the default then.
    """

    column: Name | None = None
    first: tuple[Name, ...] = ()
    constant: Name | None = None
    values: dict[Value, Value] = field(default_factory=dict)
    rules: tuple[Annotated[RuleDocument, Checked()], ...] = ()
    default: Value | None = None
    optional: Flag = False

    def faults(self) -> Iterator[Fault]:
        """Look for a text without a source, with several, or with two ways to change it."""
        given = [name for name in ("column", "first", "constant") if getattr(self, name)]
        if len(given) != 1:
            yield Fault('expected exactly one of "column", "first" and "constant"', tuple(given[1:2]))
        if self.values and self.rules:
            yield Fault('expected "values" or "rules", not both', ("rules",))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is taken from."""
        return self.first if self.column is None else (self.column,)


@document
class UnitsDocument:
    """The number of units that a text stands for, such as 1000 for "1K tokens"."""

    column: Name
    values: dict[Value, Factor]


@document
class NumberDocument:
    """A number of a row: of a column or the sum of several, times a scale.

    ``includes`` are meters that it includes, which are subtracted. If ``optional``, rows and logs may lack
    it; it is 0 then.
    """

    column: Name | None = None
    sum: tuple[Name, ...] = ()
    scale: Factor | None = None
    units: UnitsDocument | None = None
    includes: tuple[MeterName, ...] = ()
    optional: Flag = False

    def faults(self) -> Iterator[Fault]:
        """Look for a number without a source, or with several."""
        if (self.column is None) == (not self.sum):
            yield Fault('expected exactly one of "column" and "sum"', ("sum",) if self.sum else ())

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it is taken from."""
        return self.sum if self.column is None else (self.column,)


@document
class TimeDocument:
    """A time: in ISO 8601, in a format of strptime, or a number of units since 1970 or ``start``."""

    column: Name
    zone: Zone | None = None
    format: Name | None = None
    unit: Unit | None = None
    start: Day | None = None

    def faults(self) -> Iterator[Fault]:
        """Look for statements that exclude each other."""
        if self.unit is not None and (self.format or self.zone):
            yield Fault('a time with a "unit" is in UTC; expected no "format" and no "zone"', ("unit",))
        if self.start is not None and self.unit is None:
            yield Fault('a "start" is for numbers; expected a "unit" with it', ("start",))


def _or_column(kind: Any, expected: str) -> Any:
    """Return the type of the name of a column or a mapping."""
    return Annotated[Any, OneOf(expected, {"name": Name, "mapping": Annotated[kind, Checked()]}, _form)]


def _form(data: Any) -> str | None:
    if isinstance(data, str):
        return "name"
    return "mapping" if isinstance(data, Mapping) else None


TextField = _or_column(
    TextDocument, "a column, or {column, first, constant, values, rules, default, optional}"
)
NumberField = _or_column(NumberDocument, "a column, or {column, sum, scale, units, includes, optional}")
TimeField = _or_column(TimeDocument, "a column, or {column, zone, format, unit, start}")


def text_of(given: Any) -> TextDocument:
    """Return the description of a text that a document states; a name is a column."""
    return TextDocument(column=given) if isinstance(given, str) else given


def number_of(given: Any) -> NumberDocument:
    """Return the description of a number that a document states; a name is a column."""
    return NumberDocument(column=given) if isinstance(given, str) else given


def time_of(given: Any) -> TimeDocument:
    """Return the description of a time that a document states; a name is a column."""
    return TimeDocument(column=given) if isinstance(given, str) else given
