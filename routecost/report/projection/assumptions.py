"""Growth, days of a month and changes of the plan of a projection, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from routecost.model.report.cells import Column, Quantity, Scalar, Unit
from routecost.model.report.report import Audience, Note, Table
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import CALENDAR_MONTHS, month_name
from routecost.model.scenario.month_plan import (
    NO_PLAN,
    Commitment,
    DayCount,
    Engineering,
    Launch,
    Phase,
    Plan,
    Upkeep,
    WorkStep,
)
from routecost.units import ONE, ZERO, percent


def growth_note(projection: Projection) -> Note:
    """Return a sentence on growth and on the days of a month."""
    return Note.of(*_growth(projection), "; ", *_days(projection), ".")


def growth_text(projection: Projection) -> str:
    """Return the growth as a short phrase."""
    (_, first), *later = rates(projection)
    if not later:
        return f"Workload {_verb(first)} by {percent(abs(first))} a month" if first else "Without growth"
    turns = "".join(f", from {month_name(month)} by {percent(rate)}" for month, rate in later)
    return f"Workload grows by {percent(first)} a month{turns}"


def rates(projection: Projection) -> list[tuple[date, Decimal]]:
    """Return the monthly growth rates in order of time, each with its first month."""
    horizon = projection.horizon
    groups = groupby(
        ((month, horizon.rate(month)) for month in horizon.first_days[1:]),
        key=lambda month_rate: month_rate[1],
    )
    return [next(group) for _, group in groups] or [(horizon.start, horizon.growth)]


def _verb(rate: Decimal) -> str:
    return "grows" if rate > 0 else "shrinks"


def _growth(projection: Projection) -> Iterator[str | Quantity]:
    (_, first), *later = rates(projection)
    if later:
        yield "The workload grows by "
        yield Quantity(first, Unit.SHARE)
        yield " a month"
        for month, rate in later:
            yield f", from {month_name(month)} by "
            yield Quantity(rate, Unit.SHARE)
    elif first:
        yield f"The workload {_verb(first)} by "
        yield Quantity(abs(first), Unit.SHARE)
        yield " a month, from the second month on"
    else:
        yield "The workload does not grow"


def _days(projection: Projection) -> Iterator[str | Quantity]:
    plan = projection.plan or NO_PLAN
    if plan.days is DayCount.CALENDAR:
        yield "each month has its calendar days"
    elif plan.days is DayCount.WORKING:
        first, last = projection.horizon.start, projection.horizon.last_day
        holidays = sum(first <= day <= last for day in plan.holidays)
        less = f", less {holidays} holiday{'s' * (holidays > 1)}" if holidays else ""
        yield f"only Monday to Friday count{less}"
    else:
        yield "a month has "
        yield Quantity(projection.days_per_month, Unit.NUMBER)
        yield " days"


_COLUMNS = ("kind", "subject", "from", "until", "strategy", "value")
_DAYS = {DayCount.CALENDAR: "calendar months", DayCount.WORKING: "working days only"}
_ROOM = 130
"""Maximum length of a subtitle, in characters."""


_UNITS = {
    **dict.fromkeys(("growth", "discount_rate"), Unit.SHARE),
    **dict.fromkeys(("volume", "launch", "season"), Unit.NUMBER),
}
"""The units of values that are no money."""


def plan_table(projection: Projection) -> Table:
    """Return the entries of the plan, a row each, for machines."""
    columns = tuple(Column(key, key) for key in _COLUMNS)
    rows = [
        (kind, *rest, value if value is None else Quantity(value, _UNITS.get(str(kind), Unit.MONEY)))
        for kind, *rest, value in _rows(projection)
    ]
    return Table("plan", columns, rows, audience=Audience.MACHINES)


def _rows(projection: Projection) -> Iterator[Sequence[Scalar]]:
    plan = projection.plan or NO_PLAN
    for month, rate in rates(projection):
        yield "growth", None, month_name(month), None, None, rate
    yield from _volumes(plan)
    for name, phases in plan.migrations.items():
        for phase in phases:
            yield "migration", name, phase.start, None, phase.strategy, None
    for commitment in plan.commitments:
        until = None if commitment.until is None else month_name(commitment.until)
        subject = str(commitment.scope) or None
        kind = "yearly_commitment" if commitment.yearly else "commitment"
        yield kind, subject, month_name(commitment.start), until, None, commitment.amount
    for amount in plan.budget_steps:
        yield "budget", None, month_name(amount.start), None, None, amount.amount
    if plan.spent_so_far is not None and plan.start is not None:
        yield "spent_so_far", None, None, plan.start - timedelta(days=1), None, plan.spent_so_far
    for once in plan.engineering:
        yield "engineering", once.name, once.day, None, None, once.amount
    for upkeep in plan.upkeep:
        until = None if upkeep.until is None else month_name(upkeep.until)
        yield "upkeep", upkeep.name, month_name(upkeep.start), until, None, upkeep.amount
    if plan.discount_rate is not None:
        yield "discount_rate", None, None, None, None, plan.discount_rate


def _volumes(plan: Plan) -> Iterator[Sequence[Scalar]]:
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
    """Return the assumptions of a projection, shortened to fit below the title of a chart."""
    text, *changes = (growth_text(projection), *_changes(projection))
    for at, change in enumerate(changes):
        later = len(changes) - at
        if len(text) + len(change) > _ROOM:
            return f"{text}; {later} more change{'s' * (later > 1)}"
        text = f"{text}; {change}"
    return text


def _changes(projection: Projection) -> Iterator[str]:
    plan, last = projection.plan or NO_PLAN, projection.horizon.last_day
    yield from (f"{launch.name} from {launch.start}" for launch in plan.launches if launch.start <= last)
    for step in plan.steps:
        if step.start <= last:
            yield f"{times(step.factor)} the workload{of_types(step)} from {step.start}"
    if plan.seasons:
        yield "seasons"
    if plan.days in _DAYS:
        yield _DAYS[plan.days]
    if any(in_force(commitment, projection) for commitment in plan.commitments):
        yield "committed spend"


Parts = list[str | Quantity]


def plan_notes(projection: Projection) -> Iterator[Note]:
    """Yield a sentence for each kind of change of the plan within the projected months."""
    plan = projection.plan or NO_PLAN
    last = projection.horizon.last_day
    yield from _listed("Volume: ", [_step(step) for step in plan.steps if step.start <= last])
    yield from _listed("Launches: ", [_launch(launch) for launch in plan.launches if launch.start <= last])
    yield from _seasons(projection, plan)
    for name, phases in plan.migrations.items():
        yield Note.of(f"{name} uses {_phases(phases, last)}.")
    for commitment in plan.commitments:
        yield from _commitment(projection, commitment)
    yield from _listed("Engineering: ", [_once(cost) for cost in plan.engineering if cost.day <= last])
    yield from _listed("Upkeep: ", [_monthly(cost) for cost in plan.upkeep if cost.start <= last])
    later = sum(start > last for start in _starts(plan))
    if later:
        come = "1 change of the plan comes" if later == 1 else f"{later} changes of the plan come"
        yield Note.of(f"{come} after the projected months.")


def times(factor: Decimal) -> str:
    """Return a factor as text."""
    return f"{factor.normalize():f} times"


def of_types(step: WorkStep) -> str:
    """Return the task types that a step applies to, as text."""
    return "" if step.task_types is None else f" of {', '.join(step.task_types)}"


def in_force(commitment: Commitment, projection: Projection) -> bool:
    """Return whether a commitment is in force in any month."""
    return any(map(commitment.holds, projection.horizon.first_days))


def _listed(heading: str, entries: Sequence[Parts]) -> Iterator[Note]:
    if entries:
        parts = [part for entry in entries for part in ("; ", *entry)]
        yield Note.of(heading, *parts[1:], ".")


def _step(step: WorkStep) -> Parts:
    return [f"{times(step.factor)} the stated workload{of_types(step)} from {step.start}"]


def _launch(launch: Launch) -> Parts:
    begins = f"{launch.name} starts on {launch.start} with "
    if launch.share is not None:
        return [f"{begins}{times(launch.share)} the workload of the scenario", *_own_growth(launch)]
    tasks = Quantity(launch.workload.tasks_per_day, Unit.NUMBER)
    return [begins, tasks, " tasks a day", *_own_growth(launch)]


def _once(cost: Engineering) -> Parts:
    return [f"{cost.name} ", Quantity(cost.amount, Unit.MONEY), f" on {cost.day}"]


def _monthly(cost: Upkeep) -> Parts:
    until = "" if cost.until is None else f" to {month_name(cost.until)}"
    amount = Quantity(cost.amount, Unit.MONEY)
    return [f"{cost.name} ", amount, f" a month from {month_name(cost.start)}{until}"]


def _own_growth(launch: Launch) -> Parts:
    if launch.growth is None:
        return []
    if not any(step.rate for step in launch.growth):
        return [", without growth"]
    starts = ["" if step.start is None else f" from {month_name(step.start)}" for step in launch.growth]
    growths = [f"{percent(step.rate)}{start}" for step, start in zip(launch.growth, starts, strict=True)]
    return [f", growing by {', '.join(growths)} a month"]


def _seasons(projection: Projection, plan: Plan) -> Iterator[Note]:
    """Yield the seasonal factors relative to the first month."""
    start = projection.horizon.start
    first = plan.seasons.get(start.month, ONE)
    there = {month.month for month in projection.horizon.first_days}
    factors: list[Parts] = [
        [f"{CALENDAR_MONTHS[at - 1]} ", Quantity(factor / first, Unit.NUMBER)]
        for at in range(1, len(CALENDAR_MONTHS) + 1)
        if at in there and (factor := plan.seasons.get(at, ONE)) != first
    ]
    yield from _listed(f"Seasonal factors relative to {month_name(start)}: ", factors)


def _phases(phases: Sequence[Phase], last: date) -> str:
    first, *later = phases
    there = [phase for phase in later if phase.start is not None and phase.start <= last]
    return first.strategy + "".join(f", then {phase.strategy} from {phase.start}" for phase in there)


def _commitment(projection: Projection, commitment: Commitment) -> Iterator[Note]:
    """Yield the commitment, its discounts, and the spend that strategies leave unused."""
    if not in_force(commitment, projection):
        return
    until = "" if commitment.until is None else f" to {month_name(commitment.until)}"
    spend = f" on {commitment.scope}" if str(commitment.scope) else ""
    per = "year" if commitment.yearly else "month"
    start = f" a {per} is committed{spend} from {month_name(commitment.start)}{until}"
    amount = Quantity(commitment.amount, Unit.MONEY)
    yield Note.of(amount, start, *_discounts(commitment), *_unused(projection, commitment), ".")
    last = projection.horizon.first_days[-1]
    if commitment.holds(last) and not commitment.is_due(last):
        text = f"What is missing of the yearly commitment from {month_name(commitment.start)} is due after "
        yield Note.of(f"{text}{month_name(last)}, and not included.", warning=True)


def _discounts(commitment: Commitment) -> Iterator[str | Quantity]:
    inside, above = commitment.discount, commitment.discount_above
    if inside or above:
        yield ", with a discount of "
        yield Quantity(inside, Unit.SHARE)
    if inside != above:
        yield " on committed spend and of "
        yield Quantity(above, Unit.SHARE)
        yield " beyond"


def _unused(projection: Projection, commitment: Commitment) -> Iterator[str | Quantity]:
    separator = "; "
    for spend in projection.strategies:
        months = zip(projection.horizon.first_days, spend.months, strict=True)
        unused = {day: dict(month.unused).get(commitment) for day, month in months}
        short = {day: amount for day, amount in unused.items() if amount}
        if short:
            yield f"{separator}{spend.strategy} leaves "
            yield Quantity(sum(short.values(), ZERO), Unit.MONEY)
            yield f" of it unused ({_ranges(list(short), projection.horizon.first_days)})"
            separator = ", "


def _ranges(months: Sequence[date], every: Sequence[date]) -> str:
    """Return ``months``, a subset of ``every``, as ``2026-04 to 2026-06, 2026-08``."""
    runs: list[list[date]] = []
    for month in months:
        if runs and every.index(month) == every.index(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    ends = ((month_name(run[0]), month_name(run[-1])) for run in runs)
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in ends)


def _starts(plan: Plan) -> Iterator[date]:
    yield from (step.start for step in plan.steps)
    yield from (launch.start for launch in plan.launches)
    yield from (commitment.start for commitment in plan.commitments)
    yield from (once.day for once in plan.engineering)
    yield from (upkeep.start for upkeep in plan.upkeep)
    for phases in plan.migrations.values():
        yield from (phase.start for phase in phases if phase.start is not None)
