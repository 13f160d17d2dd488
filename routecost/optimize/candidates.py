"""Candidate strategies for task types, and their monthly costs including failures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from routecost.engine.compare.compare import price_all, settled_bill
from routecost.engine.compare.outcomes import quality
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UnpricedError, UsageError
from routecost.model.pricing.bill import Bill
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Expansion, Strategy
from routecost.model.scenario.workload import TaskType, Workload
from routecost.records import dataclass
from routecost.units import ONE, ZERO

MOST_PATHS = 4096
"""The most paths of cascades that are searched."""


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
    """Cost per month: of calls, and including failures.

    ``success`` is the least success rate of a task type. ``bills`` are those of a day, to be settled
    together if terms depend on the total of a month.
    """

    calls: Decimal
    total: Decimal
    bills: tuple[Bill, ...] = ()
    success: Decimal = ONE

    @classmethod
    def sum(cls, costs: Iterable[Cost]) -> Cost:
        """Return the sum of costs."""
        parts = list(costs)
        return cls(
            sum((part.calls for part in parts), ZERO),
            sum((part.total for part in parts), ZERO),
            tuple(bill for part in parts for bill in part.bills),
            min((part.success for part in parts), default=ONE),
        )


def settled(cost: Cost, scenario: Scenario) -> Cost:
    """Return a cost after the terms that depend on the total of a month."""
    if not cost.bills:
        return cost
    first = cost.bills[0]
    lines = tuple(line for bill in cost.bills for line in bill.lines)
    terms = tuple(term for bill in cost.bills for term in bill.terms)
    calls = settled_bill(replace(first, lines=lines, terms=terms), scenario).total
    return replace(cost, calls=calls, total=calls + cost.total - cost.calls, bills=())


def tier_options(tiers: Iterable[str]) -> list[Option]:
    """Return an option for each tier."""
    return [Option(tier, UniformTier(tier)) for tier in tiers]


def cascade_options(scenario: Scenario) -> list[Option]:
    """Return all upward paths of at least two tiers, with the detection of the scenario's cascades.

    Uses only cascades with one ``detection``, whose acceptance rates apply to other paths as well; also those
    that other strategies assign to a task type. Raises UsageError for more paths than can be tried.
    """
    tiers = scenario.pricing.tier_names
    cascades = list[tuple[str, Cascade]]()
    for name, strategy in _with_nested(scenario.strategies):
        if isinstance(strategy, Cascade) and strategy.detection is not None and not strategy.detections:
            settings = _with_path(strategy, tiers)
            if all(_with_path(other, tiers) != settings for _, other in cascades):
                cascades.append((name, strategy))
                _check_number(len(cascades), len(tiers))
    return [
        Option(" > ".join(path) + (f" as in {name}" if len(cascades) > 1 else ""), _with_path(strategy, path))
        for name, strategy in cascades
        for size in range(2, len(tiers) + 1)
        for path in combinations(tiers, size)
    ]


def _with_nested(strategies: Mapping[str, Strategy], start: str = "") -> Iterator[tuple[str, Strategy]]:
    """Yield strategies by name: these, and at ``nested.b`` those that they assign to a task type."""
    for name, strategy in strategies.items():
        yield start + name, strategy
        if isinstance(strategy, Assigned) and not strategy.by_kind:
            yield from _with_nested(strategy.strategies, f"{start}{name}.")


def _check_number(cascades: int, tiers: int) -> None:
    if cascades * 2**tiers > MOST_PATHS:
        raise UsageError(
            f"{tiers} tiers and {cascades} cascades with detection have more than {MOST_PATHS:,} paths; "
            "expected fewer tiers in the pricing sheet, or fewer cascades"
        )


def _with_path(cascade: Cascade, path: tuple[str, ...]) -> Cascade:
    after = {tier: rate for tier, rate in cascade.success_after.items() if tier in path[1:]}
    tokens = {tier: shape for tier, shape in cascade.tokens.items() if tier in path}
    return replace(cascade, path=path, success_after=after, tokens=tokens)


Costs = Mapping[str, Mapping[str, Cost]]
"""Task type -> option -> cost; without options whose failure cost is unknown."""


def costs(scenario: Scenario, options: Iterable[Option], day: date, unpriced: dict[str, str]) -> Costs:
    """Return the cost of each option for each task type of the scenario's workload.

    Options without a price are left out; ``unpriced`` takes the reason for each. Raises UnpricedError
    if no option has a price for a task type.
    """
    known = list(options)
    return {
        task.name: dict(_of_task(scenario, task, known, day, unpriced))
        for task in scenario.workload.task_types
    }


def _of_task(
    scenario: Scenario, task: TaskType, options: list[Option], day: date, unpriced: dict[str, str]
) -> Iterator[tuple[str, Cost]]:
    if not task.tasks_per_day:
        yield from ((option.name, Cost(ZERO, ZERO)) for option in options)
        return
    usable = [option for option in options if all(tier in task.success for tier in _needed_tiers(option))]
    single = replace(scenario, workload=Workload((task,)))
    errors = {}
    for option in usable:
        case = replace(single, strategies={option.name: option.strategy})
        try:
            priced = price_all(case, day)
        except UnpricedError as error:
            errors[option.name] = error
            continue
        cost = cost_of(case, *priced[option.name])
        if cost is not None:
            yield option.name, cost
    if errors and len(errors) == len(usable):
        raise next(iter(errors.values()))
    for name, unknown in errors.items():
        unpriced[name] = str(unknown).removeprefix(f'strategy "{name}": ')


def cost_of(scenario: Scenario, expansion: Expansion, daily: Bill) -> Cost | None:
    """Return the cost before terms on totals; None if that of failures is unknown."""
    known = quality(expansion, scenario, daily.total)
    failures = None if known is None else known.failure_cost_per_month
    if failures is None:
        return None
    calls = daily.total * scenario.days_per_month
    return Cost(calls, calls + failures, (daily,), least_success(expansion) or ZERO)


def least_success(expansion: Expansion) -> Decimal | None:
    """Return the lowest success rate of a task type; None if one is unknown."""
    rates = [outcome.right for outcome in expansion.outcomes if outcome.tasks_per_day]
    known = [rate for rate in rates if rate is not None]
    return min(known, default=ONE) if len(known) == len(rates) else None


def _needed_tiers(option: Option) -> tuple[str, ...]:
    """Return the tiers whose success rates a strategy requires."""
    return option.tiers[:-1] if isinstance(option.strategy, Cascade) else ()


def summed(tables: Iterable[Mapping[str, Cost]]) -> dict[str, Cost]:
    """Return the sum of costs for each option that all tables have."""
    first, *rest = tables
    shared = [name for name in first if all(name in table for table in rest)]
    return {name: Cost.sum(table[name] for table in (first, *rest)) for name in shared}


def summed_choice(groups: Mapping[str, Mapping[str, Cost]], choice: Mapping[str, str]) -> Cost:
    """Return the sum of the costs of the chosen options."""
    return Cost.sum(groups[name][option] for name, option in choice.items())


def grouped(
    costs: Costs, tasks: Iterable[TaskType], key: Callable[[TaskType], str]
) -> dict[str, dict[str, Cost]]:
    """Return the costs of groups of task types that share one option."""
    groups: dict[str, list[Mapping[str, Cost]]] = {}
    for task in tasks:
        groups.setdefault(key(task), []).append(costs[task.name])
    return {name: summed(tables) for name, tables in groups.items()}
