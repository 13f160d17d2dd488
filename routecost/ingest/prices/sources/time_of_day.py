"""Conversion of prices by time of day to processing modes, which a sheet can express."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from routecost.model.pricing.hours import MINUTES_PER_DAY, Hours

Prices = Mapping[str, Any]


class NotExpressibleError(Exception):
    """A pricing sheet cannot express a price; the message states the reason."""


class Window(NamedTuple):
    """Different prices each day from ``start`` to ``end`` (UTC), possibly past midnight."""

    start: time
    end: time
    prices: Prices

    @property
    def minutes(self) -> set[int]:
        """The minutes of the day."""
        start, end = _minute(self.start), _minute(self.end)
        length = (end - start) % MINUTES_PER_DAY or MINUTES_PER_DAY
        return {minute % MINUTES_PER_DAY for minute in range(start, start + length)}


ByMode = tuple[dict[str, Prices], dict[str, tuple[Hours, ...]]]
"""The prices of modes, and their hours."""


def by_time_of_day(base: Prices, windows: Iterable[Window]) -> tuple[Prices, ByMode]:
    """Return the prices of most of the day, and those of the rest as a mode with its hours.

    Raises NotExpressibleError if there are more than two prices per day.
    """
    windows = list(windows)
    if not windows:
        return base, ({}, {})
    (prices, *more) = [window.prices for window in windows]
    if any(other != prices for other in more):
        raise NotExpressibleError("it has more than two prices per day")
    minutes = set[int]().union(*(window.minutes for window in windows))
    others = set(range(MINUTES_PER_DAY)) - minutes
    if len(minutes) <= len(others):
        mode = _name(base, prices)
        return base, ({mode: {**base, **prices}}, {mode: hours_of(minutes)})
    mode = _name(prices, base)
    return {**base, **prices}, ({mode: base}, {mode: hours_of(others)} if others else {})


def utc(moment: time) -> time:
    """Return a time of day in UTC; without a time zone it is in UTC."""
    return datetime.combine(date(2026, 1, 1), moment).astimezone(UTC).time() if moment.tzinfo else moment


def hours_of(minutes: Collection[int]) -> tuple[Hours, ...]:
    """Return the hours in UTC that have these minutes of the day, and no others."""
    starts = [minute for minute in sorted(minutes) if (minute - 1) % MINUTES_PER_DAY not in minutes]
    return tuple(Hours(start, _end(start, minutes), "UTC") for start in starts)


def _end(start: int, minutes: Collection[int]) -> int:
    end = next(at for at in range(start, start + MINUTES_PER_DAY + 1) if at % MINUTES_PER_DAY not in minutes)
    return end % MINUTES_PER_DAY or MINUTES_PER_DAY


def _name(standard: Prices, other: Prices) -> str:
    is_higher = any(other[key] > standard[key] for key in standard.keys() & other.keys())
    return "peak" if is_higher else "off_peak"


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
