"""A logged call, as all dialects are read."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from routecost.errors import UsageError
from routecost.model.logs.cells import COUNTED, NANOS
from routecost.model.pricing.sheet import STANDARD

MOST_COUNTED = 2**53
"""The largest count that is believed; more in one call is a fault of the log."""

MOST_COST = 10**9
"""The largest cost of one record that is believed, in units of its currency."""

FAILURE = "failure"
"""The outcome of calls and tasks that failed."""

UNKNOWN_FAILED = "failed requests whose model is not logged"
"""The kind under which failed requests that are no calls of a model are counted."""

NO_USAGE = "calls without usage"
"""The kind under which calls are counted that have neither usage nor a cost in the log."""

_DIGITS = len(str(MOST_COUNTED))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS, _MICROS = 86_400, 1_000_000
EARLIEST, LATEST = (
    (datetime(year, 1, 1, tzinfo=UTC) - EPOCH).days * _SECONDS * _MICROS for year in (2000, 2100)
)
"""The times between which calls are believed to be made; another is a fault of the log."""

UNRECOGNISED = "unrecognised"
"""The mode of calls whose logged mode or service tier is no short name: it may hold any text."""

_MODE, _CURRENCY = re.compile("[a-z0-9_-]{1,30}"), re.compile("[A-Za-z]{3}")


class Call(msgspec.Struct, gc=False):
    """One call, or the sum of several (``calls`` > 1, or ``is_sum``) in reports of a provider.

    ``id`` is equal for all lines that repeat the call; of these, the one with the lowest ``rank`` is kept,
    then the one with the most output. ``time`` is in microseconds since 1970 in UTC; None if unknown.
    ``model`` is the name in the log. ``units`` counts by meter of ``units.METERS``: input without cached
    tokens, output with reasoning. ``labels`` are short names by which a task type can be chosen (agent,
    workflow, project, tag:KEY, name); never prompts or answers. ``task`` is the task that the call is an
    attempt of. ``outcome`` is "success", "failure" or None. ``cost`` is what the log says that it cost, in
    10^-9 units of ``currency``; None if it does not say. ``context`` is the size of its context in tokens if
    it is not the sum of its input meters; in sums, the calls' contexts have from ``context`` to
    ``context_upto`` tokens, if known. ``billed`` is false for answers of a gateway's own cache.
    ``scores`` are values by name, one of which may be its outcome. ``has_total_only`` says that its tokens
    are logged as a total, of which it is not known what is input.
    """

    model: str
    time: int | None = None
    units: dict[str, int] = {}
    id: str | None = None
    rank: int = 0
    mode: str = STANDARD
    calls: int = 1
    is_sum: bool = False
    context: int | None = None
    context_upto: int | None = None
    session: str | None = None
    task: str | None = None
    agent: str | None = None
    task_type: str | None = None
    outcome: str | None = None
    cost: int | None = None
    currency: str | None = None
    provider: str | None = None
    labels: dict[str, str] | None = None
    billed: bool = True
    scores: dict[str, Any] | None = None
    has_total_only: bool = False


class BadRecordError(ValueError):
    """A record of a log is wrong; the message says what is wrong and what was expected, without its text.

    A dialect raises it for a whole line, and yields it for one of several records of a line or document.
    """


class Skipped(msgspec.Struct):
    """A record that is no billed call, by kind."""

    kind: str


class Note(msgspec.Struct):
    """What was assumed in reading a call that follows; ``count`` of what the text says, such as tokens."""

    text: str
    count: int = 1


class Page(msgspec.Struct, frozen=True):
    """A page of a provider's report: its first and last time in microseconds, and whether more follow."""

    report: str
    start: int
    end: int
    has_more: bool


class Waiting(msgspec.Struct):
    """What is read of a line whose calls depend on other lines, until all files are read."""

    data: bytes


class Score(msgspec.Struct):
    """A score of a task: a number, or the text of a category. ``time`` is in microseconds."""

    task: str
    name: str
    value: float | None
    text: str | None
    time: int | None = None


Found: TypeAlias = Call | BadRecordError | Skipped | Note | Page | Score
Item: TypeAlias = Found | Waiting
"""What a dialect finds in a line or document."""


def check(call: Call) -> None:
    """Raise BadRecordError for counts and times that no call can have; a mode that is no name is replaced."""
    if call.time is not None and not EARLIEST <= call.time < LATEST:
        raise BadRecordError("its time is not between the years 2000 and 2100")
    if call.currency is not None:
        is_code = call.cost is not None or _CURRENCY.fullmatch(call.currency)
        call.currency = currency(call.currency) if is_code else None
    if call.mode is not STANDARD and not _is_name(call.mode):
        call.mode = UNRECOGNISED
    units = call.units
    for meter, count in units.items():
        if not 0 <= count <= MOST_COUNTED:
            raise BadRecordError(f"{meter} is {count}; expected a count from 0 to {MOST_COUNTED}")
    if not units.keys() <= _COUNTED:
        raise BadRecordError(f'unknown meter "{min(units.keys() - _COUNTED)}"')
    if not 0 <= call.calls <= MOST_COUNTED:
        raise BadRecordError(f"calls are {call.calls}; expected a count from 0 to {MOST_COUNTED}")


def check_times(first: int | None, last: int | None) -> None:
    """Raise UsageError if the first or the last time of calls that no dialect read cannot be one."""
    if any(time is not None and not EARLIEST <= time < LATEST for time in (first, last)):
        raise UsageError(
            "times of calls are not between the years 2000 and 2100; expected microseconds since 1970 in UTC"
        )


@lru_cache(maxsize=100)
def currency(code: str) -> str:
    """Return a currency in capitals. Raises BadRecordError for other text: it may be anything."""
    if not _CURRENCY.fullmatch(code):
        raise BadRecordError("its currency is not a code of three letters, such as USD")
    return code.upper()


@lru_cache(maxsize=1_000)
def _is_name(mode: str) -> bool:
    return _MODE.fullmatch(mode) is not None


_COUNTED = frozenset(COUNTED)


def micros(text: str) -> int:
    """Return the time of an ISO 8601 text; a text without a zone is in UTC.

    Raises BadRecordError for another text.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadRecordError("its time is not in ISO 8601") from None
    try:
        seconds = (time.replace(tzinfo=UTC) if time.tzinfo is None else time).timestamp()
    except OverflowError:
        raise BadRecordError("its time is not between the years 2000 and 2100") from None
    return round(seconds * _MICROS)  # exact between these years: a double has a quarter of a microsecond


def nanos(amount: Decimal) -> int:
    """Return an amount of money in 10^-9 of its unit. Raises BadRecordError for one that no call costs."""
    if not amount.is_finite() or not 0 <= amount <= MOST_COST:
        raise BadRecordError(f"its cost is not an amount from 0 to {MOST_COST:,}")
    return int(amount.scaleb(NANOS).to_integral_value())


def count(value: int | str | None, name: str) -> int:
    """Return a count that may be written as a string of digits; 0 for None.

    ``name`` is the name of its field. Raises BadRecordError for anything else.
    """
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS):
            raise BadRecordError(f"{name} is not a count; expected digits only")
        value = int(value)
    if value is not None and not 0 <= value <= MOST_COUNTED:
        raise BadRecordError(f"{name} is {value}; expected a count from 0 to {MOST_COUNTED}")
    return value or 0


def counted(units: dict[str, int]) -> dict[str, int]:
    """Return units without those of which there are none."""
    return {meter: units[meter] for meter in units if units[meter]}
