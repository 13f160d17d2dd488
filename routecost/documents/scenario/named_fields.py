"""Resolves the field names that users type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Field
from routecost.documents.core.scalars import read_number
from routecost.documents.scenario.common_fields import common_fields
from routecost.errors import UnknownNameError, UsageError
from routecost.model.results.sensitivity import ParameterKind, Value
from routecost.problems import did_you_mean

SHORT_FOR = {"cache_share": "cache.read"}
"""Aliases of the ends of paths."""

GROWTH = ("plan", "growth")
_BELOW = "workload"
_MONTH_PLAN = "plan"
_MOST_SHOWN = 6


def named_field(fields: Sequence[Field], name: str) -> Field:
    """Return the field with this path, or whose path below the workload ends in this name.

    The fields of all task types together count too. Raises UnknownNameError, with the nearest name, and
    UsageError if several fields match.
    """
    known = {field.name: field for field in fields}
    common = {field.name: field for field in common_fields(fields)}
    ending = _full(name)
    for path in (ending, f"{_BELOW}.{ending}"):
        if path in known or path in common:
            return known.get(path) or common[path]
    short = {path: known[path] for path in known if path.startswith(f"{_BELOW}.")}
    matches = [field for path, field in short.items() if path.endswith(f".{ending}")]
    if len(matches) > 1:
        raise UsageError(_ambiguous(name, matches))
    if not matches:
        raise UnknownNameError(_unknown(name, {**known, **common}))
    return matches[0]


def _full(name: str) -> str:
    """Return a name with the path for an alias at its end."""
    start, dot, last = name.rpartition(".")
    return f"{start}{dot}{SHORT_FOR.get(last, last)}"


def with_growth(fields: Sequence[Field], growth: Any) -> list[Field]:
    """Return the fields, and the growth of the plan: a field unless it is a list of rates."""
    if growth is not None and not isinstance(growth, str):
        return [*fields]
    return [*fields, Field(GROWTH, ParameterKind.SHARE, growth)]


def affects_plan(field: Field) -> bool:
    """Return whether a field affects projections only."""
    return field.path[0] == _MONTH_PLAN


def value_of(text: str, kind: ParameterKind) -> Value:
    """Return a value as results store it; text that validation will reject stays text."""
    with suppress(PydanticCustomError, ValueError):
        if kind is ParameterKind.DAY:
            return date.fromisoformat(text)
        if kind is not ParameterKind.NAME:
            return read_number(text, "a number", percent=True)
    return text


def _ambiguous(name: str, matches: Sequence[Field]) -> str:
    shown = ", ".join(f'"{field.name.removeprefix(f"{_BELOW}.")}"' for field in matches[:_MOST_SHOWN])
    more = f" and {len(matches) - _MOST_SHOWN} more" if len(matches) > _MOST_SHOWN else ""
    return f'several fields end in "{name}"; expected one of {shown}{more}'


def _unknown(name: str, known: Mapping[str, Field]) -> str:
    return f'no sweepable field "{name}" in the scenario{did_you_mean(name, _all_names(known))}'


def _all_names(known: Mapping[str, Field]) -> Iterator[str]:
    """Yield all names of the fields: aliases, full paths, and ends of paths below the workload."""
    yield from SHORT_FOR
    for path in known:
        yield path
        steps = path.split(".")
        if steps[0] == _BELOW:
            yield from (".".join(steps[at:]) for at in range(1, len(steps)))
