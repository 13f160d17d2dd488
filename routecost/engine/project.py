"""Spend month by month, at the prices in force as the months pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import accumulate

from routecost.engine.changes import price_changes
from routecost.engine.compare import Priced, price_all
from routecost.engine.terms import settled
from routecost.engine.volumes import schedule
from routecost.errors import UnknownNameError
from routecost.model.horizon import Horizon, month_name
from routecost.model.projection import (
    BudgetCourse,
    BudgetMonth,
    MonthCost,
    Projection,
    StrategySpend,
    TotalSavings,
)
from routecost.model.scenario import Budget, Period, Scenario
from routecost.model.schedule import Part, Schedule
from routecost.problems import did_you_mean
from routecost.units import MONTHS_PER_YEAR, exact

PricedWork = Mapping[tuple[int, date], Priced]
"""The place of a work and the first day of a period -> strategy -> expansion and bill."""

Spends = Mapping[str, tuple[MonthCost, ...]]


@exact
def project(scenario: Scenario, horizon: Horizon) -> Projection:
    """Price every strategy of a scenario in every month of a horizon.

    Before what depends on a month's total, cost is linear in the work: each strategy is priced once
    per kind of work and period of constant prices, and the schedule multiplies.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.price.price` does.
    """
    planned = schedule(scenario, horizon)
    priced = price_schedule(scenario, planned, horizon)
    spends = _spends(scenario, planned, priced)
    return Projection(
        scenario=scenario.name,
        pricing=scenario.pricing.name,
        currency=scenario.pricing.currency,
        horizon=horizon,
        days_per_month=scenario.days_per_month,
        baseline=scenario.baseline,
        default=scenario.default,
        proposed=scenario.proposed,
        strategies=_strategies(spends, scenario.baseline),
        budget=None if scenario.budget is None else _course(scenario, scenario.budget, spends),
        savings=_savings(scenario, spends),
        changes=price_changes(scenario.pricing, planned, priced),
        illustrative=scenario.illustrative,
    )


def price_schedule(scenario: Scenario, planned: Schedule, horizon: Horizon) -> PricedWork:
    """Return what each strategy makes of a day of each work, and its bill, wherever the schedule needs it."""
    needed = {
        (part.work, part.since)
        for months in planned.rows.values()
        for month in months
        for part in month.parts
    }
    return {
        (work, since): price_all(
            replace(scenario, workload=planned.works[work].workload), horizon.pinned or since
        )
        for work, since in sorted(needed)
    }


def _spends(scenario: Scenario, planned: Schedule, priced: PricedWork) -> Spends:
    def daily(part: Part) -> Decimal:
        return priced[part.work, part.since][part.strategy][1].total

    spends = {}
    for row, months in planned.rows.items():
        costs = [settled(month.cost(daily), scenario.pricing) for month in months]
        spends[row] = tuple(
            MonthCost(month_name(month.month), row, cost, cumulative, p50=cost)
            for month, cost, cumulative in zip(months, costs, accumulate(costs), strict=True)
        )
    return spends


def _strategies(spends: Spends, baseline: str | None) -> tuple[StrategySpend, ...]:
    against = None if baseline is None else _total(spends, baseline)
    return tuple(
        StrategySpend(name, months, _total(spends, name) / against - 1 if against else None)
        for name, months in spends.items()
    )


def _named(spends: Spends, name: str) -> tuple[MonthCost, ...]:
    if name not in spends:
        raise UnknownNameError(f'no strategy named "{name}"{did_you_mean(name, spends)}')
    return spends[name]


def _total(spends: Spends, name: str) -> Decimal:
    return _named(spends, name)[-1].cumulative


def _savings(scenario: Scenario, spends: Spends) -> TotalSavings | None:
    if scenario.proposed is None or scenario.default is None:
        return None
    default = _total(spends, scenario.default)
    saved = default - _total(spends, scenario.proposed)
    return TotalSavings(scenario.proposed, scenario.default, saved, saved / default if default else None)


def _course(scenario: Scenario, budget: Budget, spends: Spends) -> BudgetCourse:
    months = _named(spends, budget.strategy)
    spent = _counted(budget.per, [month.cost for month in months], scenario)
    return BudgetCourse(
        budget,
        budget.amount / scenario.days_per(budget.per) * scenario.days_per(Period.MONTH),
        tuple(
            BudgetMonth(month.month, money, money - budget.amount)
            for month, money in zip(months, spent, strict=True)
        ),
    )


def _counted(per: Period, costs: Sequence[Decimal], scenario: Scenario) -> Iterator[Decimal]:
    """Yield what counts against a budget in each month."""
    if per is Period.YEAR:
        for first in range(0, len(costs), MONTHS_PER_YEAR):
            yield from accumulate(costs[first : first + MONTHS_PER_YEAR])
    else:
        in_a_month = scenario.days_per(Period.MONTH) / scenario.days_per(per)
        yield from (cost / in_a_month for cost in costs)
