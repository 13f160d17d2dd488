"""Candidate strategies for task types, and their monthly costs including failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from routecost.engine.compare.compare import compare
from routecost.engine.pricing.settlement import before_totals
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import TaskType, Workload
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate strategy for a task type; ``name`` identifies it, e.g. ``haiku > sonnet``."""

    name: str
    strategy: Strategy

    @property
    def tiers(self) -> tuple[str, ...]:
        """The tiers that the strategy uses."""
        strategy = self.strategy
        return strategy.path if isinstance(strategy, Cascade) else (self.name,)


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost per month: of calls, and including failures."""

    calls: Decimal
    total: Decimal

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.calls + other.calls, self.total + other.total)


def tier_options(tiers: Iterable[str]) -> list[Option]:
    """Return an option for each tier."""
    return [Option(tier, UniformTier(tier)) for tier in tiers]


def cascade_options(scenario: Scenario) -> list[Option]:
    """Return all upward paths of at least two tiers, with the detection of the scenario's cascades.

    Uses only cascades with ``detection``, whose acceptance rates apply to other paths as well.
    """
    tiers = scenario.pricing.tier_names
    cascades = [
        (name, strategy)
        for name, strategy in scenario.strategies.items()
        if isinstance(strategy, Cascade) and strategy.detection is not None
    ]
    return [
        Option(" > ".join(path) + (f" as in {name}" if len(cascades) > 1 else ""), _with_path(strategy, path))
        for name, strategy in cascades
        for size in range(2, len(tiers) + 1)
        for path in combinations(tiers, size)
    ]


def _with_path(cascade: Cascade, path: tuple[str, ...]) -> Cascade:
    after = {tier: rate for tier, rate in cascade.success_after.items() if tier in path[1:]}
    tokens = {tier: shape for tier, shape in cascade.tokens.items() if tier in path}
    return replace(cascade, path=path, success_after=after, tokens=tokens)


Costs = Mapping[str, Mapping[str, Cost]]
"""Task type -> option -> cost; without options whose failure cost is unknown."""


def costs(scenario: Scenario, options: Iterable[Option], day: date) -> Costs:
    """Return the cost of each option for each task type of the scenario's workload."""
    known = list(options)
    return {task.name: dict(_of_task(scenario, task, known, day)) for task in scenario.workload.task_types}


def _of_task(
    scenario: Scenario, task: TaskType, options: list[Option], day: date
) -> Iterator[tuple[str, Cost]]:
    usable = [option for option in options if all(tier in task.success for tier in _needed_tiers(option))]
    single = replace(
        scenario,
        pricing=before_totals(scenario.pricing),  # task types share these terms
        fixed_fees=(),
        workload=Workload((task,)),
        strategies={option.name: option.strategy for option in usable},
        baseline=None,
        default=None,
        proposed=None,
        budget=None,
    )
    for row in compare(single, day).strategies if usable else ():
        total = row.total_cost_per_month
        if total is not None:
            yield row.strategy, Cost(row.cost_per_month, total)


def _needed_tiers(option: Option) -> tuple[str, ...]:
    """Return the tiers whose success rates a strategy requires."""
    return option.tiers[:-1] if isinstance(option.strategy, Cascade) else ()


def summed(tables: Iterable[Mapping[str, Cost]]) -> dict[str, Cost]:
    """Return the sum of costs for each option that all tables have."""
    first, *rest = tables
    shared = [name for name in first if all(name in table for table in rest)]
    return {name: sum((table[name] for table in rest), first[name]) for name in shared}


def grouped(
    costs: Costs, tasks: Iterable[TaskType], key: Callable[[TaskType], str]
) -> dict[str, dict[str, Cost]]:
    """Return the costs of groups of task types that share one option."""
    groups: dict[str, list[Mapping[str, Cost]]] = {}
    for task in tasks:
        groups.setdefault(key(task), []).append(costs[task.name])
    return {name: summed(tables) for name, tables in groups.items()}
