"""A separate strategy for each task type, chosen by a router that costs money and makes errors.

System-level routing in the sense of MasRouter (ACL 2025): the router chooses a whole strategy for a
task, and its call is part of the cost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import Any, Self

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
from routecost.model.scenario.strategy import Expansion, Outcome, Payer, Strategy, TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

ROUTER = "router"
MOST_COMBINATIONS = 25_000
"""The most pairs of a task type and a different strategy over which an error is spread."""

SHARE_PLACES = 50
"""Decimal places of the shares of an error, so that the shares of a task type sum to exactly 1."""

Part = tuple[Decimal, Ended]
"""A share of the tasks of a type, and the flow of the strategy that they were sent to."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The different strategies that task types are sent to, and how many ``types`` each of them has.

    ``places`` has the place of the strategy of each task type. Work grows with the number of different
    strategies and not with that of pairs of task types.
    """

    strategies: tuple[Strategy, ...]
    types: tuple[int, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, strategies: Mapping[str, Any]) -> Self:
        """Return the targets for the strategies of task types; those of equal content are one."""
        texts = {task: repr(strategy) for task, strategy in strategies.items()}
        types = Counter(texts.values())
        places = {text: at for at, text in enumerate(types)}
        different = {texts[task]: strategy for task, strategy in strategies.items()}
        return cls(
            tuple(different[text] for text in types),
            tuple(types.values()),
            {task: places[text] for task, text in texts.items()},
        )

    @property
    def excess(self) -> str | None:
        """Why an error over all task types cannot be computed; None if it can."""
        tasks, strategies = len(self.places), len(self.strategies)
        if tasks * strategies <= MOST_COMBINATIONS:
            return None
        return (
            f"an error over all of {tasks:,} task types with {strategies:,} different strategies is "
            f"{tasks * strategies:,} combinations; expected at most {MOST_COMBINATIONS:,}"
        )


@dataclass(frozen=True, slots=True)
class Assigned(Payer):
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
        """Return the expected usage of one day of the workload, and the outcome of its tasks.

        Raises UsageError for an error over too many combinations.
        """
        targets = self.targets(workload)
        if (excess := targets.excess) and self.error:
            raise UsageError(excess)
        mixes = []

        def routed() -> Iterator[Ended]:
            for task in workload.task_types:
                flow, outcome = self.routed(task, targets, tier_models)
                mixes.append((task.tasks_per_day, flow.mix))
                yield flow, outcome

        day = expansion(routed())
        mix = _mix(mixes, tier_models)
        return replace(day, mix=mix, mix_follows=bool(mix))

    def flow(self, task: TaskType, tier_models: TierModels) -> Ended:
        """Return the calls of the tasks of one type, and their outcome, if none is taken for another type.

        Raises UsageError if some may be: only :meth:`routed` knows the other types.
        """
        if self.error or self.mistakes.get(task.name):
            raise UsageError(f'tasks of "{task.name}" are taken for other types, which must be known')
        return self.routed(task, self.targets(Workload((task,))), tier_models)

    def targets(self, workload: Workload) -> Targets:
        """Return the strategies that tasks of a workload are sent to."""
        return Targets.of(
            {
                task.name: self.strategies[task.routed_as if self.by_kind else task.name]
                for task in workload.task_types
            }
        )

    def routed(self, task: TaskType, targets: Targets, tier_models: TierModels) -> Ended:
        """Return the flow of the tasks of one type, some of which are mistaken for others of the work."""
        flow = TaskFlow(task, tier_models)
        parts = list(self._parts(task, targets, tier_models))
        for share, (part, _) in parts:
            flow.include(part, share)
        if self.router is not None:
            flow.ask(self.router, ONE)
        if all(part.mix for _, (part, _) in parts):
            flow.mix = _combined([(share, part.mix) for share, (part, _) in parts])
        return flow, _merged(task, parts, flow.seconds)

    def _parts(self, task: TaskType, targets: Targets, tier_models: TierModels) -> Iterator[Part]:
        """Yield the share and the flow of the tasks sent to each strategy."""
        for at, share in sorted(self._shares(task.name, targets).items()):
            if share:
                strategy = targets.strategies[at]
                yield share, _checked_flow(strategy, task, tier_models)

    def _shares(self, task: str, targets: Targets) -> dict[int, Decimal]:
        """Return the share of the tasks of a type that is sent to each strategy, by its place."""
        own, others = targets.places[task], len(targets.places) - 1
        shares: dict[int, Decimal] = defaultdict(Decimal)
        for at, types in enumerate(targets.types) if self.error and others else ():
            shares[at] += _rounded(self.error * (types - (at == own)) / others)
        for other, share in self.mistakes.get(task, {}).items():
            if other != task and other in targets.places:
                shares[targets.places[other]] += share
        shares[own] += 1 - sum(shares.values(), ZERO)
        return shares


def _rounded(share: Any) -> Any:
    """Return a share that adds up exactly; one that differs between simulated runs as it is."""
    return round(share, SHARE_PLACES) if isinstance(share, Decimal) else share


def flows_among(
    strategy: Strategy, workload: Workload, tier_models: TierModels
) -> Callable[[TaskType], Ended]:
    """Return the function that gives the flow of each type of the work, also if some are taken for others."""
    if not isinstance(strategy, Assigned):
        return lambda task: _checked_flow(strategy, task, tier_models)
    targets = strategy.targets(workload)
    return lambda task: strategy.routed(task, targets, tier_models)


def _checked_flow(strategy: Strategy, task: TaskType, tier_models: TierModels) -> Ended:
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
        _combined([(share, outcome.tiers) for share, (_, outcome) in parts])
        if all(outcome.tiers for _, (_, outcome) in parts)
        else {},
    )


def _combined(parts: list[tuple[Decimal, Mapping[str, Decimal]]]) -> Mapping[str, Decimal]:
    mix: dict[str, Decimal] = {}
    for share, parts_of_mix in parts:
        for tier, part in parts_of_mix.items():
            mix[tier] = mix.get(tier, ZERO) + share * part
    return mix


def _mix(
    mixes: list[tuple[Decimal, Mapping[str, Decimal]]], tier_models: TierModels
) -> Mapping[str, Decimal]:
    """Return the share of tasks per tier; empty if a task may run on several."""
    if not all(mix for _, mix in mixes):
        return {}
    volumes = ((tier, share * tasks) for tasks, mix in mixes for tier, share in mix.items())
    return induced_mix(volumes, tier_models)
