"""Evidence from the outcomes of tasks, and the calls that tasks take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.logs.calibration.cascades import Ladder, Rung, rungs_of
from routecost.engine.logs.calibration.figures import NAMED, ratio
from routecost.engine.logs.calibration.lines import TEXT, TOLERANCE, Line, TierPrices, length_of, misfit
from routecost.model.logs.profile import Place, TaskLength, Trial, length_class
from routecost.model.results.logs.calibration import EvidenceRow
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact, listed

LEAST_KNOWN = Decimal("0.9")
"""The least share of the calls whose tasks are known, from which the calls per task are stated."""

MOST_CALLS = 1_000

LEAST_GROWN = Decimal("0.8")
"""The least share of the calls after the first of a task whose context is larger than that before."""

GROWTH_TOLERANCE = Decimal("0.25")
"""The largest difference of two measures of the growth of contexts, as a fraction."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of tiers and models of the sheet by logged model, and the days of times."""

    tiers: Mapping[str, str]
    model: Callable[[str], str]
    day: Callable[[int | None], date]


def evidence(trials: Iterable[Trial], names: Names) -> tuple[list[EvidenceRow], list[str]]:
    """Return successes and trials by task type, tier and model, and a sentence about what was assumed.

    Where a task type has successes, trials are those that succeeded, failed, or were escalated without an
    outcome. Where it has no outcomes but tasks were escalated, all trials that were not escalated count as
    successes. Failures without successes are no evidence: they may be errors of an interface.
    """
    by_type: dict[str, list[Trial]] = {}
    for trial in trials:
        if trial.task_type is not None:
            by_type.setdefault(trial.task_type, []).append(trial)
    rows: list[EvidenceRow] = []
    assumed: list[str] = []
    unknown: list[str] = []
    for task, group in sorted(by_type.items()):
        has_successes = any(trial.succeeded for trial in group)
        if not has_successes and any(trial.failed for trial in group):
            unknown.append(task)
        elif has_successes or any(trial.escalated for trial in group):
            assumed += [] if has_successes else [task]
            rows += _rows(task, group, names, has_successes=has_successes)
    about_assumed = (
        f"No outcome is logged for {_named(assumed)}: tasks that were not escalated count as successes"
    )
    about_unknown = (
        f"No evidence for {_named(unknown)}: failures are logged, but no success, so that they may be errors "
        "of an interface"
    )
    return rows, [*([about_assumed] if assumed else []), *([about_unknown] if unknown else [])]


def _named(task_types: Sequence[str]) -> str:
    return listed(task_types, NAMED) if task_types else ""


def _rows(task: str, group: Sequence[Trial], names: Names, *, has_successes: bool) -> list[EvidenceRow]:
    counts: dict[tuple[str, str], list[int]] = {}
    last: dict[tuple[str, str], date] = {}
    for trial in group:
        if has_successes and not (trial.succeeded or trial.failed or trial.escalated):
            continue
        key = names.tiers[trial.model], names.model(trial.model)
        success = trial.succeeded if has_successes else not trial.escalated
        count = counts.setdefault(key, [0, 0, 0])
        count[0] += trial.trials * success
        count[1] += trial.trials
        count[2] += trial.trials * trial.escalated
        last[key] = max(last.get(key, date.min), names.day(trial.last))
    return [
        EvidenceRow(task, tier, model, successes, trials, escalated, last[tier, model])
        for (tier, model), (successes, trials, escalated) in sorted(counts.items())
    ]


@dataclass(frozen=True, slots=True)
class TaskLengths:
    """The tasks of a line: ``mean`` calls each."""

    tasks: int
    mean: Decimal

    @property
    @exact
    def shares(self) -> dict[int, Decimal]:
        """The shares of tasks by the whole number of calls that a scenario states.

        The whole numbers around the mean, so that tasks and calls are those of the log; one of them if the
        mean is that within ``TOLERANCE``.
        """
        whole = min(MOST_CALLS, max(1, round(self.mean)))
        if self.mean >= MOST_CALLS or abs(self.mean / whole - 1) <= TOLERANCE:
            return {whole: ONE}
        low = int(self.mean)
        return {low: low + 1 - self.mean, low + 1: self.mean - low}


