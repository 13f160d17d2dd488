"""Mistakes of a router, as documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from routecost.documents.core.document_type import OneOf
from routecost.documents.core.faults import Fault
from routecost.documents.core.scalars import Name, Share
from routecost.documents.workload.helper_calls import AssistantDocument
from routecost.engine.strategies.assigned import Targets
from routecost.model.scenario.workload import TaskType, Workload
from routecost.problems import Names, did_you_mean
from routecost.units import ZERO


def _mistakes_kind(data: Any) -> str | None:
    return "evenly" if isinstance(data, str) else "by type" if isinstance(data, dict) else None


Mistakes = Annotated[
    Any,
    OneOf(
        "a share, or for each task type the shares that are taken for others",
        {"evenly": Share, "by type": dict[Name, dict[Name, Share]]},
        _mistakes_kind,
    ),
]
"""The share of each type's tasks that is taken for other types: spread evenly, or given per type."""


def mistake_faults(
    mistakes: Any, workload: Workload, strategies: Mapping[str, Any], *, by_kind: bool = False
) -> Iterator[Fault]:
    """Yield faults for unknown task types, and for mistakes that sum to more than 100%.

    An even error has a limit: all task types run with each of the different strategies.
    """
    if not isinstance(mistakes, Mapping):
        if mistakes and len(workload.task_types) < 2:
            yield Fault("there is one task type; it cannot be taken for another", ("mistakes",))
        kinds = {task.name: task.routed_as if by_kind else task.name for task in workload.task_types}
        assigned = {task: strategies[kind] for task, kind in kinds.items() if kind in strategies}
        if mistakes and (excess := Targets.of(assigned).excess):
            yield Fault(excess, ("mistakes",))
        return
    names = Names(task.name for task in workload.task_types)
    for task, taken in mistakes.items():
        for name in (task, *taken):
            if name not in names:
                place = ("mistakes", task) if name == task else ("mistakes", task, name)
                yield Fault(f'unknown task type "{name}"{did_you_mean(name, names)}', place, on_key=True)
        if task in taken:
            message = f'"{task}" taken for "{task}" is not a mistake'
            yield Fault(message, ("mistakes", task, task), on_key=True)
        total = sum(taken.values(), ZERO)
        if total > 1:
            yield Fault(f'the mistakes with "{task}" sum to {total.normalize():f}', ("mistakes", task))


def mistakes_across(mistakes: Any, fleets: Mapping[str, str]) -> Iterator[Fault]:
    """Yield mistakes between task types of different fleets; each fleet has its own router."""
    for task, taken in mistakes.items() if isinstance(mistakes, Mapping) else ():
        for name in taken:
            if name in fleets and task in fleets and fleets[name] != fleets[task]:
                known = [other for other, fleet in fleets.items() if fleet == fleets[task] and other != task]
                message = f'"{name}" belongs to another fleet than "{task}"{did_you_mean(name, known)}'
                yield Fault(message, ("mistakes", task, name), on_key=True)


def router_faults(router: AssistantDocument | None) -> Iterator[Fault]:
    """Yield a fault for a router that reads outputs."""
    if router is not None and router.reads_output:
        message = "the router runs before there is any output to read"
        yield Fault(message, ("router", "reads_output"))


def sent_to(mistakes: Any, workload: Workload) -> dict[str, Workload]:
    """Return, for each task type, the tasks that may run as its own: its own, and those mistaken for them."""
    if mistakes and not isinstance(mistakes, Mapping):
        return dict.fromkeys((task.name for task in workload.task_types), workload)
    sent: dict[str, list[TaskType]] = {task.name: [] for task in workload.task_types}
    for task in workload.task_types:
        taken = mistakes.get(task.name, {}) if mistakes else {}
        for name in dict.fromkeys((task.name, *(name for name, share in taken.items() if share))):
            if name in sent:
                sent[name].append(task)
    return {name: Workload(tuple(tasks)) for name, tasks in sent.items()}


def split_mistakes(mistakes: Any) -> dict[str, Any]:
    """Return the strategy arguments for either form of ``mistakes``."""
    return {"mistakes": mistakes} if isinstance(mistakes, Mapping) else {"error": mistakes or ZERO}
