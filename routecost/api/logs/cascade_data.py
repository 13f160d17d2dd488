"""Cascades and successes of a log as data of documents, and what is said about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from routecost.engine.logs.calibration.cascades import Rung
from routecost.engine.logs.calibration.figures import NAMED, number
from routecost.engine.logs.calibration.lines import Line
from routecost.engine.logs.calibration.tasks import LineOfTasks
from routecost.model.logs.profile import LogProfile
from routecost.model.results.logs.calibration import EvidenceRow
from routecost.units import listed

_COUNTED = 1e-9
"""The difference of a number of successes from a whole number, which rounding causes."""


def first_success(rungs: Sequence[Rung]) -> dict[str, Any]:
    """Return the success of a task type on the first tier of its tasks: those on others were escalated."""
    first = rungs[0]
    if first.success is None:
        return {}
    counts = (first.success * first.tasks, first.tasks)
    if first.assumed or any(abs(count - round(count)) > _COUNTED for count in counts):
        return {"success": {first.tier: number(first.success)}}
    return {"success": {first.tier: {"successes": str(round(counts[0])), "trials": str(round(counts[1]))}}}


def cascade(rungs: Sequence[Rung], tokens: Callable[[Line], Mapping[str, Any]]) -> dict[str, Any]:
    """Return the strategy of tasks that are escalated as in the log; ``tokens`` returns those of calls."""
    detections = {
        rung.tier: {"wrong_rejected": number(rung.rejected[0]), "right_rejected": number(rung.rejected[1])}
        for rung in rungs
        if rung.rejected is not None
    }
    after = {rung.tier: number(rung.success) for rung in rungs[1:] if rung.success is not None}
    alone, *others = detections.values()
    first, *of_others = [tokens(Line(None, rung.cells))["tokens"] for rung in rungs]
    other = {rung.tier: data for rung, data in zip(rungs[1:], of_others, strict=True) if data != first}
    return {
        "cascade": [rung.tier for rung in rungs],
        "detection": detections if others else alone,
        **({"success_after": after} if after else {}),
        **({"tokens": other} if other else {}),
    }


def about_cascades(tasks: Mapping[str, LineOfTasks]) -> Iterator[str]:
    """Yield sentences about cascades, and what is assumed."""
    for name, task in tasks.items():
        for rung, following in zip(task.rungs, task.rungs[1:], strict=False):
            share = f"{following.tasks / rung.tasks:.1%} of {round(rung.tasks):,} tasks"
            yield f"{name}: {share} were escalated from {rung.tier} to {following.tier}"
        for rung in task.rungs:
            if rung.assumed:
                yield (
                    f"{task.line.task_type}: {rung.assumed:,} tasks have no outcome on {rung.tier} and were "
                    "not escalated: they succeed as often as the others that were not"
                )


def of_one_tier(
    rows: Sequence[EvidenceRow], profile: LogProfile, tasks: Iterable[LineOfTasks]
) -> tuple[list[EvidenceRow], str]:
    """Return the evidence of task types whose tasks are on one tier each, and a sentence about the others.

    Cascades have their own rates. A scenario has other calls on several tiers as tasks of their own.
    """
    several = {one.task_type for one in profile.lengths if one.rank is None}
    several |= {row.task for row in rows if row.escalated}
    lacking = {task.line.task_type for task in tasks if not task.rungs}
    left_out = sorted({row.task for row in rows} & several & {name for name in lacking if name is not None})
    usable = [row for row in rows if row.task not in several]
    if not left_out:
        return usable, ""
    return usable, (
        f"No success of {listed(left_out, NAMED)} is in the scenario, only in the evidence: tasks were "
        "escalated or have calls on several tiers, and a scenario would count each failure as the end of one"
    )