def task_length(line: Line, lengths: Sequence[TaskLength], ranks: Mapping[str, int]) -> TaskLengths | None:
    """Return the lengths of the tasks of a line; None if they are unknown or have calls in other lines."""
    own = [one for one in lengths if one.task_type == line.task_type]
    if own and all(one.calls == 1 for one in own):
        return TaskLengths(line.calls, ONE)
    if line.parts.keys() - {"tier", "length"}:
        return None
    if "tier" in line.parts:
        own = [one for one in own if one.rank == ranks[line.parts["tier"]]]
    if "length" in line.parts:
        classes = {length_of(one) for one in line.cells}
        own = [one for one in own if length_class(one.calls) in classes]
    calls = sum(one.calls * one.tasks for one in own)
    tasks = sum(one.tasks for one in own)
    is_known = tasks and LEAST_KNOWN <= ratio(calls, line.calls) <= 1 / LEAST_KNOWN
    return TaskLengths(tasks, ratio(calls, tasks)) if is_known else None


@dataclass(frozen=True, slots=True)
class Growth:
    """The growth of the context over the calls of a task: what each call adds, and what is cached of it."""

    system: Decimal
    input: Decimal
    output: Decimal
    cached: Decimal
    window: str


@dataclass(frozen=True, slots=True)
class LineOfTasks:
    """Calls of a task type, tasks if known, and growth of contexts if that is steady.

    ``rungs`` are the tiers that its tasks are tried on one after another, if they are escalated.
    """

    line: Line
    length: TaskLengths | None
    growth: Growth | None = None
    rungs: tuple[Rung, ...] = ()

    @property
    def first(self) -> Line:
        """The calls of the first tier that the tasks are tried on; all if they are not escalated."""
        return replace(self.line, cells=self.rungs[0].cells) if self.rungs else self.line

    @property
    def shares(self) -> dict[int, Decimal]:
        """The shares of tasks by number of calls; a call is a task where tasks are unknown."""
        return {1: ONE} if self.length is None else self.length.shares

    @property
    @exact
    def calls_per_task(self) -> Decimal:
        """The mean number of calls of a task in a scenario."""
        return sum((calls * share for calls, share in self.shares.items()), ZERO)


def cascades(ladder: Ladder, parts: Iterable[Line], prices: TierPrices) -> list[LineOfTasks]:
    """Return the task types of calls of a ladder; none if one of the parts is no cascade of its own."""
    tasks: list[LineOfTasks] = []
    for line in parts:
        rungs = rungs_of(ladder, line.cells)
        if rungs is None or misfit(rungs[0].cells, prices) > TOLERANCE:
            return []
        length = TaskLengths(round(rungs[0].tasks), Decimal(ladder.calls))
        tasks.append(LineOfTasks(line, length, rungs=rungs))
    return tasks


@exact
def growth_of(
    line: Line, length: TaskLengths, places: Sequence[Place], ranks: Mapping[str, int]
) -> Growth | None:
    """Return the growth of the contexts over the calls of the tasks of a line; None if it is not steady.

    All sums are those of the log: contexts, outputs, tokens read from caches and written to them. The growth
    per call that follows must be that of a regression of contexts on the place in the task, within
    ``GROWTH_TOLERANCE``.
    """
    calls = sum((count * share for count, share in length.shares.items()), ZERO)
    pairs = sum((count * (count - 1) * share / 2 for count, share in length.shares.items()), ZERO)
    units = {meter: ratio(count * calls, line.calls) for meter, count in line.units.items()}
    tiers = {ranks[tier] for tier in line.tiers}
    classes = {length_of(one) for one in line.cells}
    slope = _slope(
        [
            one
            for one in places
            if one.task_type == line.task_type and one.rank in tiers and one.length in classes
        ]
    )
    total = sum((units.get(meter, ZERO) for meter in TEXT), ZERO)
    if not pairs or slope is None or slope <= 0 or not total:
        return None
    cached = sum((units.get(meter, ZERO) for meter in TEXT[1:]), ZERO) / total
    rising = calls * (calls - 1) - pairs  # calls x the last context is the total, and this x the growth
    growth = (calls * (total - units.get("cache_read", ZERO) / cached) - total) / rising if cached else slope
    output = units.get("output", ZERO) / calls
    added = growth - output
    system = (total - pairs * growth) / calls - added
    if added < 0 or system < 0 or abs(growth / slope - 1) > GROWTH_TOLERANCE:
        return None
    is_hourly = units.get("cache_write_1h", 0) > units.get("cache_write_5m", 0)
    return Growth(system, added, output, cached, "1h" if is_hourly else "5m")


@exact
def _slope(places: Sequence[Place]) -> Decimal | None:
    """Return the slope of the regression of the context of a call on its place; None if few contexts grow."""
    calls, later = (sum(one.calls for one in places if one.place > first) for first in (0, 1))
    if not later or sum(one.grown for one in places) < LEAST_GROWN * later:
        return None
    mean = ratio(sum(one.place * one.calls for one in places), calls)
    square = sum((one.calls * (one.place - mean) ** 2 for one in places), ZERO)
    return sum((one.context * (one.place - mean) for one in places), ZERO) / square
