"""Hours of a week in which prices apply, as sources state them; minutes are the bits of a number."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from routecost.model.pricing.hours import (
    EVERY_DAY,
    MINUTES_PER_DAY,
    MINUTES_PER_WEEK,
    WEEKDAYS,
    Hours,
)

Minutes = int
"""Minutes of a week in UTC: bit 0 is the first minute of Monday."""

WHOLE_WEEK = (1 << MINUTES_PER_WEEK) - 1
_RUN = re.compile("1+")


class ConditionError(Exception):
    """The condition of a price cannot be read; the message states the reason."""


def week_minutes(start: int, end: int, days: Collection[int], offset: int = 0) -> Minutes:
    """Return the minutes of a week between two minutes of the day in UTC.

    ``end`` at or before ``start`` is on the next day. Only those minutes count that are on one of
    ``days`` in a time zone that is ``offset`` minutes ahead.
    """
    length = (end - start) % MINUTES_PER_DAY or MINUTES_PER_DAY
    window = sum(_span(day * MINUTES_PER_DAY + start, length) for day in EVERY_DAY)
    return window & sum(_span(day * MINUTES_PER_DAY - offset, MINUTES_PER_DAY) for day in {*days})


def _span(start: int, length: int) -> Minutes:
    """Return the minutes from one of a week on; what goes over its end is at its beginning."""
    bits = ((1 << length) - 1) << start % MINUTES_PER_WEEK
    return bits & WHOLE_WEEK | bits >> MINUTES_PER_WEEK


def days_of(names: Any, first: int = 0) -> tuple[int, ...]:
    """Return days (0 is Monday) from names, or numbers of which ``first`` is Monday; all from None.

    Raises ConditionError.
    """
    if names is None:
        return EVERY_DAY
    days = [_day(name, first) for name in (names if isinstance(names, list) else [names])]
    if not days or None in days:
        raise ConditionError("it has days that are none of a week")
    return tuple(sorted({day for day in days if day is not None}))


def _day(name: Any, first: int) -> int | None:
    text = str(name).strip().lower()
    if text.isdecimal():
        return int(text) - first if 0 <= int(text[:3]) - first < len(EVERY_DAY) else None
    matches = [day for day, weekday in enumerate(WEEKDAYS) if text in (weekday, weekday[:3])]
    return matches[0] if matches else None


@cache
def fixed_offset(zone: str) -> int | None:
    """Return the minutes by which a time zone is ahead of UTC; None if they change in a year.

    Raises ConditionError for an unknown time zone.
    """
    try:
        known = ZoneInfo(zone)
    except (OSError, ValueError, KeyError) as error:
        raise ConditionError(f'its time zone "{zone}" is unknown') from error
    offsets = {datetime(2026, month, 1, tzinfo=known).utcoffset() for month in range(1, 13)}
    (offset, *others) = offsets
    return None if others or offset is None else int(offset.total_seconds()) // 60


def hours_of_week(minutes: Minutes) -> tuple[Hours, ...]:
    """Return the hours in UTC that have these minutes of the week, and no others."""
    by_window: dict[tuple[int, int], list[int]] = {}
    for day in EVERY_DAY:
        for window in _windows(minutes >> day * MINUTES_PER_DAY):
            by_window.setdefault(window, []).append(day)
    return tuple(Hours(*window, "UTC", tuple(days)) for window, days in sorted(_joined(by_window).items()))


def _joined(by_window: dict[tuple[int, int], list[int]]) -> dict[tuple[int, int], list[int]]:
    """Join hours before and after midnight that are on every day, as most price lists state them."""
    evening = next((w for w, days in by_window.items() if w[1] == MINUTES_PER_DAY and len(days) == 7), None)
    morning = next((w for w, days in by_window.items() if w[0] == 0 and len(days) == 7), None)
    if evening is None or morning is None or evening == morning:
        return by_window
    rest = {window: days for window, days in by_window.items() if window not in (evening, morning)}
    return {**rest, (evening[0], morning[1]): list(EVERY_DAY)}


def _windows(minutes: Minutes) -> Iterator[tuple[int, int]]:
    """Yield the first minute of each run of minutes of a day, and the one after its last."""
    bits = f"{minutes & ((1 << MINUTES_PER_DAY) - 1):b}"[::-1]
    yield from (run.span() for run in _RUN.finditer(bits))
