"""The probability that the proposed strategy saves money over the months of a projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from routecost.engine.projection.project import monthly_savings, savings_over
from routecost.engine.uncertainty.doubt.payback import with_odds
from routecost.engine.uncertainty.doubt.posterior import with_rates
from routecost.engine.uncertainty.doubt.simulated import NO_BOUND, Doubt, Ends, ends_of, rates_of
from routecost.engine.uncertainty.run_on_paths import Drawn, Number, Resample, on_paths, paths
from routecost.engine.uncertainty.sampled_schedule import redrawn
from routecost.model.results.failures import Between, widest
from routecost.model.results.projection import Projection, TotalSavings
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO, exact


def with_probability(
    projection: Projection, scenario: Scenario, resample: Resample | None, runs: int, seed: int
) -> Projection:
    """Return the projection with the probability that its savings exceed what routing costs.

    The same draws give the probability and the month of payback.
    """
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

    def cases(drawn: Drawn) -> tuple[list[Scenario], Horizon]:
        sampled, ahead = scenario, projection.horizon
        others = {path: number for path, number in drawn.items() if path not in rates}
        if others and resample is not None:
            sampled, ahead = redrawn(scenario, ahead, others, resample)
        sampled = _with_rates(sampled, drawn)
        return [sampled, replace(sampled, worst_case=True)] if has_range else [sampled], ahead

    @exact
    def saved(drawn: Drawn) -> Ends:
        sampled, ahead = cases(drawn)
        totals = [_decisive(savings_over(case, ahead, savings.strategy, savings.against)) for case in sampled]
        return ends_of(widest(totals))

    @exact
    def by_month(drawn: Drawn) -> dict[tuple[str, int], Number]:
        sampled, ahead = cases(drawn)
        rows = [monthly_savings(case, ahead, savings.strategy, savings.against) for case in sampled]
        months = [ends_of(widest(month)) for month in zip(*rows, strict=True)]
        return {(end, at): amount for at, ends in enumerate(months) for end, amount in ends.items()}

    payback = projection.payback
    costs = ZERO if payback is None else payback.engineering + payback.upkeep
    known = doubt.probability(saved, costs, runs)
    if known is not None and not known.is_unknown and payback is not None:
        draws = doubt.draws(runs)
        numbers = on_paths(draws, by_month)
        count = range(projection.horizon.months)
        ends = {
            end: [NO_BOUND[end] if end in doubt.open_ends else numbers[end, at] for at in count]
            for end in ("low", "high")
        }
        payback = with_odds(payback, ends, paths(draws))
    return replace(projection, savings=replace(savings, probability=known), payback=payback)


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


def _open_ends(projection: Projection, savings: TotalSavings) -> Mapping[str, str]:
    """Return why an end of the savings has no bound: calls of a strategy are not counted."""
    reasons = {}
    for end, name in (("low", savings.strategy), ("high", savings.against)):
        if name in projection.unpriced_reviews:
            reasons[end] = f"calls of reviewers of {name}"
        elif name in projection.if_all_escalate:
            reasons[end] = f"tasks that escalate in {name}"
    return reasons
