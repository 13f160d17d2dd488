"""Billing units (meters), exact decimal arithmetic, and numbers and lists as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, getcontext, setcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from routecost.records import dataclass

TOKENS_PER_MTOK = 1_000_000
CHARACTERS_PER_RATE = 1_000_000
FEES_PER_THOUSAND = 1_000
MONTHS_PER_YEAR = 12
DEFAULT_DAYS_PER_MONTH = 30

ZERO, ONE = Decimal(0), Decimal(1)

MAX_COUNT = Decimal(10) ** 15
"""The largest count that a document may state."""

MAX_DIGITS = 20
"""The maximum number of significant digits of a number in a document.

A line of a bill is quantity (count x share) x rate, so 3 x 20 digits keep every product exact.
"""

EXACT_DIGITS = 64

ROUNDING = Decimal("1e-40")
"""The largest share of an amount that the rounding of its parts can make up."""

_NUMBER = re.compile(r"[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?", re.ASCII)

P = ParamSpec("P")
R = TypeVar("R")


class _Exact(Context):
    """The context of exact functions. Nested calls do not set a context of this type again."""


_EXACT = _Exact(prec=EXACT_DIGITS, traps=[InvalidOperation, DivisionByZero, Overflow])


def exact(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function with 64 significant digits, regardless of the caller's Decimal context.

    Products and sums of document numbers are exact; only non-terminating quotients are rounded.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        before = getcontext()
        if type(before) is _Exact and before.prec == EXACT_DIGITS:
            return function(*args, **kwargs)
        setcontext(_EXACT)
        try:
            return function(*args, **kwargs)
        finally:
            setcontext(before)

    return wrapper


@dataclass(frozen=True, slots=True)
class Meter:
    """A billable unit, and the number of units (a power of ten) that its rate is stated for.

    ``in_context`` marks tokens that count towards the size of a call's context.
    """

    name: str
    per: int
    label: str
    is_token: bool = False
    in_context: bool = False


def _context(name: str, label: str) -> Meter:
    return Meter(name, TOKENS_PER_MTOK, label, is_token=True, in_context=True)


def _tokens(name: str, label: str) -> Meter:
    return Meter(name, TOKENS_PER_MTOK, label, is_token=True)


def _fee(name: str, label: str) -> Meter:
    return Meter(name, FEES_PER_THOUSAND, label)


METERS: dict[str, Meter] = {
    meter.name: meter
    for meter in (
        _context("input", "input tokens, uncached"),
        _tokens("output", "output tokens, including reasoning"),
        _context("cache_read", "input tokens read from a cache"),
        _context("cache_write_5m", "input tokens written to a 5-minute cache"),
        _context("cache_write_1h", "input tokens written to a 1-hour cache"),
        _fee("request", "calls"),
        _fee("web_search", "web searches"),
        _fee("storage_search", "file searches"),
        _context("input_audio", "audio input tokens, if priced separately"),
        _context("input_image", "image input tokens, if priced separately"),
        _context("input_video", "video input tokens, if priced separately"),
        _context("cache_read_audio", "audio input tokens read from a cache"),
        _context("cache_read_image", "image input tokens read from a cache"),
        _tokens("output_audio", "audio output tokens, if priced separately"),
        _tokens("output_image", "image output tokens, if priced separately"),
        _tokens("output_video", "video output tokens, if priced separately"),
        _tokens("output_reasoning", "reasoning output tokens, if priced separately"),
        _tokens("output_citation", "citation output tokens, if priced separately"),
        _fee("input_message", "messages sent as input"),
        _fee("document_page", "document pages read"),
        _fee("annotated_page", "document pages read and annotated"),
        Meter("input_character", CHARACTERS_PER_RATE, "input characters"),
        Meter("audio_hour", 1, "hours of audio"),
        Meter("input_audio_hour", 1, "hours of audio input"),
        Meter("provisioned_hour", 1, "hours of a unit of provisioned capacity"),
        Meter("cache_storage", TOKENS_PER_MTOK, "hours that a token is stored in a cache"),
        Meter("file_storage", 1, "hours that a gigabyte of files is stored"),
    )
}
"""All billable units. Documents, schemas and labels derive from this mapping."""

REASONING = "output_reasoning"
"""The meter of reasoning, if a model has a price of its own for it; else reasoning is output."""

READ_AS = {
    **{meter: meter for meter in METERS if meter.startswith("input_") or meter == "document_page"},
    "cache_read_audio": "input_audio",
    "cache_read_image": "input_image",
}
"""The units of an input beside its tokens, and what another call that reads it is billed for."""

TOKEN_METERS = tuple(meter.name for meter in METERS.values() if meter.is_token)
"""The meters that count tokens."""

FIXED_METERS = ("provisioned_hour", "cache_storage", "file_storage")
"""The meters of fees that do not depend on calls."""

CONTEXT_METERS = tuple(meter.name for meter in METERS.values() if meter.in_context)
"""The meters that add up to the context size of a call, which price steps depend on."""


def amount(quantity: Decimal, rate: Decimal, meter: Meter) -> Decimal:
    """Return the exact cost of a quantity at a rate per ``meter.per`` units.

    The division by a power of ten only moves the decimal point.
    """
    return (quantity * rate).scaleb(-len(str(meter.per)) + 1)


@exact
def total(*amounts: Decimal) -> Decimal:
    """Return the sum of amounts of money."""
    return sum(amounts, ZERO)


def cancelled(total: Decimal, largest: Decimal) -> Decimal:
    """Return a total; 0 if it is only the rounding of parts of which the largest is ``largest``."""
    return ZERO if abs(total) <= abs(largest) * ROUNDING else total


@exact
def percent(share: Decimal) -> str:
    """Return a fraction in per cent, exactly: ``5%``, ``0.001%``."""
    return f"{(share * 100).normalize():f}%"


def listed(names: Iterable[str], most: int | None = None) -> str:
    """Return one or more names as text: ``a, b and c``, or if they are more than ``most``, the first ones."""
    *first, last = names
    if most is not None and len(first) >= most:
        first, last = first[:most], f"{len(first) + 1 - most} more"
    return f"{', '.join(first)} and {last}" if first else str(last)


@dataclass(frozen=True, slots=True)
class WrittenNumber:
    """A number of a text; ``is_percent`` if the text states it in per cent."""

    value: Decimal
    is_percent: bool


def read_day(text: str) -> date:
    """Return the day of a text such as ``2026-11-20``; raises ValueError for another."""
    day = date.fromisoformat(text)
    if day.isoformat() != text:  # Python also reads 20260201 and 2026-W05
        raise ValueError(text)
    return day


@exact
def read_number(text: str) -> WrittenNumber | None:
    """Return the number of a text such as ``20%`` or ``0.2``; None unless it has at most 20 digits."""
    bare = text.strip()
    digits = bare.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(digits):
        return None
    value = Decimal(digits.replace("_", ""))
    if len(value.as_tuple().digits) > MAX_DIGITS:
        return None
    is_percent = bare.endswith("%")
    return WrittenNumber(value.scaleb(-2) if is_percent else value, is_percent)
