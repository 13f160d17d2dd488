"""Values of cost reports."""

from __future__ import annotations

import re
from decimal import Decimal

from routecost.ingest.logs.call import BadRecordError
from routecost.units import read_number

_CURRENCY = re.compile(r"[A-Za-z]{3}")


def money(text: str) -> Decimal:
    """Return an amount that is written as a decimal number; it may be negative, as credits are."""
    number = read_number(text)
    if number is None or number.is_percent:
        raise BadRecordError("its amount is not a decimal number of at most 20 digits")
    return number.value


def currency(code: str) -> str:
    """Return a currency in capitals."""
    if not _CURRENCY.fullmatch(code):
        raise BadRecordError("its currency is not a code of three letters, such as USD")
    return code.upper()
