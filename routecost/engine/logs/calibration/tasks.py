"""Evidence from the outcomes of tasks, and the calls that tasks take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from routecost.engine.logs.calibration.figures import ratio
from routecost.engine.logs.calibration.lines import Line
from routecost.model.logs.profile import TaskLength, Trial
from routecost.model.results.logs.calibration import EvidenceRow
from routecost.records import dataclass

LEAST_KNOWN = Decimal("0.9")
"""The least share of the calls whose tasks are known, from which the calls per task are stated."""

MOST_CALLS = 1_000


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
        if not line.parts.keys() <= {"tier"}:
            continue
        rank = ranks[line.parts["tier"]] if line.parts else None
        own = [one for one in lengths if one.task_type == line.task_type]
        if rank is not None:
            own = [one for one in own if one.rank == rank]
        calls = sum(one.calls * one.tasks for one in own)
        tasks = sum(one.tasks for one in own)
        if tasks and ratio(calls, line.calls) >= LEAST_KNOWN:
            found[name] = TaskLengths(tasks, ratio(calls, tasks))
    return found
