"""Schedules: how much of which work is done by which strategy, on the days of each month.

Before what depends on a month's total, cost is linear in the work. So a month of a strategy is a
sum of parts, each of them a weight times what a day of some work costs at the prices of some day:

    settle(sum(weight x cost of a day of (strategy, work) at the prices of the day ``since``))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from routecost.model.scenario.month_plan import Launch
from routecost.model.scenario.workload import Workload
from routecost.units import ZERO, exact


@dataclass(frozen=True, slots=True)
class Work:
    """Task types of one fleet whose volumes move together; the fleet's others are there at volume 0.

    (A router that errs sends tasks to all types of its fleet.) ``launch`` is None for the
    scenario's own fleet.
    """

    workload: Workload
    task_types: tuple[str, ...]
    launch: Launch | None = None


class Part(NamedTuple):
    """Days of a month over which prices, strategy and work stay the same.

    ``begins`` is the first of them and ``since`` the day whose prices hold; ``work`` is a place in
    the works of the schedule. There is ``volume`` (by steps) x ``factor`` (by growth and season)
    times the work.
    """

    begins: date
    since: date
    strategy: str
    work: int
    days: int
    volume: Decimal
    factor: Decimal


@dataclass(frozen=True, slots=True)
class MonthSchedule:
    """A month, given by its first day: it counts ``days``, of which parts have shares of ``counted``."""

    month: date
    days: Decimal
    counted: int
    parts: tuple[Part, ...]

    @exact
    def weights(self) -> tuple[Decimal, ...]:
        """Return, for each part, how many times a day of its work counts."""
        return tuple(self.days * part.days / self.counted * part.volume * part.factor for part in self.parts)

    @exact
    def tasks(self, works: Sequence[Work]) -> Decimal:
        """Return the tasks of the month, given the works of the schedule."""
        return self.cost(lambda part: works[part.work].workload.tasks_per_day)

    @exact
    def cost(self, daily: Callable[[Part], Decimal]) -> Decimal:
        """Return what the month costs, before what depends on its total.

        ``daily`` tells what a day of a part's work costs as it is stated.
        """
        works = [list(parts) for _, parts in groupby(self.parts, key=lambda part: part.work)]
        return sum((self._mean(parts, daily) * self.days * parts[0].factor for parts in works), ZERO)

    def _mean(self, parts: Sequence[Part], daily: Callable[[Part], Decimal]) -> Decimal:
        """Return the mean cost of the month's days for one work.

        Written as a correction to the first part, so that the mean of equal costs is that exactly.
        """
        costs = [daily(part) * part.volume for part in parts]
        there = sum(part.days for part in parts)
        first = costs[0] if there == self.counted else costs[0] * there / self.counted
        excess = sum(((cost - costs[0]) * part.days for cost, part in zip(costs, parts, strict=True)), ZERO)
        return first + excess / self.counted


@dataclass(frozen=True, slots=True)
class Schedule:
    """For each strategy of a scenario, and each migration as one more row, its months.

    ``periods`` are the first days of the periods of constant prices.
    """

    periods: tuple[date, ...]
    works: tuple[Work, ...]
    rows: Mapping[str, tuple[MonthSchedule, ...]]
