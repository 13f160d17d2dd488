"""Hours of arrival of task types, where prices depend on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from routecost.engine.logs.calibration.figures import number, ratio
from routecost.engine.logs.calibration.lines import Tiered, TierPrices
from routecost.engine.usage.hours import parts_of_week, shifted, time_zone
from routecost.errors import UsageError
from routecost.model.pricing.hours import EVERY_DAY, MINUTES_PER_WEEK, Hours
from routecost.model.pricing.sheet import STANDARD
from routecost.records import dataclass
from routecost.units import exact

_HOUR, _DAY, _WEEK = 60, 24, 168
_THURSDAY = 72
"""The hour of a week at which 1970 begins."""


@dataclass(frozen=True, slots=True)
class HourShape:
    """The calls of a log by hour of the week in ``zone``, and the minutes of a week by the hours of a sheet.

    ``parts`` have the minutes from a first to before a last, with the hours that they are in.
    """

    zone: str
    calls: tuple[int, ...]
    parts: tuple[tuple[int, int, frozenset[Hours]], ...]
    is_daily: bool

    @classmethod
    def of(
        cls, hours: Iterable[Hours], counts: Mapping[int, int], log_zone: str, day: date
    ) -> HourShape | None:
        """Return the shape of calls by hour since 1970 in the zone of a log; None without hours of a sheet.

        Time zones differ as at noon of ``day``.
        """
        every = list(hours)
        if not every:
            return None
        zone = every[0].time_zone
        calls = [0] * _WEEK
        ahead = (_offset(zone, day) - _offset(log_zone, day)) // _HOUR
        for hour, count in counts.items():
            calls[(hour + ahead + _THURSDAY) % _WEEK] += count
        spans = {one: shifted(one.spans, _offset(zone, day) - _offset(one.time_zone, day)) for one in every}
        starts = parts_of_week(spans)
        ends = [*(start for start, _ in starts[1:]), MINUTES_PER_WEEK]
        parts = tuple((start, end, inside) for (start, inside), end in zip(starts, ends, strict=True))
        return cls(zone, tuple(calls), parts, all(one.days == EVERY_DAY for one in every))

    @exact
    def arrivals(self, cells: Iterable[Tiered]) -> dict[str, Any] | None:
        """Return the arrivals of a task type: as many in each of the hours as calls were logged in them.

        Within these, they are spread as the calls of the whole log. None if no calls are standard ones.
        """
        weights = [Fraction(0)] * _WEEK
        for inside, count in _standard(cells).items():
            own = [part for part in self.parts if part[2] == inside]
            minutes = Counter[int]()
            for start, end, _ in own:
                for hour in range(start // _HOUR, -(-end // _HOUR)):
                    minutes[hour] += min(end, (hour + 1) * _HOUR) - max(start, hour * _HOUR)
            shape = {hour: minutes[hour] * self.calls[hour] for hour in minutes}
            shape = shape if any(shape.values()) else dict(minutes)
            for hour, weight in shape.items():
                weights[hour] += Fraction(count * weight, sum(shape.values()))
        if not any(weights):
            return None
        if self.is_daily:
            weights = [sum(weights[hour::_DAY], Fraction(0)) for hour in range(_DAY)]
        return {
            "time_zone": self.zone,
            "by_hour": [number(ratio(weight.numerator, weight.denominator)) for weight in weights],
        }


def _standard(cells: Iterable[Tiered]) -> dict[frozenset[Hours], int]:
    counts: dict[frozenset[Hours], int] = {}
    for one in cells:
        if one.cell.mode == STANDARD and one.cell.hours is not None:
            counts[one.cell.hours] = counts.get(one.cell.hours, 0) + one.cell.calls
    return counts


def _offset(zone: str, day: date) -> int:
    """Return the minutes that a zone is ahead of UTC at noon."""
    offset = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(time_zone(zone)).utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60


def refuse_unknown_hours(cells: Iterable[Tiered], prices: TierPrices) -> None:
    """Raise UsageError if prices depend on the hours of calls, and these are not known."""
    unknown = sum(one.cell.calls for one in cells if one.cell.hours is None and one.cell.mode == STANDARD)
    if prices.hours and unknown:
        raise UsageError(
            f'pricing sheet "{prices.pricer.sheet.name}" has prices by the hour, and the hours of '
            f"{unknown:,} calls are unknown: they have no time of day, or were summed; expected a log of "
            "single calls"
        )


def stated_modes(cells: Iterable[Tiered], prices: TierPrices) -> Iterator[str]:
    """Yield the modes of logged calls that apply at certain hours on some tier."""
    timed = {mode for of_model in prices.hours.values() for mode in of_model}
    yield from sorted({one.cell.mode for one in cells} & timed)
