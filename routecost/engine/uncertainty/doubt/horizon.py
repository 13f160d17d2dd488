"""The probability that the proposed strategy saves money over the months of a projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from routecost.engine.projection.project import savings_over
from routecost.engine.uncertainty.doubt.posterior import with_rates
from routecost.engine.uncertainty.doubt.simulated import Doubt, Ends, ends_of, rates_of
from routecost.engine.uncertainty.run_on_paths import Drawn, Resample
from routecost.engine.uncertainty.sampled_schedule import redrawn
from routecost.model.results.failures import Between, widest
from routecost.model.results.projection import Projection, TotalSavings
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO, exact


def with_probability(
    projection: Projection, scenario: Scenario, resample: Resample | None, runs: int, seed: int
) -> Projection:
    """Return the projection with the probability that its savings exceed what routing costs."""
    savings = projection.savings
    if savings is None:
        return projection
    plan = scenario.plan or NO_PLAN
    rates = rates_of([scenario.workload, *(launch.workload for launch in plan.launches)])
    stated = () if scenario.uncertainty is None else scenario.uncertainty.fields
    doubt = Doubt(
        scenario,
        rates,
        stated,
        _open_ends(projection, savings),
        savings.unknown,
        savings.assumed,
        seed,
        projection.horizon.months,
    )
    has_range = projection.worst is not None

    @exact
    def saved(drawn: Drawn) -> Ends:
        sampled, ahead = scenario, projection.horizon
        others = {path: number for path, number in drawn.items() if path not in rates}
        if others and resample is not None:
            sampled, ahead = redrawn(scenario, ahead, others, resample)
        sampled = _with_rates(sampled, drawn)
        cases = [sampled, replace(sampled, worst_case=True)] if has_range else [sampled]
        totals = [_decisive(savings_over(case, ahead, savings.strategy, savings.against)) for case in cases]
        return ends_of(widest(totals))

    known = doubt.probability(saved, _routing_costs(scenario, projection.horizon.months), runs)
    return replace(projection, savings=replace(savings, probability=known))


def _with_rates(scenario: Scenario, drawn: Drawn) -> Scenario:
    workload = with_rates(scenario.workload, drawn)
    if scenario.plan is None:
        return replace(scenario, workload=workload)
    launches = tuple(
        replace(launch, workload=with_rates(launch.workload, drawn)) for launch in scenario.plan.launches
    )
    return replace(scenario, workload=workload, plan=replace(scenario.plan, launches=launches))


def _decisive(savings: TotalSavings) -> Between:
    """Return the savings that decide: including failures where these cost something."""
    return Between.exactly(savings.amount) if savings.with_failures is None else savings.with_failures


def _routing_costs(scenario: Scenario, months: int) -> Decimal:
    """Return the engineering and upkeep of all months."""
    costs = scenario.routing_costs
    return ZERO if costs is None else costs.engineering + costs.upkeep_per_month * months


def _open_ends(projection: Projection, savings: TotalSavings) -> Mapping[str, str]:
    """Return why an end of the savings has no bound: calls of a strategy are not counted."""
    reasons = {}
    for end, name in (("low", savings.strategy), ("high", savings.against)):
        if name in projection.unpriced_reviews:
            reasons[end] = f"calls of reviewers of {name}"
        elif name in projection.if_all_escalate:
            reasons[end] = f"tasks that escalate in {name}"
    return reasons
