"""Values of cost reports."""

from __future__ import annotations

from decimal import Decimal

from routecost.ingest.logs.call import BadRecordError
from routecost.units import read_number


def money(text: str) -> Decimal:
    """Return an amount that is written as a decimal number; it may be negative, as credits are."""
    number = read_number(text)
    if number is None or number.is_percent:
        raise BadRecordError("its amount is not a decimal number of at most 20 digits")
    return number.value
