"""Budgets of owners: their parts of the budget's strategy, against the amounts that they may spend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.breakdown.divide import divide_month, divide_months
from routecost.engine.compare.unpriced import only
from routecost.engine.projection.budget_tracking import track
from routecost.engine.projection.schedule import schedule
from routecost.model.results.breakdown.breakdown import NOT_ALLOTTED, Dimension, Kind, total_of
from routecost.model.results.claim_check import ClaimResult
from routecost.model.results.outlook import BudgetTracking
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.figure_path import FigureKind
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
    (breakdown,) = divide_month(only(scenario, {budget.strategy}), as_of, [Dimension(Kind.OWNER)])
    parts = breakdown.costs[budget.strategy]
    months = scenario.days_per(budget.per) / scenario.days_per_month
    for owner, amount in budget.owners.items():
        computed = total_of(parts.get(owner, ())).cost * months
        why = None if computed <= amount else "the budget is exceeded"
        yield _result(scenario, budget, owner, (amount, computed), why)


def planned_owner_budgets(scenario: Scenario, horizon: Horizon) -> Iterator[ClaimResult]:
    """Yield the check of the budget of each owner in the plan's months, by the month that comes closest."""
    for tracking in track_owners(scenario, horizon):
        first, closest = tracking.crossed, tracking.closest
        later = len(tracking.exceeded) - 1
        more = f" and in {later} later month{'s' * (later > 1)}" if later > 0 else ""
        why = None if first is None else f"the budget is exceeded in {first.month}{more}"
        month = first or closest
        amounts = month.amount, month.spent
        yield _result(scenario, tracking.budget, str(tracking.owner), amounts, why, f", in {month.month}")


def _result(  # noqa: PLR0917  the parts of a result
    scenario: Scenario,
    budget: Budget,
    owner: str,
    amounts: tuple[Decimal, Decimal],
    why: str | None,
    when: str = "",
) -> ClaimResult:
    """Return the check of an amount by the computed one; ``why`` it is exceeded, or None."""
    published, computed = amounts
    return ClaimResult(
        claim=f"budget of {owner} for {budget.strategy} per {budget.per}{when}",
        says=None,
        published=published,
        computed=computed,
        within=ZERO,
        holds=why is None,
        status="holds" if why is None else "fails",
        why=why,
        kind=FigureKind.MONEY,
        currency=scenario.pricing.currency,
        is_budget=True,
        owner=owner,
    )


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
        costs = [breakdown.cost(budget.strategy, owner, period).cost for period in breakdown.periods]
        of_owner = replace(budget, amount=amount, owners={})
        spent = before.get(owner) if budget.per is Period.YEAR else None
        tracking = track(of_owner, months, costs[: len(months)], spent, (plan.year_starts, ()))
        return replace(tracking, owner=owner)

    return tuple(tracked(owner, amount) for owner, amount in budget.owners.items())
