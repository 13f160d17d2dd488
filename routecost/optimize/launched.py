"""Task types that a plan launches later: a found policy must assign them too, or it cannot be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import TaskType
from routecost.optimize.candidates import Cost, Option


def launched_tasks(scenario: Scenario) -> tuple[TaskType, ...]:
    """Return the task types that launches add to those of the scenario."""
    known = {task.name for task in scenario.workload.task_types}
    launches = () if scenario.plan is None else scenario.plan.launches
    tasks = {task.name: task for launch in launches for task in launch.workload.task_types}
    return tuple(task for name, task in tasks.items() if name not in known)


def cheapest(costs: Mapping[str, Cost], tiers: Sequence[str]) -> str:
    """Return the option with the lowest cost including failures; the highest tier if none is known."""
    return min(costs, key=lambda name: costs[name].total) if costs else tiers[-1]


def usable_after_launches(options: Iterable[Option], launched: Sequence[TaskType]) -> dict[str, Option]:
    """Return the cascades whose detection has the success rates that it needs for launched tasks too."""
    return {
        option.name: option
        for option in options
        if all(tier in task.success for task in launched for tier in option.tiers[:-1])
    }
