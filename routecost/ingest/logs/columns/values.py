"""Values of rows: at paths, in texts that are JSON, and as numbers and texts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from routecost.ingest.logs.call import BadRecordError

MAX_TEXT = 200
"""Longer texts are no names, and are not read."""


def decimal_of(value: Any, name: str) -> Decimal | None:
    """Return a number; None if it is empty. Raises BadRecordError for anything else."""
    if value is None or value == "":
        return None
    if isinstance(value, (int, float, Decimal, str)) and not isinstance(value, bool):
        text = str(value).strip()
        try:
            number = Decimal(text) if len(text) <= 40 and text.isascii() and "_" not in text else None
        except ArithmeticError:
            number = None
        if number is not None and number.is_finite() and abs(number.adjusted()) <= 30:
            return number
    raise BadRecordError(f'"{name}" is not a number')


def text_at(value: Any, name: str) -> str | None:
    """Return a short text; None if it is empty. Raises BadRecordError for anything else."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, (str, int, float, Decimal, UUID)):
        raise BadRecordError(f'"{name}" is not a text')
    text = str(value)
    if len(text) > MAX_TEXT:
        raise BadRecordError(f'"{name}" is longer than {MAX_TEXT} characters')
    return text


@lru_cache(maxsize=1_000)
def splits(path: str) -> tuple[tuple[str, str], ...]:
    """Return the ways to split a path into a key and the rest: keys may contain points."""
    places = [at for at, character in enumerate(path) if character == "."]
    return ((path, ""), *((path[:at], path[at + 1 :]) for at in reversed(places)))


def value_at(row: Any, path: str) -> Any:
    """Return the value at a path; None if there is none. Texts on the way are decoded as JSON."""
    value = row.get(path)
    if value is not None or "." not in path:
        return value
    for head, rest in splits(path)[1:]:
        if (inner := dict(pairs_of(row.get(head)))) and (value := value_at(inner, rest)) is not None:
            return value
    return None


def is_known(columns: Collection[str], path: str) -> bool:
    """Return whether a path can be among the columns: they have it, or what it begins with."""
    return any(head in columns for head, _ in splits(path))


def has_value(row: Mapping[str, Any], path: str) -> bool:
    """Return whether a row has a column, or a value at a path."""
    return path in row or value_at(row, path) is not None


def pairs_of(value: Any) -> Iterable[tuple[str, Any]]:
    """Return the keys and values of a mapping, of a list of {key, value}, or of either as JSON text."""
    if isinstance(value, str) and value[:1] in {"{", "["}:
        try:
            value = _decode(value)
        except (msgspec.DecodeError, UnicodeError):
            return ()
    if isinstance(value, Mapping):
        return value.items()
    if isinstance(value, list):
        return [
            (str(one["key"]), one.get("value")) for one in value if isinstance(one, Mapping) and "key" in one
        ]
    return ()


_decode = msgspec.json.Decoder(float_hook=Decimal).decode
