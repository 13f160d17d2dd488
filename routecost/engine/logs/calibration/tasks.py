"""Evidence from the outcomes of tasks, and the calls that tasks take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from routecost.engine.logs.calibration.figures import ratio
from routecost.engine.logs.calibration.lines import TEXT, Line
from routecost.model.logs.profile import Place, TaskLength, Trial
from routecost.model.results.logs.calibration import EvidenceRow
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

LEAST_KNOWN = Decimal("0.9")
"""The least share of the calls whose tasks are known, from which the calls per task are stated."""

MOST_CALLS = 1_000

CACHED_BEYOND = Decimal("0.02")
"""How much more than the whole context may be read from a cache, before the model does not fit."""


def evidence(
    trials: Iterable[Trial],
    model: Callable[[str], str],
    tier: Callable[[str], str],
    day: Callable[[int | None], date],
) -> tuple[list[EvidenceRow], list[str]]:
    """Return successes and trials by task type, tier and model, and a sentence about what was assumed.

    Where a task type has successes, trials are those that succeeded, failed, or were escalated without an
    outcome. Where it has none but tasks were escalated, all trials that were not escalated and did not
    fail count as successes.
    """
    by_type: dict[str, list[Trial]] = {}
    for trial in trials:
        if trial.task_type is not None:
            by_type.setdefault(trial.task_type, []).append(trial)
    rows: list[EvidenceRow] = []
    assumed: list[str] = []
    for task, group in sorted(by_type.items()):
        has_successes = any(trial.succeeded for trial in group)
        if not has_successes and not any(trial.escalated for trial in group):
            continue
        if not has_successes:
            assumed.append(task)
        rows += _rows(task, group, has_successes, model, tier, day)
    if not assumed:
        return rows, []
    return rows, [
        f"of {', '.join(assumed)} no success is logged: tasks that were not escalated and did not fail count "
        "as successes"
    ]


def _rows(
    task: str,
    group: Sequence[Trial],
    has_successes: bool,
    model: Callable[[str], str],
    tier: Callable[[str], str],
    day: Callable[[int | None], date],
) -> list[EvidenceRow]:
    counts: dict[tuple[str, str], list[int]] = {}
    last: dict[tuple[str, str], date] = {}
    for trial in group:
        is_known = trial.succeeded or trial.failed or trial.escalated
        if has_successes and not is_known:
            continue
        key = tier(trial.model), model(trial.model)
        success = trial.succeeded if has_successes else not (trial.failed or trial.escalated)
        found = counts.setdefault(key, [0, 0, 0])
        found[0] += trial.trials * success
        found[1] += trial.trials
        found[2] += trial.trials * trial.escalated
        last[key] = max(last.get(key, date.min), day(trial.last))
    return [
        EvidenceRow(task, one, name, successes, trials, escalated, last[one, name])
        for (one, name), (successes, trials, escalated) in sorted(counts.items())
    ]


@dataclass(frozen=True, slots=True)
class TaskLengths:
    """The tasks of a line: ``mean`` calls each, ``per_task`` when rounded."""

    tasks: int
    mean: Decimal

    @property
    def per_task(self) -> int:
        """The number of calls that a scenario states."""
        return min(MOST_CALLS, max(1, round(self.mean)))


def task_lengths(
    lines: Mapping[str, Line], lengths: Sequence[TaskLength], ranks: Mapping[str, int]
) -> dict[str, TaskLengths]:
    """Return the lengths of the tasks of each line, where all calls of a task are in one line."""
    found = {}
    for name, line in lines.items():
        own = [one for one in lengths if one.task_type == line.task_type]
        is_single = all(one.calls == 1 for one in own)
        if line.parts.keys() - {"tier"} and not is_single:
            continue
        if "tier" in line.parts and not is_single:
            own = [one for one in own if one.rank == ranks[line.parts["tier"]]]
        calls = sum(one.calls * one.tasks for one in own)
        tasks = sum(one.tasks for one in own)
        if tasks and ratio(calls, line.calls) >= LEAST_KNOWN:
            found[name] = TaskLengths(line.calls, ONE) if is_single else TaskLengths(tasks, ratio(calls, tasks))
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """The growth of the context over the calls of a task: what each call adds, and what is cached of it."""

    per_task: int
    system: Decimal
    input: Decimal
    output: Decimal
    cached: Decimal
    window: str


def growths(
    lines: Mapping[str, Line],
    lengths: Mapping[str, TaskLengths],
    places: Sequence[Place],
    ranks: Mapping[str, int],
) -> dict[str, Growth]:
    """Return the growth of the contexts of the lines in which contexts grow with each call of a task.

    Per call, the context grows by the slope of a regression of contexts on the place in the task. The
    sums of contexts, of outputs and of tokens read from caches are those of the log.
    """
    found = {}
    for name, length in lengths.items():
        line = lines[name]
        tiers = {ranks[tier] for tier in line.tiers}
        own = [one for one in places if one.task_type == line.task_type and one.rank in tiers]
        growth = _growth(line, length.per_task, own)
        if growth is not None:
            found[name] = growth
    return found


@exact
def _growth(line: Line, calls: int, places: Sequence[Place]) -> Growth | None:
    units = line.units
    text = sum(units.get(meter, 0) for meter in TEXT)
    slope = _slope(places)
    if calls < 2 or slope is None:
        return None
    output = ratio(units.get("output", 0), line.calls)
    added = slope - output
    system = ratio(text, line.calls) - (added * (calls + 1) + output * (calls - 1)) / 2
    if added < 0 or system < 0:
        return None
    before = sum((system + added * at + output * (at - 1) for at in range(1, calls)), ZERO)
    cached = ratio(units.get("cache_read", 0) * calls, line.calls) / before
    if cached > ONE + CACHED_BEYOND:
        return None
    is_hourly = units.get("cache_write_1h", 0) > units.get("cache_write_5m", 0)
    return Growth(calls, system, added, output, min(ONE, cached), "1h" if is_hourly else "5m")


@exact
def _slope(places: Sequence[Place]) -> Decimal | None:
    """Return the slope of the regression of the context of a call on its place in the task."""
    calls = sum(one.calls for one in places)
    if len({one.place for one in places}) < 2:
        return None
    mean = ratio(sum(one.place * one.calls for one in places), calls)
    square = sum((one.calls * (one.place - mean) ** 2 for one in places), ZERO)
    return sum((one.context * (one.place - mean) for one in places), ZERO) / square
