"""Local times of calls, and the hours of a week in which modes of a sheet apply, as integer expressions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from math import prod
from typing import Any

import narwhals as nw

from routecost.engine.usage.hours import parts_of_week, shifted, time_zone
from routecost.ingest.logs.call import EARLIEST, LATEST
from routecost.model.pricing.hours import MINUTES_PER_DAY, MINUTES_PER_WEEK, Hours
from routecost.records import dataclass

MOST_STARTS = 500
"""The most minutes of a week at which hours begin or end; beyond it, hours of calls are unknown."""

_MICROS = 1_000_000
_MICROS_PER_MINUTE = 60 * _MICROS
_SECONDS_PER_DAY = 86_400
_THURSDAY = 3 * MINUTES_PER_DAY
"""The minute of a week at which 1970 begins."""

Steps = tuple[tuple[int, int], ...]
"""Values, each with where it begins to hold."""


def zone_offsets(zone: tzinfo, first: int, last: int) -> Steps:
    """Return the offsets of a time zone between two times in microseconds, as ``Grid`` has them.

    Before 2000 and after 2100, where no call is believed to be, offsets do not change.
    """
    at, end = (min(max(time, EARLIEST), LATEST) // _MICROS for time in (first, last))

    def offset(second: int) -> int:
        from_utc = datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset()
        return 0 if from_utc is None else int(from_utc.total_seconds())

    offsets = [(0, offset(at))]
    while at < end:
        before, after = offsets[-1][1], min(at + _SECONDS_PER_DAY, end)
        if offset(after) != before:
            seconds = range(at + 1, after + 1)
            after = seconds[bisect_left(seconds, True, key=lambda second: offset(second) != before)]
            offsets.append((after * _MICROS, offset(after)))
        at = after
    return tuple(offsets)


def local_time(offsets: Steps) -> nw.Expr:
    """Return the time in a zone with these offsets, in microseconds."""
    return nw.col("time") + stepped("time", [(at, seconds * _MICROS) for at, seconds in offsets])


def stepped(column: str, steps: Sequence[tuple[int, int]]) -> nw.Expr:
    """Return a value that changes where a column reaches the start of each step; the first always holds."""
    (_, value), *changes = steps
    terms = [nw.lit(value)]
    for at, new in changes:
        terms.append(nw.when(nw.col(column) >= at).then(nw.lit(new - value)).otherwise(nw.lit(0)))
        value = new
    return added(terms)


def added(terms: Sequence[nw.Expr]) -> nw.Expr:
    """Return the sum of terms, nested as little as possible: engines walk expressions recursively."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return added(terms[:half]) + added(terms[half:])


@dataclass(frozen=True, slots=True)
class _Week:
    """A week in a time zone: ``starts`` are minutes with the place in ``sets`` of the hours from there on."""

    offsets: Steps
    starts: Steps
    sets: tuple[frozenset[Hours], ...]


@dataclass(frozen=True, slots=True)
class HourSets:
    """In which hours calls can be, as numbers from 1; 0 if the hour is unknown."""

    weeks: tuple[_Week, ...] = ()

    @classmethod
    def of(cls, hours: Iterable[Hours], span: tuple[int, int]) -> HourSets:
        """Return the sets of hours for calls between two times in microseconds."""
        by_zone: dict[str, list[Hours]] = {}
        for one in hours:
            by_zone.setdefault(one.time_zone, []).append(one)
        weeks = [_week(zone, of_zone, span) for zone, of_zone in by_zone.items()]
        return cls(tuple(weeks) if sum(len(week.starts) for week in weeks) <= MOST_STARTS else ())

    @property
    def count(self) -> int:
        """The number of sets, with that of unknown hours."""
        return 1 + prod(len(week.sets) for week in self.weeks) if self.weeks else 1

    def add(self, frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
        """Add the number of the set of each call as ``hours``; single calls with a time have one."""
        if not self.weeks:
            return frame
        minutes = []
        for at, week in enumerate(self.weeks):
            minute = local_time(week.offsets) // _MICROS_PER_MINUTE + _THURSDAY
            minutes.append((minute - minute // MINUTES_PER_WEEK * MINUTES_PER_WEEK).alias(f"minute {at}"))
        terms, factor = [nw.lit(1)], 1
        for at, week in enumerate(self.weeks):
            terms.append(stepped(f"minute {at}", week.starts) * factor)
            factor *= len(week.sets)
        known = ~nw.col("time").is_null() & ~nw.col("is_sum") & (nw.col("calls") <= 1)
        number = nw.when(known).then(added(terms)).otherwise(nw.lit(0))
        return frame.with_columns(*minutes).with_columns(number.alias("hours"))

    def of_number(self, number: int) -> frozenset[Hours] | None:
        """Return the hours of a set; None if they are unknown."""
        if not number:
            return None
        number -= 1
        hours = frozenset[Hours]()
        for week in self.weeks:
            number, at = divmod(number, len(week.sets))
            hours |= week.sets[at]
        return hours


def _week(zone: str, hours: Sequence[Hours], span: tuple[int, int]) -> _Week:
    parts = parts_of_week({one: shifted(one.spans, 0) for one in hours})
    sets = {inside: at for at, inside in enumerate(dict.fromkeys(inside for _, inside in parts))}
    starts = tuple((start, sets[inside]) for start, inside in parts)
    return _Week(zone_offsets(time_zone(zone), *span), starts, tuple(sets))
