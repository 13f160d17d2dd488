"""Reading of JSON price lists with exact numbers."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.file_access import read_within
from routecost.units import METERS, exact

MAX_BYTES = 50_000_000
MAX_EXPONENT = 30


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a JSON file, numbers as Decimals. Raises UsageError."""
    content = read_within(path, MAX_BYTES)
    if content is None:
        raise UsageError(f'"{path}" is too large; the limit is {MAX_BYTES:,} bytes')
    try:
        data = json.loads(content, parse_float=Decimal, parse_int=Decimal, object_pairs_hook=_unique)
    except RecursionError as error:
        raise UsageError(f'"{path}" is nested too deeply') from error
    except (ValueError, InvalidOperation) as error:
        raise UsageError(f'"{path}" is not valid JSON: {error}') from error
    if not isinstance(data, dict):
        raise UsageError(f'"{path}" does not contain a JSON object')
    return data


REPEATED = "it is given twice, with different values"


class Repeated:
    """The value of a key that an object has more than once, with different values."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a key with several values has none that may be used."""
    data: dict[str, Any] = {}
    for key, value in pairs:
        data[key] = value if key not in data or data[key] == value else Repeated()
    return data


def decimal(value: Any) -> Decimal | None:
    """Return a JSON number or numeric text as a Decimal; None if it is not a plausible price."""
    if not isinstance(value, Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_EXPONENT else None


def whole(value: Any) -> int | None:
    """Return a JSON number as a positive whole number; None if it is none."""
    number = decimal(value)
    return int(number) if number is not None and number > 0 and number == number.to_integral_value() else None


@exact
def per_rate(unit_price: Decimal, meter: str) -> Decimal:
    """Return the rate of a meter from the price of one unit."""
    return unit_price * METERS[meter].per
