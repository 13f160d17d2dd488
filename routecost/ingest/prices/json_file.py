"""Price lists in JSON files: read with exact numbers, or refused with the reason."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from routecost.errors import UsageError
from routecost.units import METERS, exact

MAX_BYTES = 100_000_000
MAX_EXPONENT = 30


def read_json(path: Path) -> dict[str, Any]:
    """Return the object of a JSON file, numbers as Decimals. Raises UsageError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UsageError(f'"{path}" is too large; at most {MAX_BYTES:,} bytes are read')
        data = json.loads(path.read_bytes(), parse_float=Decimal, parse_int=Decimal)
    except OSError as error:
        raise UsageError(f'cannot read "{path}": {(error.strerror or str(error)).lower()}') from error
    except RecursionError as error:
        raise UsageError(f'"{path}" is nested too deeply') from error
    except (ValueError, InvalidOperation) as error:
        raise UsageError(f'"{path}" is no JSON: {error}') from error
    if not isinstance(data, dict):
        raise UsageError(f'"{path}" holds no JSON object; expected one')
    return data


def decimal(value: Any) -> Decimal | None:
    """Return the number that a JSON value is or spells; None for anything that is no sensible price."""
    if not isinstance(value, Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= MAX_EXPONENT else None


@exact
def per_rate(each: Decimal, meter: str) -> Decimal:
    """Return the rate of a meter from the price of one unit."""
    return each * METERS[meter].per
