"""Budgets of owners: their parts of the budget's strategy, against the amounts that they may spend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.breakdown.divide import divide_month, divide_months
from routecost.engine.compare.claims import budget_result
from routecost.engine.compare.unpriced import only
from routecost.engine.pricing.subscriptions.payers import has_range
from routecost.engine.projection.budget_tracking import counted, track
from routecost.engine.projection.plan_budget import between, planned_result
from routecost.engine.projection.schedule import schedule
from routecost.model.results.breakdown.breakdown import NOT_ALLOTTED, Dimension, Kind, total_of
from routecost.model.results.claim_check import ClaimResult
from routecost.model.results.failures import Between
from routecost.model.results.outlook import BudgetTracking
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO, exact


@exact
def owner_budgets(scenario: Scenario, as_of: date) -> Iterator[ClaimResult]:
    """Yield the check of the budget of each owner that has one."""
    budget = scenario.budget
    if budget is None or not budget.owners:
        return
    worst = replace(scenario, worst_case=True)
    if not scenario.worst_case and has_range(scenario, budget.strategy):
        for best, hard in zip(_checks(scenario, as_of, budget), _checks(worst, as_of, budget), strict=True):
            yield between(best, hard)
    else:
        yield from _checks(scenario, as_of, budget)


def _checks(scenario: Scenario, as_of: date, budget: Budget) -> Iterator[ClaimResult]:
    (breakdown,) = divide_month(only(scenario, {budget.strategy}), as_of, [Dimension(Kind.OWNER)])
    parts = breakdown.costs[budget.strategy]
    months = scenario.days_per(budget.per) / scenario.days_per_month
    for owner in budget.owners:
        cost = total_of(parts.get(owner, ()))
        spent = (cost.total if budget.counts_failures else Between.exactly(cost.cost)).times(months)
        yield budget_result(scenario, budget, spent, owner)


def planned_owner_budgets(scenario: Scenario, horizon: Horizon) -> Iterator[ClaimResult]:
    """Yield the check of the budget of each owner in the month of the plan that is closest to it or above."""
    results = [planned_result(scenario, tracking) for tracking in track_owners(scenario, horizon)]
    if scenario.worst_case or not any(has_range(scenario, name) for name in scenario.strategies):
        yield from results
        return
    worst = track_owners(replace(scenario, worst_case=True), horizon)
    for best, tracking in zip(results, worst, strict=True):
        yield between(best, planned_result(scenario, tracking))


@exact
def track_owners(scenario: Scenario, horizon: Horizon) -> tuple[BudgetTracking, ...]:
    """Return the budget of each owner compared with the owner's part of each month.

    The budget is that of the plan, or else of the scenario.
    """
    plan = scenario.plan or NO_PLAN
    budget = plan.budget or scenario.budget
    if budget is None or not budget.owners:
        return ()
    months = schedule(scenario, horizon).rows[budget.strategy]
    (breakdown,) = divide_months(scenario, horizon, [budget.strategy], [Dimension(Kind.OWNER)])
    known, before = breakdown.before, dict[str, Decimal | None](breakdown.before)
    if known and NOT_ALLOTTED not in known:
        before = {owner: known.get(owner, ZERO) for owner in budget.owners}

    def tracked(owner: str, amount: Decimal) -> BudgetTracking:
        periods = breakdown.periods[: len(months)]
        costs = [breakdown.cost(budget.strategy, owner, period) for period in periods]
        has_failures = breakdown.counts_failures or budget.counts_failures
        failures = [cost.total if has_failures else None for cost in costs]
        of_owner = replace(budget, amount=amount, owners={})
        spent = before.get(owner) if budget.per is Period.YEAR else None
        years = (plan.year_starts, ())
        tracking = track(of_owner, months, [cost.cost for cost in costs], failures, spent, years)
        rests = counted(
            budget.per, [ZERO] * len(months), months, plan.year_starts, known.get(NOT_ALLOTTED, ZERO)
        )
        tracked = zip(tracking.months, rests, strict=True)
        return replace(
            tracking, owner=owner, months=tuple(replace(one, unallotted=rest) for one, rest in tracked)
        )

    return tuple(tracked(owner, amount) for owner, amount in budget.owners.items())
