"""Schedules of plans: growth, steps, launches and migrations as weights of work per month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.projection.price_periods import Stretch, begun, price_periods, stretches, whole
from routecost.errors import DocumentError, UsageError
from routecost.model.scenario.horizon import Horizon, month_name
from routecost.model.scenario.month_plan import NO_PLAN, DayCount, Launch, Phase, Plan, WorkStep
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part, Schedule, Work
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


@exact
def schedule(scenario: Scenario, horizon: Horizon) -> Schedule:
    """Return the schedule of a scenario's plan over a horizon.

    Raises DocumentError for changes dated before the horizon, and UsageError if the first month has a
    seasonal factor of 0.
    """
    plan = scenario.plan or NO_PLAN
    _refuse_late(plan, horizon)
    works = tuple(_works(scenario, plan))
    periods = _with_seats(price_periods(scenario.pricing, horizon), scenario, horizon)
    cuts = (*periods, *_cuts(plan))
    factors = [_factors(work, plan, horizon) for work in works]
    rows: dict[str, tuple[Phase, ...]] = {name: (Phase(name),) for name in scenario.strategies}
    months = [
        _Month(scenario, plan, stretches(month, cuts), periods, works, [of_work[at] for of_work in factors])
        for at, month in enumerate(horizon.first_days)
    ]
    phases = {**rows, **plan.migrations}
    return Schedule(
        periods,
        works,
        {name: tuple(month.schedule(of_work) for month in months) for name, of_work in phases.items()},
    )


def _with_seats(periods: tuple[date, ...], scenario: Scenario, horizon: Horizon) -> tuple[date, ...]:
    """Return the periods of constant prices, cut where the seats or terms of a subscription change."""
    days = (day for paid in scenario.subscriptions.values() for day in paid.days_of_change)
    inside = {day for day in days if horizon.start < day <= horizon.last_day}
    return tuple(sorted({*periods, *inside})) if inside else periods


def _refuse_late(plan: Plan, horizon: Horizon) -> None:
    dated: tuple[WorkStep | Launch, ...] = (*plan.steps, *plan.launches)
    late = [step for step in dated if step.start < horizon.start]
    findings = [step.late for step in late if step.late is not None]
    if findings:
        start = month_name(horizon.start)
        raise DocumentError([replace(step, message=f"{step.message} {start}") for step in findings])
    if late:
        raise UsageError(f"the plan begins in {month_name(horizon.start)}, after {late[0].start}")


def _works(scenario: Scenario, plan: Plan) -> Iterator[Work]:
    for workload, launch in (
        (scenario.workload, None),
        *((launch.workload, launch) for launch in plan.launches),
    ):
        counted = workload.of_working_days if plan.days is DayCount.WORKING else workload
        yield from _split(counted, plan.steps, launch)


def _split(workload: Workload, steps: Sequence[WorkStep], launch: Launch | None) -> Iterator[Work]:
    """Yield the task types of a fleet in groups with the same steps."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for task in workload.task_types:
        concerned = tuple(_concerns(step, task.name, launch) for step in steps)
        groups.setdefault(concerned, []).append(task.name)
    for names in groups.values():
        alone = workload if len(groups) == 1 else only_types(workload, names)
        yield Work(alone, tuple(names), launch)


def only_types(workload: Workload, names: Sequence[str]) -> Workload:
    """Return a fleet in which other task types have no volume."""
    return Workload(
        tuple(
            task if task.name in names else replace(task, tasks_per_day=ZERO) for task in workload.task_types
        )
    )


def _concerns(step: WorkStep, task: str, launch: Launch | None) -> bool:
    """Return whether a step applies to a task type: of the scenario's own, or named and only the launch's."""
    if launch is None:
        return step.task_types is None or task in step.task_types
    return launch.share is None and step.task_types is not None and task in step.task_types


def _cuts(plan: Plan) -> Iterator[date]:
    yield from (step.start for step in plan.steps)
    yield from (launch.start for launch in plan.launches)
    for phases in plan.migrations.values():
        yield from (phase.start for phase in phases if phase.start is not None)


def _factors(work: Work, plan: Plan, horizon: Horizon) -> tuple[Decimal, ...]:
    """Return the growth and season of each month relative to the first month of a work; 0 before it."""
    months, launch = horizon.first_days, work.launch
    if launch is None:
        since, growing = 0, horizon
    else:
        since = sum(whole(month).ends <= launch.start.toordinal() for month in months)
        own = launch.growth
        growing = horizon if own is None else replace(horizon, growth=ZERO, steps=own)
    if since >= len(months):
        return (ZERO,) * len(months)
    season = [plan.seasons.get(month.month, ONE) for month in months[since:]]
    if not season[0]:
        raise UsageError(
            f"there is no work in {month_name(months[since])} by its season; "
            "expected work in the first month, to which the other months are compared"
        )
    grown = zip(growing.factors(since), season, strict=True)
    later = (
        growth if season_factor == season[0] else growth * season_factor / season[0]
        for growth, season_factor in grown
    )
    return (*((ZERO,) * since), *later)


@dataclass(frozen=True, slots=True)
class _Month:
    """A month under construction, cut at every change; ``factors`` are those of the works."""

    scenario: Scenario
    plan: Plan
    cut: tuple[Stretch, ...]
    periods: tuple[date, ...]
    works: tuple[Work, ...]
    factors: Sequence[Decimal]

    def schedule(self, phases: Sequence[Phase]) -> MonthSchedule:
        """Return the schedule of the month for a strategy, or for several in sequence."""
        counted = sum(map(self._days, self.cut))
        is_calendar = self.plan.days is not DayCount.PER_MONTH
        days = Decimal(counted) if is_calendar else self.scenario.days_per_month
        parts = (self._part(at, stretch, phases) for at in range(len(self.works)) for stretch in self.cut)
        there = tuple(
            part for part in parts if part.days and ((part.volume and part.factor) or self._is_paid(part))
        )
        return MonthSchedule(self.cut[0].first, days, counted, there)

    def _is_paid(self, part: Part) -> bool:
        """Return whether seats are paid for in a part, whether or not there is work."""
        return part.strategy in self.scenario.subscriptions and not part.work and not part.follows_volume

    def _part(self, at: int, stretch: Stretch, phases: Sequence[Phase]) -> Part:
        day = stretch.first
        strategy = [phase.strategy for phase in phases if phase.start is None or phase.start <= day][-1]
        volume = _volume(self.works[at], self.plan, day)
        since, follows_volume = begun(self.periods, day), self.works[at].workload.follows_volume
        return Part(day, since, strategy, at, self._days(stretch), volume, self.factors[at], follows_volume)

    def _days(self, stretch: Stretch) -> int:
        return (
            stretch.working_days(self.plan.holidays) if self.plan.days is DayCount.WORKING else stretch.days
        )


def _volume(work: Work, plan: Plan, day: date) -> Decimal:
    """Return the factor of the stated work on a day, without growth and season."""
    launch = work.launch
    if launch is not None and day < launch.start:
        return ZERO
    share = ONE if launch is None or launch.share is None else launch.share
    steps = [step for step in plan.steps if step.start <= day]
    factors = [step.factor for step in steps if _concerns(step, work.task_types[0], work.launch)]
    return share * factors[-1] if factors else share
