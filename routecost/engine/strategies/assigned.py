"""A separate strategy for each task type, chosen by a router with a cost and an error rate.

System-level routing in the sense of MasRouter (ACL 2025): the router chooses a whole strategy for a
task, and the router's call is part of the cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from routecost.engine.strategies.table import induced_mix
from routecost.engine.usage.task_flow import Assistant, TaskFlow, known_sum
from routecost.model.pricing.usage import Usage
from routecost.model.scenario.strategy import Expansion, Outcome, Strategy, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.units import ZERO, exact

ROUTER = "router"
Part = tuple[Decimal, Expansion]
"""A share of the tasks of a type, and the expansion of the strategy that they were sent to."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Run each task type as ``strategies`` says; ``router``, if any, is called for each task.

    ``mistakes`` maps a task type to the shares of its tasks that are misrouted as other types: they
    keep their own tokens and run as the other type would. ``error`` is a share of every type's tasks
    instead, spread evenly over the others. Strategies are by the name of the task type in the workload,
    or with ``by_kind`` by the one that a routing table knows it by.
    """

    strategies: Mapping[str, Strategy]
    router: Assistant | None = None
    mistakes: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    error: Decimal = ZERO
    by_kind: bool = False

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the expected usage of one day of the workload, and the outcomes of its tasks."""
        by_task = [(task, list(self._parts(task, workload, tier_models))) for task in workload.task_types]
        courses = [self._routed(task, tier_models) for task, _ in by_task]
        roles = _by_role([expansion for _, parts in by_task for _, expansion in parts], courses)
        outcomes = [
            _merged(task, parts, flow.seconds) for (task, parts), flow in zip(by_task, courses, strict=True)
        ]
        mix = _mix([part for _, parts in by_task for part in parts], tier_models)
        return Expansion(Usage.total(roles.values()), mix, bool(mix), roles, tuple(outcomes))

    def _routed(self, task: TaskType, tier_models: TierModels) -> TaskFlow:
        flow = TaskFlow(task, tier_models)
        if self.router is not None:
            flow.asked(self.router, Decimal(1), ZERO)
        return flow

    def _parts(self, task: TaskType, workload: Workload, tier_models: TierModels) -> Iterator[Part]:
        """Yield the expansions of the tasks of a type, by the type that they are routed as."""
        for other in workload.task_types:
            share = self._taken(task, other, workload)
            if share:
                cache = task.cache.split(share)
                part = replace(task, tasks_per_day=task.tasks_per_day * share, cache=cache)
                strategy = self.strategies[other.routed_as if self.by_kind else other.name]
                yield share, strategy.expand(Workload((part,)), tier_models)

    def _taken(self, task: TaskType, other: TaskType, workload: Workload) -> Decimal:
        """Return the share of a type's tasks that is routed as another type, or as its own."""
        others = len(workload.task_types) - 1
        mistakes = self.mistakes.get(task.name, {})
        if other.name != task.name:
            return mistakes.get(other.name, ZERO) + (self.error / others if others else ZERO)
        return 1 - sum(mistakes.values(), ZERO) - (self.error if others else ZERO)


def _by_role(expansions: list[Expansion], courses: list[TaskFlow]) -> dict[str, Usage]:
    by_role: dict[str, list[Usage]] = {}
    for expansion in expansions:
        for role, usage in expansion.roles.items():
            by_role.setdefault(role, []).append(usage)
    for flow in courses:
        for role, usages in flow.usages.items():
            by_role.setdefault(role, []).extend(usages)
    return {role: Usage.total(usages) for role, usages in by_role.items()}


def _merged(task: TaskType, parts: list[Part], before: Decimal | None) -> Outcome:
    """Return the merged outcome of a task type with several parts, after ``before`` seconds of routing."""

    def mean(name: str) -> Decimal | None:
        values = ((share, getattr(expansion.outcomes[0], name)) for share, expansion in parts)
        return known_sum(None if value is None else share * value for share, value in values)

    return Outcome(
        task.name,
        task.tasks_per_day,
        mean("right"),
        mean("wrong"),
        mean("reworked"),
        mean("escalated"),
        mean("reviewed") or ZERO,
        known_sum((before, mean("seconds"))),
    )


def _mix(parts: list[Part], tier_models: TierModels) -> Mapping[str, Decimal]:
    """Return the share of tasks per tier; empty if some of them may run on several."""
    if not all(expansion.mix for _, expansion in parts):
        return {}
    volumes = (
        (tier, share * expansion.outcomes[0].tasks_per_day)
        for _, expansion in parts
        for tier, share in expansion.mix.items()
    )
    return induced_mix(volumes, tier_models)
