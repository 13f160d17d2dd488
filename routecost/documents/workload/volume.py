"""The volume of a workload as a document: tasks per day, week, month or working day."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Count
from routecost.model.scenario.workload import WORKING_DAYS_PER_WEEK
from routecost.records import dataclass
from routecost.units import ZERO

VOLUMES = ("tasks_per_day", "tasks_per_week", "tasks_per_month", "tasks_per_working_day")
"""The keys of a volume, of which a document has one."""

_DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a month, and how many of them are working days (None: 5 of 7)."""

    days_per_month: Decimal
    working_days_per_month: Decimal | None = None

    @property
    def days_per_working_day(self) -> Decimal:
        """The days of a month per working day."""
        if self.working_days_per_month is None:
            return Decimal(_DAYS_PER_WEEK) / WORKING_DAYS_PER_WEEK
        return self.days_per_month / self.working_days_per_month


@document
class VolumeDocument:
    """The number of tasks, per one of four periods."""

    tasks_per_day: Count | None = None
    tasks_per_week: Count | None = None
    tasks_per_month: Count | None = None
    tasks_per_working_day: Count | None = None

    @property
    def _stated(self) -> list[str]:
        return [key for key in VOLUMES if getattr(self, key) is not None]

    def volume_faults(self) -> Iterator[Fault]:
        """Yield a fault unless exactly one volume is stated."""
        stated = self._stated
        if not stated:
            *others, last = (f'"{key}"' for key in VOLUMES)
            yield Fault(f"no volume is stated; expected one of {', '.join(others)} and {last}")
        for key in stated[1:]:
            message = f'the volume is stated twice: "{stated[0]}" and "{key}"; expected one of them'
            yield Fault(message, (key,), on_key=True)

    def volumes(self, calendar: Calendar) -> tuple[Decimal, Decimal | None]:
        """Return the tasks per day, and per working day unless they are stated per day."""
        key = next(iter(self._stated), VOLUMES[0])
        number: Decimal = getattr(self, key) or ZERO
        if key == "tasks_per_day":
            return number, None
        days = {
            "tasks_per_week": Decimal(_DAYS_PER_WEEK),
            "tasks_per_month": calendar.days_per_month,
            "tasks_per_working_day": calendar.days_per_working_day,
        }[key]
        return number / days, number / days * calendar.days_per_working_day
