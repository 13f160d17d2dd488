"""Unrounded values as text for machines: full numbers, ISO dates."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from math import isfinite
from typing import TYPE_CHECKING

from routecost.errors import UsageError

if TYPE_CHECKING:
    from routecost.model.report.cells import Scalar
    from routecost.model.report.report import Report, Table

_CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN)  # the digits of an IEEE decimal128
_PLAIN_EXPONENTS = range(-34, 34)


def number(value: Scalar) -> Decimal:
    """Return a number as a Decimal with the same shortest text; raises ValueError unless finite."""
    exact = Decimal(float.__repr__(value) if isinstance(value, float) else str(value))
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return exact


def plain_number(value: Decimal | float | int) -> str:
    """Return a number as text for JSON and CSV.

    Decimals keep up to 34 significant digits, without trailing zeros or (within 34 places of the
    point) an exponent; floats read back as the same float. Raises ValueError unless finite.
    """
    if isinstance(value, float) and isfinite(value):
        return float.__repr__(value)
    digits = _CONTEXT.normalize(number(value))
    if not digits:
        return "0"
    return f"{digits:f}" if digits.adjusted() in _PLAIN_EXPONENTS else str(digits)


def plain_scalar(value: Scalar) -> str:
    """Return a raw value as text: empty for None, ``true`` or ``false``, ISO dates."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else plain_number(value)


def schema_name(report: Report) -> str:
    """Return the name and version of the schema of a report, such as ``routecost.compare/1``."""
    return f"routecost.{report.command}/{report.version}"


def first_table(report: Report, format_name: str) -> Table:
    """Return the main table for machines, else the first; raises UsageError if there is none."""
    tables = [table for part in (report, *report.parts.values()) for table in part.tables]
    first = next((table for table in tables if table.name == report.main), next(iter(tables), None))
    if first is None:
        raise UsageError(f'"{report.command}" has no table to write as "{format_name}"; try "text" or "json"')
    return first
