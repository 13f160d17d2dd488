"""The busiest minute of a week, of work that arrives by profiles in one or several time zones."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from routecost.engine.usage.hours import offsets, shifted
from routecost.model.pricing.hours import MINUTES_PER_DAY, MINUTES_PER_WEEK
from routecost.records import dataclass
from routecost.units import ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.workload import TaskType

Steps = dict[int, Decimal]
"""Minute of the week -> change of the rate per minute."""


@dataclass(slots=True)
class Load:
    """What task types need in a week: by time zone where arrivals are known, else its amount only.

    ``unprofiled`` has the task types without known arrivals, which need ``a_day`` on a day.
    ``is_partial`` is true if some of the calls are not counted. ``a_week`` is the whole.
    """

    zones: dict[str, Steps] = field(default_factory=dict)
    unprofiled: dict[str, None] = field(default_factory=dict)
    is_partial: bool = False
    a_day: Decimal = ZERO
    a_week: Decimal = ZERO

    @property
    def is_least(self) -> bool:
        """True if the busiest minute may be busier than is known."""
        return self.is_partial or bool(self.unprofiled)

    def add(self, task: TaskType, a_day: Decimal) -> None:
        """Add what a task type needs on each of its days."""
        a_week = a_day * task.days_per_week
        self.a_week += a_week
        if task.arrivals is None:
            self.unprofiled[task.name] = None
            self.a_day += a_day
            return
        steps = self.zones.setdefault(task.arrivals.time_zone, {})
        total = task.arrivals.total
        for (start, end), weight in task.arrivals.profile:
            rate = a_week * weight / total
            steps[start] = steps.get(start, ZERO) + rate
            steps[end] = steps.get(end, ZERO) - rate

    def include(self, other: Load, factor: Decimal) -> None:
        """Add ``factor`` times another load."""
        self.unprofiled.update(other.unprofiled)
        self.is_partial |= other.is_partial
        self.a_day += other.a_day * factor
        self.a_week += other.a_week * factor
        for zone, steps in other.zones.items():
            own = self.zones.setdefault(zone, {})
            for minute, change in steps.items():
                own[minute] = own.get(minute, ZERO) + change * factor

    def peak(self, month: date) -> Decimal:
        """Return the need of the busiest minute of a month's weeks.

        With work whose arrivals are unknown it is the least that this can be: no less than that of the
        other work, and no less than the mean of a day or of the week.
        """
        known = max((_highest(steps) for steps in _weeks(self.zones, month)), default=ZERO)
        if not self.unprofiled:
            return known
        return max(known, self.a_day / MINUTES_PER_DAY, self.a_week / MINUTES_PER_WEEK)


def _weeks(zones: Mapping[str, Steps], month: date) -> Iterator[Steps]:
    """Yield the changes of the rate in a week, for each way in which the clocks of the zones differ."""
    if len(zones) < 2:
        yield from zones.values()
        return
    first = month.timetuple().tm_yday - 1
    days = slice(first, first + monthrange(month.year, month.month)[1])
    for ahead in set(zip(*(offsets(zone, month.year)[days] for zone in zones), strict=True)):
        yield _summed(zip(zones.values(), ahead, strict=True))


def _summed(zones: Iterable[tuple[Steps, int]]) -> Steps:
    """Return the changes in UTC of zones that are ahead of it by minutes."""
    week: Steps = {}
    for steps, ahead in zones:
        rate = ZERO
        for start, end in pairwise(sorted(steps)):
            rate += steps[start]
            for since, upto in shifted([(start, end)], -ahead):
                week[since] = week.get(since, ZERO) + rate
                week[upto] = week.get(upto, ZERO) - rate
    return week


def _highest(steps: Steps) -> Decimal:
    rate = highest = ZERO
    for minute in sorted(steps):
        rate += steps[minute]
        highest = max(highest, rate)
    return highest
