"""Rates of a processing mode, with the hours in which it applies, as a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from routecost.documents.core.document_type import OneOf, document
from routecost.documents.core.faults import Checked, Fault
from routecost.documents.core.times import TimeOfDay, TimeZone, WeekDays
from routecost.documents.pricing.meter_rates import MeterRates
from routecost.engine.usage.timetable import Timetable
from routecost.model.pricing.hours import EVERY_DAY, MINUTES_PER_DAY, Hours
from routecost.problems import KeyPath

MOST_HOURS = 1_000


@document
class HoursDocument:
    """Hours of each day, or of some days of the week, in a time zone."""

    start: Annotated[TimeOfDay, Field(alias="from")]
    end: Annotated[TimeOfDay, Field(alias="to")]
    time_zone: TimeZone
    days: WeekDays = EVERY_DAY

    def faults(self) -> Iterator[Fault]:
        """Yield a fault for hours of no length."""
        if self.start % MINUTES_PER_DAY == self.end % MINUTES_PER_DAY and (self.start, self.end) != (
            0,
            MINUTES_PER_DAY,
        ):
            yield Fault(
                '"from" and "to" are the same time; expected a later "to", or 00:00 to 24:00', ("to",)
            )

    def build(self) -> Hours:
        """Return the hours."""
        return Hours(self.start % MINUTES_PER_DAY, self.end, self.time_zone, self.days)


def _hours_kind(data: Any) -> str | None:
    return "several" if isinstance(data, list) else "one" if isinstance(data, dict) else None


OneHours = Annotated[HoursDocument, Checked()]
HoursOfMode = Annotated[
    Any,
    OneOf(
        "{from, to, time_zone}, or a list of them",
        {"one": OneHours, "several": tuple[OneHours, ...]},
        _hours_kind,
    ),
]


@document
class TimedRates(MeterRates):  # type: ignore[misc]  # made from METERS
    """The rates in a processing mode, and the hours in which it applies."""

    hours: HoursOfMode | None = None


def build_hours(stated: Any) -> tuple[Hours, ...]:
    """Return the hours of a mode."""
    if stated is None:
        return ()
    several = stated if isinstance(stated, tuple) else (stated,)
    return tuple(hours.build() for hours in several)


def overlap_faults(by_mode: Mapping[str, tuple[Hours, ...]], year: int, path: KeyPath) -> Iterator[Fault]:
    """Yield a fault for each mode whose hours overlap other hours of the entry."""
    parts = [(mode, part) for mode, hours in by_mode.items() for part in hours]
    if len(parts) > MOST_HOURS:
        yield Fault(f"{len(parts):,} hours; expected at most {MOST_HOURS:,} in an entry", path, on_key=True)
        return
    timetable = Timetable((part.time_zone for _, part in parts), year)
    modes: dict[Hours, str] = {}
    overlapping: set[str] = set()
    for mode, part in parts:
        if mode in overlapping:
            continue
        other = timetable.take(part)
        if other is None:
            modes[part] = mode
        else:
            message = f'{part} of mode "{mode}" overlaps {other} of mode "{modes[other]}"'
            yield Fault(message, (*path, mode, "hours"), on_key=True)
            overlapping.add(mode)
