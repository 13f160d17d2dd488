"""What is swept: a field of a scenario, by the path that the user gives, and the values it takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from routecost.errors import UsageError
from routecost.units import MAX_DIGITS, exact

MOST_AXES = 3
MOST_POINTS = 100_000
"""The most points of a sweep: each is a scenario of its own, checked and priced by itself."""

_NUMBER = re.compile(r"[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)
_EXAMPLES = "tokens.input=1000:9000:1000 or tokens.input=1000,5000,9000"


@dataclass(frozen=True, slots=True)
class Axis:
    """A field and its values as they would stand in the scenario.

    ``beyond`` is the STOP of a range whose steps do not reach it.
    """

    field: str
    values: tuple[str, ...]
    beyond: str | None = None

    @classmethod
    def parse(cls, text: str) -> Axis:
        """Read ``FIELD=START:STOP:STEP`` or ``FIELD=a,b,c``; UsageError for what makes no sense."""
        field, equals, spec = (part.strip() for part in text.partition("="))
        if not equals or not field or not spec:
            raise UsageError(
                f'"{text}" names no field and values; expected FIELD=START:STOP:STEP or FIELD=a,b,c, '
                f"such as {_EXAMPLES}"
            )
        return _span(field, spec) if ":" in spec and field != "pricing" else cls(field, _listed(field, spec))


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    is_percent: bool


def read_axes(texts: Sequence[str]) -> tuple[Axis, ...]:
    """Read up to three axes whose grid is not too large; UsageError for anything else."""
    axes = tuple(map(Axis.parse, texts))
    if not 1 <= len(axes) <= MOST_AXES:
        raise UsageError(f"{len(axes)} fields are swept at once; expected 1 to {MOST_AXES}")
    count = prod(len(axis.values) for axis in axes)
    if count > MOST_POINTS:
        sizes = " x ".join(f"{len(axis.values):,}" for axis in axes)
        raise UsageError(f"the grid has {count:,} points ({sizes}); expected at most {MOST_POINTS:,}")
    return axes


def read_change(text: str) -> Decimal:
    """Return the fraction that a text such as ``20%`` or ``0.2`` says; UsageError unless in (0, 1]."""
    found = _number(text)
    if found is None or not 0 < found.value <= 1:
        raise UsageError(f'"{text}" is not a change; expected more than 0% and at most 100%, such as 20%')
    return found.value


def _listed(field: str, spec: str) -> tuple[str, ...]:
    values = tuple(part.strip() for part in spec.split(","))
    if not all(values):
        raise UsageError(f'"{spec}" has an empty value for {field}; expected values such as {_EXAMPLES}')
    for at, value in enumerate(values):
        if value in values[:at]:
            raise UsageError(f'"{value}" is given twice for {field}; expected each value once')
    return values


@exact
def _span(field: str, spec: str) -> Axis:
    parts = spec.split(":")
    read = [_number(part) for part in parts]
    numbers = [each for each in read if each is not None]
    if len(parts) != 3 or len(numbers) != 3:
        raise UsageError(
            f'"{spec}" is not a range for {field}; expected START:STOP:STEP, such as 1000:9000:1000'
        )
    start, stop, step = (each.value for each in numbers)
    _refuse_hopeless(field, spec, (start, stop, step))
    steps = int((stop - start) / step)
    is_percent = any(each.is_percent for each in numbers)
    values = tuple(_written(start + at * step, is_percent) for at in range(steps + 1))
    return Axis(field, values, None if start + steps * step == stop else parts[1].strip())


def _refuse_hopeless(field: str, spec: str, span: tuple[Decimal, Decimal, Decimal]) -> None:
    start, stop, step = span
    if step <= 0:
        raise UsageError(f'the step of "{spec}" for {field} leads nowhere; expected more than 0')
    if start > stop:
        raise UsageError(f'the range "{spec}" for {field} begins above its end; expected START below STOP')
    if (stop - start) / step >= MOST_POINTS:
        count = int((stop - start) / step) + 1
        raise UsageError(
            f'the range "{spec}" for {field} has {count:,} points; expected at most {MOST_POINTS:,}'
        )


@exact
def _number(text: str) -> _Number | None:
    bare = text.strip()
    digits = bare.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(digits):
        return None
    value = Decimal(digits.replace("_", ""))
    if len(value.as_tuple().digits) > MAX_DIGITS:
        return None
    is_percent = bare.endswith("%")
    return _Number(value.scaleb(-2) if is_percent else value, is_percent)


def _written(value: Decimal, is_percent: bool) -> str:
    return f"{(value * 100).normalize():f}%" if is_percent else f"{value.normalize():f}"
