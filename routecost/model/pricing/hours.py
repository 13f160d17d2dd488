"""Hours of a week in a time zone, in which a processing mode of a sheet applies."""

from __future__ import annotations

from routecost.records import dataclass

MINUTES_PER_DAY = 24 * 60
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EVERY_DAY = tuple(range(len(WEEKDAYS)))

Span = tuple[int, int]
"""Minutes of a week from Monday 0:00: the first, and the one after the last."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The minutes of a day from ``start`` to ``end``, beginning on each of ``days`` (0 is Monday).

    They go over midnight if ``end`` is before ``start``. ``time_zone`` is a name such as
    ``Asia/Shanghai``, or an offset such as ``+08:00``.
    """

    start: int
    end: int
    time_zone: str
    days: tuple[int, ...] = EVERY_DAY

    @property
    def spans(self) -> tuple[Span, ...]:
        """The minutes of a week; those of Sunday night may end after the week."""
        length = (self.end - self.start) % MINUTES_PER_DAY or MINUTES_PER_DAY
        starts = [day * MINUTES_PER_DAY + self.start for day in self.days]
        return tuple((start, start + length) for start in starts)

    def __str__(self) -> str:
        days = "" if self.days == EVERY_DAY else f" {'/'.join(WEEKDAYS[day][:3] for day in self.days)}"
        return f"{clock(self.start)}-{clock(self.end)} {self.time_zone}{days}"


def clock(minute: int) -> str:
    """Return a minute of the day as a time."""
    return f"{minute // 60:02}:{minute % 60:02}"
