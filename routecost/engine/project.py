"""Spend month by month, at the prices in force as the months pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate

from routecost.engine.changes import price_changes
from routecost.engine.compare import Priced, price_all
from routecost.engine.periods import Part, parts, price_periods
from routecost.engine.terms import settled
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
from routecost.problems import did_you_mean
from routecost.units import MONTHS_PER_YEAR, exact

Spends = Mapping[str, tuple[MonthCost, ...]]


@exact
def project(scenario: Scenario, horizon: Horizon) -> Projection:
    """Price every strategy of a scenario in every month of a horizon.

    A month has the scenario's ``days_per_month``; where prices change within it, each part counts
    by its calendar days. Before volume discounts cost is linear in the work, so each strategy is
    priced once per period of constant prices, and growth multiplies.

    Raises UnknownNameError and UnpricedError as :func:`routecost.engine.price.price` does.
    """
    periods = price_periods(scenario.pricing, horizon)
    priced = {since: price_all(scenario, horizon.pinned or since) for since in periods}
    spends = _spends(scenario, horizon, priced)
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
        changes=price_changes(scenario.pricing, priced),
        illustrative=scenario.illustrative,
    )


def _spends(scenario: Scenario, horizon: Horizon, priced: Mapping[date, Priced]) -> Spends:
    calendar = [parts(month, tuple(priced)) for month in horizon.first_days]
    factors = [horizon.factor(at) for at in range(horizon.months)]
    names = [month_name(month) for month in horizon.first_days]
    spends = {}
    for strategy in scenario.strategies:
        daily = {since: bills[strategy][1].total for since, bills in priced.items()}
        costs = [
            settled(_mean(days, daily) * scenario.days_per_month * factor, scenario.pricing)
            for days, factor in zip(calendar, factors, strict=True)
        ]
        spends[strategy] = tuple(
            MonthCost(month, strategy, cost, cumulative)
            for month, cost, cumulative in zip(names, costs, accumulate(costs), strict=True)
        )
    return spends


def _mean(days: Sequence[Part], daily: Mapping[date, Decimal]) -> Decimal:
    """Return the mean cost of a month's days.

    Written as a correction to the first part, so that the mean of equal costs is that cost exactly.
    """
    first = daily[days[0].since]
    excess = sum(((daily[part.since] - first) * part.days for part in days), Decimal(0))
    return first + excess / sum(part.days for part in days)


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
    costs = [(month.month, month.cost) for month in _named(spends, budget.strategy)]
    return budget_course(scenario, budget, costs)


@exact
def budget_course(scenario: Scenario, budget: Budget, costs: Sequence[tuple[str, Decimal]]) -> BudgetCourse:
    """Return how a budget fares, given what each month (``YYYY-MM``) costs."""
    spent = _counted(budget.per, [cost for _, cost in costs], scenario)
    return BudgetCourse(
        budget,
        budget.amount / scenario.days_per(budget.per) * scenario.days_per(Period.MONTH),
        tuple(
            BudgetMonth(month, money, money - budget.amount)
            for (month, _), money in zip(costs, spent, strict=True)
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
