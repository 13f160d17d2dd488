"""The fields of a scenario by the names that people give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date

from pydantic_core import PydanticCustomError

from routecost.documents.core.field_paths import Field
from routecost.documents.core.scalars import read_number
from routecost.errors import UnknownNameError, UsageError
from routecost.model.results.sensitivity import ParameterKind, Value
from routecost.problems import did_you_mean

SHORT_FOR = {"cache_share": "cache.read"}
"""Names of fields that are not the end of their path."""

_BELOW = "workload"
_LATER = "plan"
_MOST_SHOWN = 6


def named_field(fields: Sequence[Field], name: str) -> Field:
    """Return the field of a path, or of the end of one below the workload.

    Raises UnknownNameError, with the nearest, and UsageError where several fields fit, or for a
    field that a comparison of months as the scenario stands does not feel.
    """
    known = {field.name: field for field in fields}
    if name in known:
        return _felt(known[name])
    ending = SHORT_FOR.get(name, name)
    short = {path: known[path] for path in known if path.startswith(f"{_BELOW}.")}
    fitting = [field for path, field in short.items() if path.endswith(f".{ending}")]
    if len(fitting) > 1:
        raise UsageError(_ambiguous(name, fitting))
    if not fitting:
        raise UnknownNameError(_unknown(name, known))
    return fitting[0]


def value_of(text: str, kind: ParameterKind) -> Value:
    """Return a value as results hold it; a text that the validators will refuse stays one."""
    with suppress(PydanticCustomError, ValueError):
        if kind is ParameterKind.DAY:
            return date.fromisoformat(text)
        if kind is not ParameterKind.NAME:
            return read_number(text, "a number", percent=True)
    return text


def _felt(field: Field) -> Field:
    if field.path[0] == _LATER:
        raise UsageError(
            f'a sweep compares months as the scenario stands, which "{field.name}" does not change; '
            'use "routecost project"'
        )
    return field


def _ambiguous(name: str, fitting: Sequence[Field]) -> str:
    shown = ", ".join(f'"{each.name.removeprefix(f"{_BELOW}.")}"' for each in fitting[:_MOST_SHOWN])
    more = f" and {len(fitting) - _MOST_SHOWN} more" if len(fitting) > _MOST_SHOWN else ""
    return f'several fields end in "{name}"; expected one of {shown}{more}'


def _unknown(name: str, known: Mapping[str, Field]) -> str:
    return f'no field "{name}" in the scenario that could be swept{did_you_mean(name, _spoken(known))}'


def _spoken(known: Mapping[str, Field]) -> Iterator[str]:
    """Yield all ways to name the fields: in full, by their ends below the workload, by another name."""
    yield from SHORT_FOR
    for path in known:
        yield path
        steps = path.split(".")
        if steps[0] == _BELOW:
            yield from (".".join(steps[at:]) for at in range(1, len(steps)))
