"""Budgets of owners: their parts of the budget's strategy, against the amounts that they may spend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from routecost.engine.breakdown.divide import divide_month
from routecost.engine.compare.claims import budget_result
from routecost.engine.compare.unpriced import only
from routecost.model.results.breakdown.breakdown import Dimension, Kind, total_of
from routecost.model.results.claim_check import ClaimResult
from routecost.model.results.failures import Between
from routecost.model.scenario.scenario import Scenario
from routecost.units import exact


@exact
def owner_budgets(scenario: Scenario, as_of: date) -> Iterator[ClaimResult]:
    """Yield the check of the budget of each owner that has one."""
    budget = scenario.budget
    if budget is None or not budget.owners:
        return
    (breakdown,) = divide_month(only(scenario, {budget.strategy}), as_of, [Dimension(Kind.OWNER)])
    parts = breakdown.costs[budget.strategy]
    months = scenario.days_per(budget.per) / scenario.days_per_month
    for owner in budget.owners:
        cost = total_of(parts.get(owner, ()))
        spent = (cost.total if budget.counts_failures else Between.exactly(cost.cost)).times(months)
        yield budget_result(scenario, budget, spent, owner)
