"""Budgets of owners: their parts of the budget's strategy, against the amounts that they may spend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from routecost.engine.breakdown.divide import divide_month
from routecost.engine.compare.unpriced import only
from routecost.model.results.breakdown.breakdown import Dimension, Kind, total_of
from routecost.model.results.claim_check import ClaimResult
from routecost.model.scenario.figure_path import FigureKind
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO, exact


@exact
def owner_budgets(scenario: Scenario, as_of: date) -> Iterator[ClaimResult]:
    """Yield the check of the budget of each owner that has one."""
    budget = scenario.budget
    if budget is None or not budget.owners:
        return
    (breakdown,) = divide_month(only(scenario, {budget.strategy}), as_of, [Dimension(Kind.OWNER)])
    parts = breakdown.costs[budget.strategy]
    months = scenario.days_per(budget.per) / scenario.days_per_month
    for owner, amount in budget.owners.items():
        computed = total_of(parts.get(owner, ())).cost * months
        holds = computed <= amount
        yield ClaimResult(
            claim=f"budget of {owner} for {budget.strategy} per {budget.per}",
            says=None,
            published=amount,
            computed=computed,
            within=ZERO,
            holds=holds,
            status="holds" if holds else "fails",
            why=None if holds else "the budget is exceeded",
            kind=FigureKind.MONEY,
            currency=scenario.pricing.currency,
            is_budget=True,
            owner=owner,
        )
