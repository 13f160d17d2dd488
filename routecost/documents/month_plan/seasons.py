"""Seasonal factors by calendar month, and the names of months, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Leaf, fault, quoted, read_text
from routecost.model.scenario.horizon import CALENDAR_MONTHS
from routecost.problems import nearest


def month_number(text: str) -> int | None:
    """Return the number of a calendar month written as ``november``, ``nov`` or ``11``; else None."""
    word = text.strip().lower()
    known = {
        name: at
        for at, month in enumerate(CALENDAR_MONTHS, 1)
        for name in (month, month[:3], f"{at}", f"{at:02}")
    }
    return known.get(word)


def _read_month_name(value: Any, _: Context) -> str:
    text = read_text(value)
    if month_number(text) is None:
        near = nearest(text, CALENDAR_MONTHS)
        expected = f'did you mean "{near}"?' if near else "expected one such as november, nov or 11"
        raise fault(f"{quoted(text)} is not a calendar month; {expected}")
    return text


def _read_month_number(value: Any, context: Context) -> int:
    number = month_number(_read_month_name(value, context))
    assert number is not None
    return number


_NUMBERS = {"type": "integer", "minimum": 1, "maximum": len(CALENDAR_MONTHS)}
MonthName = Annotated[str, Leaf(_read_month_name, {"type": "string", "minLength": 1})]
MonthNumber = Annotated[
    int, Leaf(_read_month_number, {"anyOf": [_NUMBERS, {"type": "string", "minLength": 1}]})
]


def season_faults(seasons: Mapping[str, Decimal]) -> Iterator[Fault]:
    """Look for months given twice under different names."""
    seen: dict[int | None, str] = {}
    for name in seasons:
        first = seen.setdefault(month_number(name), name)
        if first != name:
            yield Fault(f'"{name}" is the same month as "{first}"', ("seasonality", name), on_key=True)


def build_seasons(seasons: Mapping[str, Decimal]) -> dict[int, Decimal]:
    """Return the factors by month number."""
    return {month_number(name) or 0: factor for name, factor in seasons.items()}
