"""The budgets of a plan, checked like claims."""

from __future__ import annotations

from dataclasses import replace

from routecost.engine.compare.claims import budget_result, what_counts
from routecost.engine.projection.project import project
from routecost.model.results.claim_check import ClaimResult
from routecost.model.results.outlook import BudgetTracking
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario
from routecost.units import exact


@exact
def plan_budget(scenario: Scenario, horizon: Horizon) -> ClaimResult:
    """Return the check of a plan's budget in the month that comes closest to it, or exceeds it most."""
    projection = project(scenario, horizon)
    tracking, worst = projection.budget, projection.worst
    assert tracking is not None  # the plan has a budget
    result = planned_result(scenario, tracking)
    if worst is None or worst.budget is None or not projection.worst_of.is_bound:
        return result
    return between(result, planned_result(scenario, worst.budget))


def between(best: ClaimResult, worst: ClaimResult) -> ClaimResult:
    """Return the check of a budget of which a subscription serves more or less: it holds if both do."""
    if worst == best or not best.holds:
        return best
    if worst.holds:
        return replace(worst, why="; ".join(filter(None, ("at most", worst.why))))
    unknown = "what the subscription serves is unknown in part: the budget may be exceeded"
    return replace(worst, computed=None, why="; ".join(filter(None, (unknown, best.why))))


def planned_result(scenario: Scenario, tracking: BudgetTracking) -> ClaimResult:
    """Return the check of the budget of a plan, or of an owner in it."""
    month = max(tracking.months, key=lambda one: (one.over > 0, one in tracking.unsure, one.over))
    has_failures = month.total is not None
    remarks = [what_counts(tracking.budget, has_failures), f"in {month.month} of the plan"]
    if tracking.replaced is not None:
        remarks.append(
            "it counts for the months of the plan, the budget of the scenario for the stated volume"
        )
    if len(tracking.exceeded) > 1:
        remarks.append(f"{len(tracking.exceeded)} months exceed it, first {tracking.exceeded[0].month}")
    why = "; ".join(filter(None, remarks))
    result = budget_result(
        scenario,
        tracking.budget,
        month.counted(tracking.budget),
        tracking.owner,
        amount=month.amount,
        why=why,
        unknown="past spend that is not allotted" if month.unallotted else "the cost of failures",
    )
    return replace(result, claim=f"{result.claim} in the plan", is_plan=True)
