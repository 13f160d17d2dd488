"""Hours that are taken in a year, so that hours that overlap are found without comparing all pairs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from routecost.engine.usage.hours import offsets, shifted
from routecost.model.pricing.hours import Hours, Span


class _Week:
    """The spans of a week that are taken, in order; none overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._taken: list[tuple[int, Hours]] = []

    def overlapping(self, span: Span) -> Hours | None:
        since, upto = span
        at = bisect_left(self._starts, upto) - 1
        if at < 0 or self._taken[at][0] <= since:
            return None
        return self._taken[at][1]

    def take(self, span: Span, hours: Hours) -> None:
        since, upto = span
        at = bisect_left(self._starts, since)
        self._starts.insert(at, since)
        self._taken.insert(at, (upto, hours))


class Timetable:
    """The hours in time zones that are taken in a year.

    The days on which the time zones differ by the same minutes have one week.
    """

    def __init__(self, zones: Iterable[str], year: int) -> None:
        self._zones = {zone: at for at, zone in enumerate(dict.fromkeys(zones))}
        days = zip(*(offsets(zone, year) for zone in self._zones), strict=True)
        differences = dict.fromkeys(tuple(offset - day[0] for offset in day) for day in days)
        self._weeks = [(shifts, _Week()) for shifts in differences]

    def take(self, hours: Hours) -> Hours | None:
        """Take hours; return taken ones that they have a minute of the year in common with, if any."""
        at = self._zones[hours.time_zone]
        weeks = [(week, shifted(hours.spans, -shifts[at])) for shifts, week in self._weeks]
        for week, spans in weeks:
            for span in spans:
                if (other := week.overlapping(span)) is not None:
                    return other
        for week, spans in weeks:
            for span in spans:
                week.take(span, hours)
        return None
