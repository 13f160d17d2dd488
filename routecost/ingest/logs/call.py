"""A logged call, as all dialects are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from routecost.model.logs.cells import COUNTED
from routecost.model.pricing.sheet import STANDARD

MOST_COUNTED = 2**53
"""The largest count that is believed; more in one call is a fault of the log."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Call(msgspec.Struct, gc=False):
    """One call, or the sum of several (``calls`` > 1, or ``is_sum``) in reports of a provider.

    ``id`` is equal for all lines that repeat the call; of these, the one with the lowest ``rank`` is kept,
    then the one with the most output. ``time`` is in microseconds since 1970 in UTC; None if unknown.
    ``model`` is the name in the log. ``units`` counts by meter of ``units.METERS``: input without cached
    tokens, output with reasoning. ``labels`` are short names by which a task type can be chosen (agent,
    workflow, project, tag:KEY, name); never prompts or answers. ``task`` is the task that the call is an
    attempt of. ``outcome`` is "success", "failure" or None. ``cost`` is what the log says that it cost, in
    10^-9 units of ``currency``; None if it does not say. ``context`` is the size of its context in tokens if
    it is not the sum of its input meters. ``billed`` is false for answers of a gateway's own cache.
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


class BadRecordError(ValueError):
    """A record of a log is wrong; the message says what is wrong and what was expected, without its text."""


def check(call: Call) -> None:
    """Raise BadRecordError for counts that no call can have."""
    for meter, count in call.units.items():
        if not 0 <= count <= MOST_COUNTED:
            raise BadRecordError(f"{meter} is {count}; expected a count from 0 to {MOST_COUNTED}")
        if meter not in _COUNTED:
            raise BadRecordError(f'unknown meter "{meter}"')
    if not 0 <= call.calls <= MOST_COUNTED:
        raise BadRecordError(f"calls are {call.calls}; expected a count from 0 to {MOST_COUNTED}")


_COUNTED = frozenset(COUNTED)


def micros(text: str) -> int:
    """Return the time of an ISO 8601 text; a text without a zone is in UTC.

    Raises BadRecordError for another text.
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadRecordError("its time is not in ISO 8601") from None
    return (time.replace(tzinfo=time.tzinfo or UTC) - EPOCH) // _MICROSECOND
