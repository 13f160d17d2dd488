"""Schedules: the amount of each kind of work done by each strategy, on the days of each month.

Cost is linear in the work, before terms that depend on a month's total. So a month of a strategy is a
sum of parts, each a weight times the cost of a day of some work at the prices of some day:

settle(sum(weight x cost of a day of (strategy, work) at the prices of the day ``since``))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from routecost.model.scenario.month_plan import Launch
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


@dataclass(frozen=True, slots=True)
class Work:
    """Task types of one fleet whose volumes move together; the fleet's other types have volume 0.

    (A router with errors sends tasks to all types of its fleet.) ``launch`` is None for the scenario's
    own fleet.
    """

    workload: Workload
    task_types: tuple[str, ...]
    launch: Launch | None = None


class Part(NamedTuple):
    """Days of a month with constant prices, strategy and work.

    ``begins`` is the first of them and ``since`` the day whose prices hold; ``work`` is an index into
    the works of the schedule. The volume is ``volume`` (by steps) x ``factor`` (by growth and season)
    times that of the work. ``follows_volume`` says that the cost of a task depends on the volume.
    """

    begins: date
    since: date
    strategy: str
    work: int
    days: int
    volume: Decimal
    factor: Decimal
    follows_volume: bool = False

    @property
    def priced_on(self) -> date:
        """The day that identifies the cost of a day: of the period, or of the part if volumes matter."""
        return self.begins if self.follows_volume else self.since

    def work_of(self, works: Sequence[Work]) -> Workload:
        """Return the workload whose cost per task is that of the part."""
        workload = works[self.work].workload
        return workload.times(self.volume * self.factor) if self.follows_volume else workload

    @property
    def scale(self) -> Decimal:
        """The factor from the stated volume to that of ``work_of``."""
        return self.volume * self.factor if self.follows_volume else ONE


@dataclass(frozen=True, slots=True)
class MonthSchedule:
    """A month, given by its first day: it counts ``days``, of which parts have shares of ``counted``."""

    month: date
    days: Decimal
    counted: int
    parts: tuple[Part, ...]

    @exact
    def weights(self) -> tuple[Decimal, ...]:
        """Return, for each part, the number of days of its workload that it represents."""
        return tuple(self.days * part.days / self.counted * part.volume * part.factor for part in self.parts)

    @exact
    def tasks(self, works: Sequence[Work]) -> Decimal:
        """Return the tasks of the month, given the works of the schedule."""
        return self.cost(lambda part: works[part.work].workload.tasks_per_day)

    @exact
    def cost(self, daily: Callable[[Part], Decimal]) -> Decimal:
        """Return the cost of the month, before terms that depend on its total.

        ``daily`` returns the cost of a day of a part's work as stated.
        """
        works = [list(parts) for _, parts in groupby(self.parts, key=lambda part: part.work)]
        return sum((self._mean(parts, daily) * self.days * parts[0].factor for parts in works), ZERO)

    def _mean(self, parts: Sequence[Part], daily: Callable[[Part], Decimal]) -> Decimal:
        """Return the mean cost of the month's days for one work.

        Written as a correction to the first part, so that the mean of equal costs is exactly that cost.
        """
        costs = [daily(part) * part.volume for part in parts]
        there = sum(part.days for part in parts)
        first = costs[0] if there == self.counted else costs[0] * there / self.counted
        if len(parts) == 1:
            return first
        excess = sum(((cost - costs[0]) * part.days for cost, part in zip(costs, parts, strict=True)), ZERO)
        return first + excess / self.counted


@dataclass(frozen=True, slots=True)
class Schedule:
    """The months of each strategy of a scenario, and of each migration.

    ``periods`` are the first days of the periods of constant prices.
    """

    periods: tuple[date, ...]
    works: tuple[Work, ...]
    rows: Mapping[str, tuple[MonthSchedule, ...]]

    @property
    def follows_volume(self) -> bool:
        """True if the cost of a task depends on the volume."""
        return any(work.workload.follows_volume for work in self.works)
