"""Cascades in a log: tasks that one tier was tried for, and then a higher one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from routecost.engine.logs.calibration.figures import ratio
from routecost.engine.logs.calibration.lines import Line, Tiered
from routecost.model.logs.profile import Step
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

MOST_REPEATED = Decimal("0.05")
"""The largest difference of the mean calls of a task on a tier from a whole number, as a fraction."""

MOST_OF_ALL = Decimal("0.01")
"""The same as a fraction of all tasks, where a tier has few. Repeated calls count as tasks of their own."""

LEAST_ASCENDING = Decimal("0.9")
"""The least share of the tasks on several tiers whose calls never go to a lower tier again."""

Key = tuple[str, int]
"""A task type, and the rank of the tier of the first call of its tasks."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The shares of a tier's wrong and right results that were escalated, and of those kept that are right.

    ``right`` is the success of the last tier. A share is None if it is unknown. ``assumed`` results had no
    outcome and are taken to be right as often as the others that were kept.
    """

    wrong_rejected: Decimal | None = None
    right_rejected: Decimal | None = None
    right: Decimal | None = None
    assumed: int = 0


@dataclass(frozen=True, slots=True)
class Ladder:
    """The tiers of the tasks that begin on one tier, ``calls`` on each, and what became of their results."""

    tiers: tuple[str, ...]
    calls: int
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """A tier that tasks are tried on: its calls, the number of tasks, and their success, None if unknown.

    ``rejected`` are the shares of wrong and of right results that go to the next tier; None for the last.
    ``assumed`` outcomes of the tier are as in :class:`Verdict`.
    """

    tier: str
    cells: tuple[Tiered, ...]
    tasks: Decimal
    success: Decimal | None
    rejected: tuple[Decimal, Decimal] | None
    assumed: int = 0


def ladders(steps: Iterable[Step], tiers: Sequence[str]) -> dict[Key, Ladder]:
    """Return the ladders of the task types whose tasks are escalated; ``tiers`` are those of the sheet.

    Failures without successes may be errors of an interface: such task types have none.
    """
    by_type: dict[str, list[Step]] = {}
    for step in steps:
        if step.task_type is not None:
            by_type.setdefault(step.task_type, []).append(step)
    usable: dict[Key, Ladder] = {}
    for task_type, group in by_type.items():
        has_outcomes = any(step.succeeded for step in group)
        starts = sorted({step.start for step in group if step.start is not None})
        own = {start: [step for step in group if step.start == start] for start in starts}
        all_of_type = {
            (task_type, start): _ladder(own[start], tiers, has_outcomes=has_outcomes) for start in starts
        }
        known = {key: ladder for key, ladder in all_of_type.items() if ladder is not None}
        usable |= known if _is_cascade(group) and len(known) == len(starts) else {}
    return usable


def _is_cascade(steps: Sequence[Step]) -> bool:
    if any(step.failed for step in steps) and not any(step.succeeded for step in steps):
        return False
    ascending = sum(step.tasks for step in steps if step.escalated and step.rank == step.start)
    others = sum(step.tasks for step in steps if step.start is None and not step.escalated)
    return ascending > 0 and ratio(ascending, ascending + others) >= LEAST_ASCENDING


@exact
def _ladder(steps: Sequence[Step], tiers: Sequence[str], *, has_outcomes: bool) -> Ladder | None:
    ranks = sorted({step.rank for step in steps})
    rungs = [[step for step in steps if step.rank == rank] for rank in ranks]
    tasks, calls = [_tasks(rung) for rung in rungs], [sum(one.calls for one in rung) for rung in rungs]
    per_task = max(1, round(ratio(calls[0], tasks[0])))
    for some, of_tier in zip(tasks, calls, strict=True):
        if abs(ratio(of_tier, per_task) - some) > max(some * MOST_REPEATED, tasks[0] * MOST_OF_ALL):
            return None
    verdicts = [_verdict(rung, has_outcomes=has_outcomes) for rung in rungs]
    if any(verdict.wrong_rejected is None for verdict in verdicts[:-1]):
        return None
    return Ladder(tuple(tiers[rank] for rank in ranks), per_task, tuple(verdicts))


def _tasks(steps: Iterable[Step]) -> int:
    return sum(step.tasks for step in steps)


def _verdict(rung: Sequence[Step], *, has_outcomes: bool) -> Verdict:
    """Return what became of the results of a tier; those kept without an outcome are as the others."""
    kept = [step for step in rung if not step.escalated]
    kept_right = _tasks(step for step in kept if step.succeeded or not has_outcomes)
    kept_known = kept_right + _tasks(step for step in kept if step.failed and not step.succeeded)
    if not kept_known and kept:
        return Verdict()
    share = ratio(kept_right, kept_known) if kept else ZERO
    right_escalated = _tasks(step for step in rung if step.escalated and step.succeeded)
    wrong_escalated = _tasks(step for step in rung if step.escalated and not step.succeeded)
    right = right_escalated + share * _tasks(kept)
    wrong = wrong_escalated + (ONE - share) * _tasks(kept)
    return Verdict(
        wrong_escalated / wrong if wrong_escalated else None,
        right_escalated / right if right else ZERO,
        right / (right + wrong),
        _tasks(kept) - kept_known,
    )


@exact
def rungs_of(ladder: Ladder, cells: Sequence[Tiered]) -> tuple[Rung, ...] | None:
    """Return the rungs of calls of a ladder, each of which escalates as many; None if that is impossible.

    The calls may be some of those of the ladder, such as those of one mode.
    """
    by_tier = {tier: tuple(one for one in cells if one.tier == tier) for tier in ladder.tiers}
    tasks = [ratio(sum(one.cell.calls for one in by_tier[tier]), ladder.calls) for tier in ladder.tiers]
    rungs: list[Rung] = []
    for at, tier in enumerate(ladder.tiers):
        following = tasks[at + 1] if at + 1 < len(tasks) else ZERO
        verdict = ladder.verdicts[at]
        if not tasks[at]:
            break
        if not following:
            last = _last(verdict, ladder, at)
            rungs.append(Rung(tier, by_tier[tier], tasks[at], last, None, verdict.assumed))
            break
        wrong, right = verdict.wrong_rejected or ZERO, verdict.right_rejected or ZERO
        success = None if wrong <= right else (wrong - following / tasks[at]) / (wrong - right)
        if success is None or not 0 <= success <= 1:
            return None
        rungs.append(Rung(tier, by_tier[tier], tasks[at], success, (wrong, right), verdict.assumed))
    complete = sum(len(rung.cells) for rung in rungs) == len(cells)
    return tuple(rungs) if complete and rungs else None


def _last(verdict: Verdict, ladder: Ladder, at: int) -> Decimal | None:
    """Return the success of the last tier of some calls; another tier keeps wrong results or has none."""
    if at == len(ladder.tiers) - 1:
        return verdict.right
    return ONE if verdict.wrong_rejected == 1 else None


def parts_of(line: Line) -> Iterator[list[Line]]:
    """Yield ways to divide the calls of a ladder, from the whole on: by mode, by price step, and by both."""
    for names in ((), ("mode",), ("step",), ("mode", "step")):
        groups: dict[tuple[str, ...], list[Tiered]] = {}
        for one in line.cells:
            values = {"mode": one.cell.mode, "step": f"step {one.step}"}
            groups.setdefault(tuple(values[name] for name in names), []).append(one)
        if not names or len(groups) > 1:
            yield [
                Line(line.task_type, tuple(group), {**line.parts, **dict(zip(names, part, strict=True))})
                for part, group in groups.items()
            ]


def by_key(
    cells: Iterable[Tiered], known: Mapping[Key, Ladder]
) -> tuple[dict[Key, list[Tiered]], list[Tiered]]:
    """Return calls by ladder, and those of none."""
    groups: dict[Key, list[Tiered]] = {}
    others: list[Tiered] = []
    for one in cells:
        start, task_type = one.cell.keys.get("start"), one.cell.keys.get("task_type")
        key = None if start is None or task_type is None else (str(task_type), int(start))
        (others if key is None or key not in known else groups.setdefault(key, [])).append(one)
    return groups, others


def ladder_lines(
    groups: Mapping[Key, Sequence[Tiered]], others: Iterable[Tiered], tiers: Sequence[str]
) -> Iterator[tuple[Key, Line]]:
    """Yield the calls of each ladder; its first tier is part of its name if its type has other calls."""
    types = [task_type for task_type, _ in groups]
    types += {str(one.cell.keys["task_type"]) for one in others}
    for (task_type, start), cells in groups.items():
        parts = {"start": f"from {tiers[start]}"} if types.count(task_type) > 1 else {}
        yield (task_type, start), Line(task_type, tuple(cells), parts)
