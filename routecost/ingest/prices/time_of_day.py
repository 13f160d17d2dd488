"""Conversion of prices by time of day to processing modes, which a sheet can express."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any, NamedTuple

HALF_A_DAY = 12 * 60
WHOLE_DAY = 24 * 60

Prices = Mapping[str, Any]


class NotExpressibleError(Exception):
    """A pricing sheet cannot express a price; the message states the reason."""


class Window(NamedTuple):
    """Different prices each day from ``start`` to ``end`` (UTC), possibly past midnight."""

    start: time
    end: time
    prices: Prices

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return (_minute(self.end) - _minute(self.start)) % WHOLE_DAY

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def by_time_of_day(base: Prices, windows: Iterable[Window]) -> tuple[Prices, dict[str, Prices], list[str]]:
    """Return the prices of most of the day, those of the rest as a mode, and a note with its hours.

    Raises NotExpressibleError if there are more than two prices per day.
    """
    windows = list(windows)
    if not windows:
        return base, {}, []
    (prices, *more) = [window.prices for window in windows]
    if any(other != prices for other in more):
        raise NotExpressibleError("it has more than two prices per day")
    hours = " and ".join(map(str, windows))
    if sum(window.minutes for window in windows) <= HALF_A_DAY:
        mode = _name(base, prices)
        return base, {mode: {**base, **prices}}, [f"Mode {mode}: {hours} UTC."]
    mode = _name(prices, base)
    return {**base, **prices}, {mode: base}, [f"Mode {mode}: outside {hours} UTC."]


def _name(standard: Prices, other: Prices) -> str:
    is_higher = any(other[key] > standard[key] for key in standard.keys() & other.keys())
    return "peak" if is_higher else "off_peak"


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
