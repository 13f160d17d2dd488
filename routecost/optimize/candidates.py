"""What a task type may be done by, and what that costs in a month, failures counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from routecost.engine.compare.compare import compare
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import TaskType, Workload


@dataclass(frozen=True, slots=True)
class Option:
    """A strategy for a task type; ``name`` says which, as in ``haiku > sonnet``."""

    name: str
    strategy: Strategy

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers it runs on."""
        strategy = self.strategy
        return strategy.path if isinstance(strategy, Cascade) else (self.name,)


@dataclass(frozen=True, slots=True)
class Cost:
    """Money per month: for calls alone, and failures counted."""

    calls: Decimal
    total: Decimal

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.calls + other.calls, self.total + other.total)


def tier_options(tiers: Iterable[str]) -> list[Option]:
    """Return a tier each."""
    return [Option(tier, UniformTier(tier)) for tier in tiers]


def cascade_options(scenario: Scenario) -> list[Option]:
    """Return all rising paths of two tiers and more, judged as each cascade of the scenario is.

    Only cascades whose acceptance follows from success rates say how other paths would do.
    """
    tiers = scenario.pricing.tier_names
    found = [
        (name, strategy)
        for name, strategy in scenario.strategies.items()
        if isinstance(strategy, Cascade) and strategy.detection is not None
    ]
    return [
        Option(" > ".join(path) + (f" as in {name}" if len(found) > 1 else ""), _along(strategy, path))
        for name, strategy in found
        for size in range(2, len(tiers) + 1)
        for path in combinations(tiers, size)
    ]


def _along(cascade: Cascade, path: tuple[str, ...]) -> Cascade:
    after = {tier: rate for tier, rate in cascade.success_after.items() if tier in path[1:]}
    tokens = {tier: shape for tier, shape in cascade.tokens.items() if tier in path}
    return replace(cascade, path=path, success_after=after, tokens=tokens)


Costs = Mapping[str, Mapping[str, Cost]]
"""Task type -> option -> what it costs; options whose cost of failures is not known are not there."""


def costs(scenario: Scenario, options: Iterable[Option], day: date) -> Costs:
    """Return what each option costs for each task type of the scenario's workload."""
    known = list(options)
    return {task.name: dict(_of_task(scenario, task, known, day)) for task in scenario.workload.task_types}


def _of_task(
    scenario: Scenario, task: TaskType, options: list[Option], day: date
) -> Iterator[tuple[str, Cost]]:
    able = [option for option in options if all(tier in task.success for tier in _judged(option))]
    alone = replace(
        scenario,
        workload=Workload((task,)),
        strategies={option.name: option.strategy for option in able},
        baseline=None,
        default=None,
        proposed=None,
        budget=None,
    )
    for found in compare(alone, day).strategies if able else ():
        total = found.total_cost_per_month
        if total is not None:
            yield found.strategy, Cost(found.cost_per_month, total)


def _judged(option: Option) -> tuple[str, ...]:
    """Return the tiers whose success rates a strategy needs to be expanded at all."""
    return option.tiers[:-1] if isinstance(option.strategy, Cascade) else ()


def summed(tables: Iterable[Mapping[str, Cost]]) -> dict[str, Cost]:
    """Return the sum for each option that all of them have."""
    found = list(tables)
    shared = [name for name in found[0] if all(name in table for table in found)]
    return {name: sum((table[name] for table in found[1:]), found[0][name]) for name in shared}


def grouped(
    costs: Costs, tasks: Iterable[TaskType], key: Callable[[TaskType], str]
) -> dict[str, dict[str, Cost]]:
    """Return the costs of groups of task types that must be done alike."""
    groups: dict[str, list[Mapping[str, Cost]]] = {}
    for task in tasks:
        groups.setdefault(key(task), []).append(costs[task.name])
    return {name: summed(tables) for name, tables in groups.items()}
