"""The plan of a projection for machines, and in a few words for its chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.model.report.merge_report import Audience, Cell, Column, Table
from routecost.model.results.merge_projection import Projection
from routecost.model.scenario.horizon import CALENDAR_MONTHS, month_name
from routecost.model.scenario.month_plan import NO_PLAN, DayCount, Plan
from routecost.report.projection.assumptions import growth_text, rates
from routecost.report.projection.merge_project_plan import is_held, of_types, times

_COLUMNS = ("kind", "subject", "from", "until", "strategy", "value")
_DAYS = {DayCount.CALENDAR: "calendar months", DayCount.WORKING: "working days only"}
_ROOM = 130
"""Characters of a subtitle; a chart has room for some more, but not in the middle of a word."""


def plan_table(projection: Projection) -> Table:
    """Return what the plan says, a row each, for machines."""
    columns = tuple(Column(key, key) for key in _COLUMNS)
    return Table("plan", columns, list(_rows(projection)), audience=Audience.MACHINES)


def _rows(projection: Projection) -> Iterator[Sequence[Cell]]:
    plan = projection.plan or NO_PLAN
    for month, rate in rates(projection):
        yield "growth", None, month_name(month), None, None, rate
    yield from _volumes(plan)
    for name, phases in plan.migrations.items():
        for phase in phases:
            yield "migration", name, phase.start, None, phase.strategy, None
    for each in plan.commitments:
        until = None if each.until is None else month_name(each.until)
        yield "commitment", None, month_name(each.start), until, None, each.amount
    for amount in plan.budget_steps:
        yield "budget", None, month_name(amount.start), None, None, amount.amount


def _volumes(plan: Plan) -> Iterator[Sequence[Cell]]:
    for step in plan.steps:
        for name in step.task_types or (None,):
            yield "volume", name, step.start, None, None, step.factor
    for launch in plan.launches:
        tasks = launch.workload.tasks_per_day * (1 if launch.share is None else launch.share)
        yield "launch", launch.name, launch.start, None, None, tasks
    for at, factor in sorted(plan.seasons.items()):
        yield "season", CALENDAR_MONTHS[at - 1], None, None, None, factor
    yield "days", plan.days.value, None, None, None, None


def subtitle(projection: Projection) -> str:
    """Return what the chart of a projection assumes, in so few words that there is room for them."""
    text, *told = (growth_text(projection), *_changes(projection))
    for at, each in enumerate(told):
        later = len(told) - at
        if len(text) + len(each) > _ROOM:
            return f"{text}; {later} more change{'s' * (later > 1)}"
        text = f"{text}; {each}"
    return text


def _changes(projection: Projection) -> Iterator[str]:
    plan, last = projection.plan or NO_PLAN, projection.horizon.last_day
    yield from (f"{each.name} from {each.start}" for each in plan.launches if each.start <= last)
    for step in plan.steps:
        if step.start <= last:
            yield f"{times(step.factor)} the work{of_types(step)} from {step.start}"
    if plan.seasons:
        yield "seasons"
    if plan.days in _DAYS:
        yield _DAYS[plan.days]
    if any(is_held(each, projection) for each in plan.commitments):
        yield "committed spend"
