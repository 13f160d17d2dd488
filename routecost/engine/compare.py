"""Strategies side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from routecost.engine.lineup import lineup
from routecost.engine.price import price
from routecost.errors import UnknownNameError
from routecost.model.results import Bill, Comparison, Savings, StrategyCost
from routecost.model.scenario import Period, Scenario
from routecost.model.strategy import Expansion
from routecost.problems import did_you_mean
from routecost.units import exact

Priced = Mapping[str, tuple[Expansion, Bill]]


@exact
def compare(scenario: Scenario, as_of: date) -> Comparison:
    """Price every strategy of a scenario for the workload of a day, at the rates of ``as_of``.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.price.price` does.
    """
    priced = _price_all(scenario, as_of)
    baseline = _daily(priced, scenario.baseline)
    costs = tuple(_cost(scenario, name, *priced[name], baseline) for name in scenario.strategies)
    return Comparison(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        as_of=as_of,
        currency=scenario.pricing.currency,
        tasks_per_day=scenario.workload.tasks_per_day,
        baseline=scenario.baseline,
        default=scenario.default,
        proposed=scenario.proposed,
        savings=_savings(scenario, priced),
        strategies=costs,
        has_budget=scenario.budget is not None,
    )


def _price_all(scenario: Scenario, day: date) -> Priced:
    tiers = lineup(scenario.pricing, day)
    priced = {}
    for name, strategy in scenario.strategies.items():
        expansion = strategy.expand(scenario.workload, tiers)
        priced[name] = (expansion, price(expansion.usage, scenario.pricing, day))
    return priced


def _daily(priced: Priced, name: str | None) -> Decimal | None:
    if name is None:
        return None
    if name not in priced:
        raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, priced)}')
    return priced[name][1].total


def _cost(
    scenario: Scenario, name: str, expansion: Expansion, bill: Bill, baseline: Decimal | None
) -> StrategyCost:
    per_day = bill.total
    tasks = scenario.workload.tasks_per_day
    return StrategyCost(
        strategy=name,
        cost_per_task=per_day / tasks if tasks else None,
        cost_per_day=per_day,
        cost_per_month=per_day * scenario.days_per(Period.MONTH),
        cost_per_year=per_day * scenario.days_per(Period.YEAR),
        vs_baseline=per_day / baseline - 1 if baseline else None,
        tasks_per_budget=_tasks_per_budget(scenario, per_day),
        bill=bill,
        expansion=expansion,
    )


def _tasks_per_budget(scenario: Scenario, cost_per_day: Decimal) -> Decimal | None:
    if scenario.budget is None or not cost_per_day:
        return None
    return scenario.budget.amount / cost_per_day * scenario.workload.tasks_per_day


def _savings(scenario: Scenario, priced: Priced) -> Savings | None:
    proposed, default = _daily(priced, scenario.proposed), _daily(priced, scenario.default)
    if proposed is None or default is None:
        return None
    saved = default - proposed
    return Savings(
        strategy=scenario.proposed or "",
        against=scenario.default or "",
        fraction=saved / default if default else None,
        per_day=saved,
        per_month=saved * scenario.days_per(Period.MONTH),
        per_year=saved * scenario.days_per(Period.YEAR),
    )
