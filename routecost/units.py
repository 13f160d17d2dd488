"""Money, tokens and shares: the meters, exact arithmetic, and the only 1,000,000 in the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

TOKENS_PER_MTOK = 1_000_000
FEES_PER_THOUSAND = 1_000
MONTHS_PER_YEAR = 12
DEFAULT_DAYS_PER_MONTH = 30

MAX_COUNT = Decimal(10) ** 15
"""The largest count of anything that a document may state."""

MAX_DIGITS = 20
"""The most significant digits that a number in a document may have.

A line of a bill is quantity (count x share) x rate, so 3 x 20 digits keep every product exact.
"""

EXACT_DIGITS = 64
_EXACT = Context(prec=EXACT_DIGITS, traps=[InvalidOperation, DivisionByZero, Overflow])

P = ParamSpec("P")
R = TypeVar("R")


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function with 64 significant digits, whatever the caller's Decimal context is.

    Products and sums of document numbers are exact there; only quotients that never end are cut.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(_EXACT):
            return function(*args, **kwargs)

    return wrapper


@dataclass(frozen=True, slots=True)
class Meter:
    """A billable unit: what is counted, and per how many of them a rate is stated."""

    name: str
    per: int
    label: str

    @property
    def is_token(self) -> bool:
        """True for meters that count tokens, false for fees per thousand."""
        return self.per == TOKENS_PER_MTOK


def _tokens(name: str, label: str) -> Meter:
    return Meter(name, TOKENS_PER_MTOK, label)


def _fee(name: str, label: str) -> Meter:
    return Meter(name, FEES_PER_THOUSAND, label)


METERS: dict[str, Meter] = {
    meter.name: meter
    for meter in (
        _tokens("input", "input tokens that no cache served or stored"),
        _tokens("output", "output tokens, reasoning included"),
        _tokens("cache_read", "input tokens read from a cache"),
        _tokens("cache_write_5m", "input tokens written to a 5-minute cache"),
        _tokens("cache_write_1h", "input tokens written to a 1-hour cache"),
        _fee("request", "calls"),
        _fee("web_search", "web searches"),
    )
}
"""Every billable unit, declared once. Documents, schemas and labels derive from it."""

CONTEXT_METERS = ("input", "cache_read", "cache_write_5m", "cache_write_1h")
"""The meters that add up to the size of a call's context, which price steps look at."""


def amount(quantity: Decimal, rate: Decimal, meter: Meter) -> Decimal:
    """Return the money for a quantity at a rate per ``meter.per`` units, exactly.

    The division by a power of ten only moves the decimal point.
    """
    return (quantity * rate).scaleb(-len(str(meter.per)) + 1)
