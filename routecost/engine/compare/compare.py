"""Comparison of strategies."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from routecost.engine.compare.outcomes import measured_rates, overhead, quality, seconds_per_task
from routecost.engine.compare.unpriced import with_place
from routecost.engine.compare.verdict import verdict
from routecost.engine.pricing.price import price
from routecost.engine.pricing.terms import settle
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.pricing.token_scaling import scalings
from routecost.engine.usage.task_flow import known_sum
from routecost.errors import UnknownNameError, UnpricedError
from routecost.model.pricing.bill import Bill
from routecost.model.results.comparison import Comparison, Savings, StrategyCost
from routecost.model.scenario.caching import NO_CACHE
from routecost.model.scenario.strategy import Expansion, Strategy, TierModels
from routecost.model.scenario.workload import Workload
from routecost.problems import did_you_mean
from routecost.units import MAX_COUNT, MONTHS_PER_YEAR, exact

if TYPE_CHECKING:
    from routecost.engine.compare.router_errors import Month
    from routecost.model.results.comparison import RouterError, Scaling
    from routecost.model.scenario.scenario import Scenario

Priced = Mapping[str, tuple[Expansion, Bill]]
"""Strategy -> its expansion of a day's work, and the bill of that."""


@exact
def compare(scenario: Scenario, as_of: date) -> Comparison:
    """Price every strategy of a scenario for the workload of a day, at the rates of ``as_of``.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.pricing.price.price` does.
    """
    priced = price_all(scenario, as_of)
    months = {name: settled_bill(bill, scenario) for name, (_, bill) in priced.items()}
    baseline = _monthly(months, scenario.baseline)
    costs = tuple(_cost(scenario, as_of, name, priced[name], months[name], baseline) for name in months)
    work = {name: calls_per_task(expansion) for name, (expansion, _) in priced.items()}
    savings = None
    if work.get(scenario.proposed or "") == work.get(scenario.default or ""):
        savings = _savings(scenario, months, {cost.strategy: cost.total_cost_per_month for cost in costs})
    by_name = {cost.strategy: cost for cost in costs}
    proposed = by_name.get(scenario.proposed or "")
    return Comparison(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        as_of=as_of,
        currency=scenario.pricing.currency,
        tasks_per_day=scenario.workload.tasks_per_day,
        baseline=scenario.baseline,
        default=scenario.default,
        proposed=scenario.proposed,
        savings=savings,
        strategies=costs,
        has_budget=scenario.budget is not None,
        caching_losses=_caching_losses(scenario, months, as_of),
        scaling=_scaling_used(scenario, priced, as_of),
        illustrative=scenario.illustrative,
        at_means=scenario.at_means,
        verdict=verdict(scenario, savings, proposed, tier_models_of(scenario, as_of)),
        measured=measured_rates(scenario.workload),
        router_errors=_router_errors(scenario, by_name, as_of),
        calls_per_task=work if len(set(work.values())) > 1 else {},
    )


def price_all(scenario: Scenario, day: date) -> Priced:
    """Return each strategy's expansion and bill for the workload of a day, at the rates of ``day``.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.pricing.price.price` does.
    """
    tiers = tier_models_of(scenario, day)
    priced = {}
    for name, strategy in scenario.strategies.items():
        try:
            expansion = strategy.expand(scenario.workload, tiers)
            priced[name] = (expansion, price(expansion.usage, scenario.pricing, day))
        except UnpricedError as error:
            raise with_place(error, scenario) from None
    return priced


def tier_models_of(scenario: Scenario, day: date) -> TierModels:
    """Return the tiers of the scenario's sheet on a day, with the scaling of its tokens."""
    line = replace(tier_models(scenario.pricing, day), latency=scenario.latency)
    if scenario.tokens_measured_on is None:
        return line
    scaling, unscaled = scalings(scenario.pricing, line.models.values(), scenario.tokens_measured_on, day)
    return replace(line, scaling=scaling, unscaled=unscaled)


def settled_bill(daily: Bill, scenario: Scenario) -> Bill:
    """Return a month's bill from a day's, volume discounts included."""
    month = daily.scaled(scenario.days_per_month)
    return replace(month, terms=(*month.terms, *settle(month.total, scenario.pricing)))


def calls_per_task(expansion: Expansion) -> tuple[Decimal, ...]:
    """Return the work that a strategy does: calls per task, by task type."""
    return tuple(outcome.calls_per_task for outcome in expansion.outcomes)


def _monthly(months: Mapping[str, Bill], name: str | None) -> Decimal | None:
    if name is None:
        return None
    if name not in months:
        raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, months)}')
    return months[name].total


