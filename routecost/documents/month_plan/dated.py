"""Months and monthly growth rates, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Context, Given, Leaf, fault, quoted, read_number
from routecost.documents.pricing.entry_order import order_faults
from routecost.errors import UsageError
from routecost.model.scenario.horizon import GrowthStep, month_name, read_growth, read_month


def _read_month(value: Any, _: Context) -> date:
    text = value if isinstance(value, str) else quoted(value)
    try:
        return read_month(text.strip())
    except UsageError as error:
        raise fault(str(error)) from None


def _read_growth(value: Any, _: Context) -> Decimal:
    if isinstance(value, Given):
        return read_number(value, "a growth")
    if not isinstance(value, str):
        raise fault(f"{quoted(value)} is not a growth per month; expected one such as 5%, 0.05 or -2%")
    try:
        return read_growth(value)
    except UsageError as error:
        raise fault(str(error)) from None


Month = Annotated[date, Leaf(_read_month, {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"})]
"""``YYYY-MM``, as the first day of the month."""

_GROWTH = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 1},
        {"type": "string", "pattern": r"^\s*[+-]?\d+(\.\d+)?\s*%$"},
    ]
}
Rate = Annotated[Decimal, Leaf(_read_growth, {**_GROWTH, "description": "growth per month: 5% or 0.05"})]


@document
class GrowthStepDocument:
    """A growth rate per month, from a month on."""

    rate: Rate
    start: Annotated[Month | None, Field(alias="from")] = None


def _growth_kind(data: Any) -> str | None:
    return "rate" if isinstance(data, str) else "steps" if isinstance(data, list) else None


Growth = Annotated[
    Any,
    OneOf(
        "a growth per month such as 5%, or a list of {from, rate}",
        {"rate": Rate, "steps": tuple[GrowthStepDocument, ...]},
        _growth_kind,
    ),
]


def growth_faults(growth: Any, *path: str) -> Iterator[Fault]:
    """Look for growth steps out of order."""
    if isinstance(growth, tuple):
        yield from month_faults(path, [step.start for step in growth])


def build_growth(growth: Any) -> tuple[GrowthStep, ...]:
    """Return the growth steps of either form; empty if there is no growth."""
    if isinstance(growth, tuple):
        return tuple(GrowthStep(step.rate, step.start) for step in growth)
    return () if growth is None else (GrowthStep(growth),)


def month_faults(path: tuple[str, ...], starts: Sequence[date | None]) -> Iterator[Fault]:
    """Look for entries whose months are out of order."""
    yield from order_faults(path, starts, month_name)


def until_faults(start: date, until: date | None) -> Iterator[Fault]:
    """Look for a last month before the first."""
    if until is not None and until < start:
        yield Fault(f'"until: {month_name(until)}" is before "from: {month_name(start)}"', ("until",))
