"""Payback of engineering and upkeep by the savings of a proposal over the months of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from routecost.model.results.failures import Between
from routecost.model.results.months.payback import Payback, PaybackMonth
from routecost.model.results.projection import TotalSavings
from routecost.model.scenario.horizon import Horizon, month_name
from routecost.model.scenario.month_plan import NO_PLAN, Engineering, Upkeep
from routecost.model.scenario.scenario import Scenario
from routecost.units import MONTHS_PER_YEAR, ZERO, exact


def costs_of(scenario: Scenario, start: date) -> tuple[tuple[Engineering, ...], tuple[Upkeep, ...]]:
    """Return the costs that the plan states, or else the routing costs of the scenario from ``start`` on."""
    plan, costs = scenario.plan or NO_PLAN, scenario.routing_costs
    if plan.engineering or plan.upkeep or costs is None:
        return plan.engineering, plan.upkeep
    return (
        (Engineering("routing_costs", start, costs.engineering),),
        (Upkeep("routing_costs", costs.upkeep_per_month, start),),
    )


@exact
def payback(
    scenario: Scenario, horizon: Horizon, savings: TotalSavings, saved: Sequence[Between]
) -> Payback | None:
    """Return the payback by the savings of each month; None if the proposal costs nothing beside calls.

    Engineering before the first month counts in that month.
    """
    engineering, upkeep = costs_of(scenario, horizon.start)
    if not (engineering or upkeep):
        return None
    rate = (scenario.plan or NO_PLAN).discount_rate
    months, so_far, value = [], Between(), Between()
    for at, (first, amount) in enumerate(zip(horizon.first_days, saved, strict=True)):
        once = sum((cost.amount for cost in engineering if _paid_in(cost, horizon) == first), ZERO)
        monthly = sum((cost.amount for cost in upkeep if cost.is_due(first)), ZERO)
        net = amount.plus(Between.exactly(-once - monthly))
        so_far = so_far.plus(net)
        if rate is not None:
            value = value.plus(net.times((1 + rate) ** (Decimal(-at) / MONTHS_PER_YEAR)))
        present = None if rate is None else value
        months.append(PaybackMonth(month_name(first), amount, once, monthly, so_far, present))
    before = sum((cost.amount for cost in engineering if cost.day < horizon.start), ZERO)
    return Payback(
        savings.strategy,
        savings.against,
        tuple(months),
        rate,
        before,
        savings.with_failures is not None,
    )


def _paid_in(cost: Engineering, horizon: Horizon) -> date:
    return max(cost.day.replace(day=1), horizon.start)
