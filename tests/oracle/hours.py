"""Arrivals of calls, hours of processing modes, and hits of a cache. Part of the oracle."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from itertools import accumulate, pairwise
from math import exp, expm1
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle.amounts import number

DAY, WEEK = 24 * 60, 7 * 24 * 60
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS = {"all": NAMES, "working": NAMES[:5], "weekend": NAMES[5:]}

Profile = list[tuple[int, int, float]]
"""Minutes of a week, with the weight of each minute."""


def spans(stated: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Return the minutes of a local week in which hours hold; those over its end are cut in two."""
    start, end = _minute(stated["from"]) % DAY, _minute(stated["to"])
    length = end - start if end > start else end + DAY - start
    found = []
    for day in _days(stated):
        since = day * DAY + start
        found += [(since, min(since + length, WEEK))]
        found += [(0, since + length - WEEK)] if since + length > WEEK else []
    return sorted(found)


def _minute(text: Any) -> int:
    hours, minutes = str(text).split(":")
    return 60 * int(hours) + int(minutes)


def _days(stated: Mapping[str, Any]) -> list[int]:
    days = stated.get("days", "all")
    return [NAMES.index(name) for name in (DAYS[days] if isinstance(days, str) else days)]


def profile(arrivals: Mapping[str, Any]) -> Profile:
    """Return when calls arrive."""
    if "by_hour" not in arrivals:
        return [(start, end, 1.0) for start, end in spans(arrivals)]
    return [
        (day * DAY + hour * 60, day * DAY + hour * 60 + 60, float(number(weight)))
        for day in _days(arrivals)
        for hour, weight in enumerate(arrivals["by_hour"])
    ]


def share_in_hours(arrivals: Mapping[str, Any], hours: Any, year: int) -> float:
    """Return the share of arrivals in hours, over the days of a year."""
    several: Sequence[Mapping[str, Any]] = [hours] if isinstance(hours, Mapping) else hours
    arriving = profile(arrivals)
    total = sum((end - start) * weight for start, end, weight in arriving)
    inside = 0.0
    for one in several:
        for shift, days in _shifts(arrivals["time_zone"], one["time_zone"], year).items():
            moved = [((start + shift) % WEEK, end - start) for start, end in spans(one)]
            parts = [(since, min(since + length, WEEK)) for since, length in moved]
            parts += [(0, since + length - WEEK) for since, length in moved if since + length > WEEK]
            inside += days * sum(
                weight * max(0, min(end, upto) - max(start, since))
                for start, end, weight in arriving
                for since, upto in parts
            )
    return inside / (total * _shifts("UTC", "UTC", year)[0])


@cache
def _shifts(here: str, there: str, year: int) -> Counter[int]:
    """Return how many minutes the first zone is ahead of the second, with the days of the year."""
    noon = datetime(year, 1, 1, 12, tzinfo=UTC)
    days = (noon + timedelta(days=at) for at in range(366))
    return Counter(_offset(here, day) - _offset(there, day) for day in days if day.year == year)


def _offset(name: str, moment: datetime) -> int:
    offset = moment.astimezone(_zone(name)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)


def _zone(name: str) -> tzinfo:
    if name[0] in "+-":
        sign = -1 if name[0] == "-" else 1
        return timezone(sign * timedelta(minutes=_minute(name[1:])))
    return ZoneInfo(name)


def share_missed(arrivals: Mapping[str, Any], lifetime: int, per_week: float) -> float:
    """Return the share of arrivals with none in the ``lifetime`` minutes before: the mean of exp(-R)."""
    arriving = sorted(profile(arrivals))
    before = list(accumulate(((end - start) * weight for start, end, weight in arriving), initial=0.0))
    total = before.pop()

    def until(minute: int) -> float:
        weeks, rest = divmod(minute, WEEK)
        at = max(0, bisect_right(arriving, (rest, WEEK, 0.0)) - 1)
        start, end, weight = arriving[at]
        return weeks * total + before[at] + weight * max(0, min(rest, end) - start)

    edges = {edge for start, end, _ in arriving for edge in (start, end)}
    cuts = sorted({0, WEEK} | edges | {(edge + lifetime) % WEEK for edge in edges})
    missed = 0.0
    for start, end in pairwise(cuts):
        low, high = sorted((until(at) - until(at - lifetime)) / total * per_week for at in (start, end))
        share = (until(end) - until(start)) / total
        missed += share * exp(-low) * (-expm1(low - high) / (high - low) if high != low else 1.0)
    return missed
