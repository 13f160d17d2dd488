"""Tornado: the effect of each assumption on a strategy's cost, moved alone, down and up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.compare.compare import compare, price_all
from routecost.errors import RoutecostError
from routecost.model.pricing.terms import Adjustment, Terms
from routecost.model.results.comparison import Comparison
from routecost.model.results.tornado import Assumption, CostPerMonth, Side, Tornado
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ZERO, exact

MOST_WORK = 12_000
"""The most that is priced again: moved assumptions times task types, or moved models times task types."""

_LEAST_MOVED = 5


@dataclass(frozen=True, slots=True)
class Moved:
    """A scenario in which an assumption has another ``value``; None, with the reason, if that is invalid.

    ``is_whole`` says that the value is the nearest whole number, because the field takes no other, and
    ``is_limited`` that it is the largest share.
    """

    value: Decimal | None
    scenario: Scenario | None
    why: str | None = None
    is_whole: bool = False
    is_limited: bool = False


@dataclass(frozen=True, slots=True)
class Assumed:
    """An assumption with its ``value`` (None: several figures at once), and moved both ways."""

    name: str
    value: Decimal | None
    down: Moved
    up: Moved
    is_share: bool = False


def most_moved(scenario: Scenario) -> int:
    """Return how many assumptions are moved at most: each prices all task types again."""
    return max(_LEAST_MOVED, MOST_WORK // len(scenario.workload.task_types))


@exact
def cost_by_task(scenario: Scenario, strategy: str, day: date) -> Mapping[str, Decimal]:
    """Return the cost of a day's tasks of each type, without terms on totals."""
    alone, costs = _alone(scenario, strategy), {}
    for task in scenario.workload.task_types:
        work = replace(alone, workload=Workload((task,)))
        costs[task.name] = price_all(work, day)[strategy][1].total if task.tasks_per_day else ZERO
    return costs


@exact
def tornado(scenario: Scenario, strategy: str, by: Decimal, day: date, assumed: Iterable[Assumed]) -> Tornado:
    """Price a strategy with each assumption moved, and with the rates of each model that it uses.

    Raises as ``compare`` does for the scenario as it is.
    """
    base = compare(_alone(scenario, strategy), day)
    cost = CostPerMonth.of(base[strategy])
    models = _models(base, strategy)
    most = most_moved(scenario)
    levers = (*assumed, *_rates(scenario, models[:most], by))
    assumptions = [_assumption(lever, strategy, day) for lever in levers]
    return Tornado(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        as_of=day,
        currency=base.currency,
        strategy=strategy,
        by=by,
        costs=cost,
        escalates_unknown=tuple(base.if_all_escalate),
        unpriced_reviews=base.unpriced_reviews,
        worst_of=base.worst_of,
        assumptions=tuple(sorted(assumptions, key=lambda lever: lever.swing(cost), reverse=True)),
        left_out=tuple(map(_rates_of, models[most:])),
        unknown=tuple(failure.task for failure in base[strategy].failures if failure.cost.known is None),
    )


def _alone(scenario: Scenario, strategy: str) -> Scenario:
    """Return the scenario with one strategy only, to save time."""
    kept = {strategy: scenario.strategies[strategy]}
    return replace(scenario, strategies=kept, baseline=None, default=None, proposed=None, budget=None)


def _models(base: Comparison, strategy: str) -> list[str]:
    """Return the models on the strategy's bill, most expensive first."""
    amounts: dict[str, Decimal] = {}
    for line in base[strategy].bill.lines:
        if line.amount:
            amounts[line.key.model] = amounts.get(line.key.model, ZERO) + line.amount
    return sorted(amounts, key=lambda model: amounts[model], reverse=True)


def _rates(scenario: Scenario, models: Iterable[str], by: Decimal) -> Iterator[Assumed]:
    """Yield the rates of each model, all of a model's together."""
    for model in models:
        down, up = (Moved(None, _repriced(scenario, model, factor)) for factor in (1 - by, 1 + by))
        yield Assumed(_rates_of(model), None, down, up)


def _rates_of(model: str) -> str:
    return f"rates of {model}"


def _repriced(scenario: Scenario, model: str, factor: Decimal) -> Scenario:
    sheet = scenario.pricing
    what_if = Terms(sheet.currency, (Adjustment(f"what if x {factor}", factor, (model,)),))
    return replace(scenario, pricing=replace(sheet, terms=(*sheet.terms, what_if)))


def _assumption(lever: Assumed, strategy: str, day: date) -> Assumption:
    down, up = (_side(moved, strategy, day) for moved in (lever.down, lever.up))
    return Assumption(lever.name, lever.value, down, up, lever.is_share)


def _side(moved: Moved, strategy: str, day: date) -> Side:
    if moved.scenario is None:
        return Side(moved.value, None, moved.why)
    try:
        cost = compare(_alone(moved.scenario, strategy), day)[strategy]
    except RoutecostError as error:
        return Side(moved.value, None, str(error))
    return Side(moved.value, CostPerMonth.of(cost), None, moved.is_whole, moved.is_limited)