def _cost(  # noqa: PLR0917  a row of the comparison
    scenario: Scenario,
    as_of: date,
    name: str,
    priced: tuple[Expansion, Bill],
    month: Bill,
    baseline: Decimal | None,
) -> StrategyCost:
    expansion, day = priced
    tasks, per_month = scenario.workload.tasks_per_day, month.total
    # Volume discounts depend on the month, so a day by itself is exact only without them.
    per_day = day.total if len(month.terms) == len(day.terms) else per_month / scenario.days_per_month
    return StrategyCost(
        strategy=name,
        cost_per_task=per_day / tasks if tasks else None,
        cost_per_day=per_day,
        cost_per_month=per_month,
        cost_per_year=per_month * MONTHS_PER_YEAR,
        vs_baseline=per_month / baseline - 1 if baseline else None,
        tasks_per_budget=_tasks_per_budget(scenario, per_day, partial(_times, scenario, as_of, name, day)),
        bill=month,
        expansion=expansion,
        quality=quality(expansion, scenario, per_day),
        overhead=overhead(expansion, scenario, as_of),
        seconds_per_task=seconds_per_task(expansion),
    )


def _times(scenario: Scenario, as_of: date, name: str, day: Bill, factor: Decimal) -> Bill:
    """Return the bill of a day with ``factor`` times the work, of which ``day`` is the bill as stated."""
    if not scenario.workload.follows_volume:
        return day.scaled(factor)
    alone = {name: scenario.strategies[name]}
    more = replace(scenario, strategies=alone, workload=scenario.workload.times(factor))
    return price_all(more, as_of)[name][1]


def _tasks_per_budget(
    scenario: Scenario, cost_per_day: Decimal, times: Callable[[Decimal], Bill]
) -> Decimal | None:
    budget, tasks = scenario.budget, scenario.workload.tasks_per_day
    if budget is None or not cost_per_day:
        return None
    if not scenario.workload.follows_volume:
        return budget.amount / cost_per_day * tasks
    days = scenario.days_per(budget.per)
    months = days / scenario.days_per_month

    def exceeds(count: int) -> bool:
        return settled_bill(times(count / (tasks * days)), scenario).total * months > budget.amount

    return Decimal(bisect_left(range(int(MAX_COUNT)), True, key=exceeds) - 1)


def _savings(
    scenario: Scenario, months: Mapping[str, Bill], totals: Mapping[str, Decimal | None]
) -> Savings | None:
    proposed, default = _monthly(months, scenario.proposed), _monthly(months, scenario.default)
    if proposed is None or default is None:
        return None
    saved = default - proposed
    with_failures = [totals[name] for name in (scenario.default, scenario.proposed) if name is not None]
    return Savings(
        strategy=scenario.proposed or "",
        against=scenario.default or "",
        fraction=saved / default if default else None,
        per_day=saved / scenario.days_per_month,
        per_month=saved,
        per_year=saved * MONTHS_PER_YEAR,
        with_failures_per_month=known_sum((with_failures[0], _negative(with_failures[1]))),
    )


def _negative(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _caching_losses(scenario: Scenario, months: Mapping[str, Bill], day: date) -> dict[str, Decimal]:
    """Return the net loss per month of caching, for strategies for which it costs more than it saves."""
    if all(task.cache == NO_CACHE for task in scenario.workload.task_types):
        return {}
    tasks = tuple(replace(task, cache=NO_CACHE) for task in scenario.workload.task_types)
    without = price_all(replace(scenario, workload=Workload(tasks)), day)
    extra = {name: months[name].total - settled_bill(without[name][1], scenario).total for name in months}
    return {name: loss for name, loss in extra.items() if loss > 0}


def _scaling_used(scenario: Scenario, priced: Priced, day: date) -> Scaling | None:
    if scenario.tokens_measured_on is None:
        return None
    from routecost.model.results.comparison import Scaling

    line = tier_models_of(scenario, day)
    used = {key.model for expansion, _ in priced.values() for key in expansion.usage.counts}
    scaled = tuple(scaling for model, scaling in line.scaling.items() if model in used)
    return Scaling(
        scenario.tokens_measured_on, scaled, tuple(model for model in line.unscaled if model in used)
    )


def _router_errors(
    scenario: Scenario, costs: Mapping[str, StrategyCost], day: date
) -> tuple[RouterError, ...]:
    if not any(hasattr(strategy, "router") for strategy in scenario.strategies.values()):
        return ()
    from routecost.engine.compare.router_errors import (
        router_errors,  # slow to import, and few scenarios have routers
    )

    return router_errors(scenario, costs, partial(_month_with, scenario, day))


def _month_with(scenario: Scenario, day: date, strategy: Strategy) -> Month:
    """Return the monthly cost of a strategy, and that with failures if known."""
    expansion = strategy.expand(scenario.workload, tier_models_of(scenario, day))
    daily = price(expansion.usage, scenario.pricing, day)
    month = settled_bill(daily, scenario).total
    outcome = quality(expansion, scenario, daily.total)
    failures = None if outcome is None else outcome.failure_cost_per_month
    return month, None if failures is None else month + failures
