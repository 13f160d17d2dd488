"""A separate strategy for each task type, chosen by a router that costs money and makes errors.

System-level routing in the sense of MasRouter (ACL 2025): the router chooses a whole strategy for a
task, and its call is part of the cost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal

from routecost.engine.strategies.table import induced_mix
from routecost.engine.usage.task_flow import (
    Assistant,
    Ended,
    TaskFlow,
    TaskStrategy,
    expansion,
    known_sum,
)
from routecost.errors import UsageError
from routecost.model.scenario.strategy import Expansion, Outcome, Strategy, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

ROUTER = "router"
Part = tuple[Decimal, Ended]
"""A share of the tasks of a type, and the flow of the strategy that they were sent to."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """Run each task type with its strategy in ``strategies``; ``router``, if any, is called for each task.

    ``mistakes`` maps a task type to the shares of its tasks that are mistaken for other types:
    these keep their own tokens and run with the strategy of the other type. ``error`` is a share of
    every type's tasks instead, spread evenly over the others. Strategies are by the name of the task type
    in the workload, or with ``by_kind`` by its name in a routing table.
    """

    strategies: Mapping[str, Strategy]
    router: Assistant | None = None
    mistakes: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    error: Decimal = ZERO
    by_kind: bool = False

    @exact
    def expand(self, workload: Workload, tier_models: TierModels) -> Expansion:
        """Return the expected usage of one day of the workload, and the outcome of its tasks."""
        ended = [self.routed(task, workload, tier_models) for task in workload.task_types]
        mix = _mix([flow for flow, _ in ended], tier_models)
        return expansion(ended, mix, mix_follows=bool(mix))

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome, if none is taken for another type.

        Raises UsageError if some may be: only :meth:`routed` knows the other types.
        """
        if self.error or self.mistakes.get(task.name):
            raise UsageError(f'tasks of "{task.name}" are taken for other types, which must be known')
        return self.routed(task, Workload((task,)), tier_models)

    def routed(self, task: TaskType, workload: Workload, tier_models: TierModels) -> Ended:
        """Return the flow of the tasks of one type, some of which are mistaken for others of the work."""
        flow = TaskFlow(task, tier_models)
        parts = list(self._parts(task, workload, tier_models))
        for share, (part, _) in parts:
            flow.include(part, share)
        if self.router is not None:
            flow.ask(self.router, ONE)
        if all(part.mix for _, (part, _) in parts):
            flow.mix = _combined([(share, part.mix) for share, (part, _) in parts])
        return flow, _merged(task, parts, flow.seconds)

    def _parts(self, task: TaskType, workload: Workload, tier_models: TierModels) -> Iterator[Part]:
        """Yield the share and the flow of the tasks mistaken for each type, or routed as their own."""
        for other in workload.task_types:
            share = self._taken(task, other, workload)
            if share:
                strategy = self.strategies[other.routed_as if self.by_kind else other.name]
                yield share, flow_among(strategy, task, workload, tier_models)

    def _taken(self, task: TaskType, other: TaskType, workload: Workload) -> Decimal:
        """Return the share of the tasks of a type that is routed as ``other``, which may be the same type."""
        others = len(workload.task_types) - 1
        mistakes = self.mistakes.get(task.name, {})
        if other.name != task.name:
            return mistakes.get(other.name, ZERO) + (self.error / others if others else ZERO)
        return 1 - sum(mistakes.values(), ZERO) - (self.error if others else ZERO)


def flow_among(strategy: Strategy, task: TaskType, workload: Workload, tier_models: TierModels) -> Ended:
    """Return the flow of the tasks of one type of the work, some of which may be taken for other types."""
    if isinstance(strategy, Assigned):
        return strategy.routed(task, workload, tier_models)
    if isinstance(strategy, TaskStrategy):
        strategy.check(task)
    ended: Ended = strategy.flow(task, tier_models)
    return ended


def _merged(task: TaskType, parts: list[Part], before: Decimal | None) -> Outcome:
    """Return the outcome of tasks that ran with different strategies, after ``before`` seconds."""

    def mean(name: str) -> Decimal | None:
        values = ((share, getattr(outcome, name)) for share, (_, outcome) in parts)
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
        mean("calls_per_task") or ZERO,
        mean("rework_failed") or ZERO,
        any(outcome.is_assumed for _, (_, outcome) in parts),
        any(outcome.escalates_unknown for _, (_, outcome) in parts),
        any(outcome.reviews_unknown for _, (_, outcome) in parts),
        frozenset().union(*(outcome.cold for _, (_, outcome) in parts)),
    )


def _combined(parts: list[tuple[Decimal, Mapping[str, Decimal]]]) -> Mapping[str, Decimal]:
    mix: dict[str, Decimal] = {}
    for share, parts_of_mix in parts:
        for tier, part in parts_of_mix.items():
            mix[tier] = mix.get(tier, ZERO) + share * part
    return mix


def _mix(flows: list[TaskFlow], tier_models: TierModels) -> Mapping[str, Decimal]:
    """Return the share of tasks per tier; empty if a task may run on several."""
    if not all(flow.mix for flow in flows):
        return {}
    volumes = ((tier, share * flow.task.tasks_per_day) for flow in flows for tier, share in flow.mix.items())
    return induced_mix(volumes, tier_models)
