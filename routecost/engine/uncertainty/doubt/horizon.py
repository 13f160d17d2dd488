"""The probability that the proposed strategy saves money over the months of a projection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial, reduce
from typing import Any

import numpy as np

from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.project import monthly_savings
from routecost.engine.uncertainty.doubt.payback import with_odds
from routecost.engine.uncertainty.doubt.posterior import with_rates
from routecost.engine.uncertainty.doubt.simulated import NO_BOUND, Doubt, ends_of, rates_of, values_on
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Drawn, Draws, Number, Resample, on_paths, paths
from routecost.engine.uncertainty.sampled_schedule import redrawn
from routecost.model.results.projection import Projection, TotalSavings
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO, exact


_End = tuple[int, int, str]
"""The case, the month, and the end of its savings."""


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
    def by_month(drawn: Drawn, at: int | None = None) -> dict[_End, Number]:
        sampled, ahead = cases(drawn)
        return {
            (case, at or month, end): amount
            for case, one in enumerate(sampled)
            for month, saved in enumerate(monthly_savings(one, ahead, savings.strategy, savings.against, at))
            for end, amount in ends_of(saved).items()
        }

    @exact
    def in_all(drawn: Drawn, at: int | None = None) -> dict[tuple[int, str], Number]:
        totals: dict[tuple[int, str], Number] = {}
        for (case, _, end), amount in by_month(drawn, at).items():
            totals[case, end] = totals.get((case, end), ZERO) + amount
        return totals

    months = projection.horizon.months
    apart = range(months) if _settles_months_apart(scenario) else [None]

    def saved(draws: Draws) -> dict[str, Floats]:
        totals: dict[tuple[int, str], Floats] = {}
        for at in apart:
            for key, amount in on_paths(draws, partial(in_all, at=at)).items():
                totals[key] = totals.get(key, 0) + values_on(amount, paths(draws))
        return _widest(totals)

    payback = projection.payback
    costs = ZERO if payback is None else payback.engineering + payback.upkeep
    known = doubt.probability(saved, costs, runs)
    if known is not None and not known.is_unknown and payback is not None:
        draws = doubt.draws(runs)
        amounts = {
            key: values_on(amount, paths(draws))
            for at in apart
            for key, amount in on_paths(draws, partial(by_month, at=at)).items()
        }
        rows = [_widest({key: amounts[key] for key in amounts if key[1] == at}) for at in range(months)]
        ends = {
            end: [NO_BOUND[end] if end in doubt.open_ends else row[end] for row in rows] for end in NO_BOUND
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


def _settles_months_apart(scenario: Scenario) -> bool:
    """Return whether there are terms on totals of months, and none on those of years.

    Then each month has kinds of runs of its own: those of all months together may be too many.
    """
    yearly = any(commitment.yearly for commitment in (scenario.plan or NO_PLAN).commitments)
    return not yearly and not SecondStage.of_month_plan(scenario).is_empty


def _widest(amounts: Mapping[Any, Floats]) -> dict[str, Floats]:
    """Return the ends over all cases; the last part of a key is the end."""
    ends = {"low": np.minimum, "high": np.maximum}
    return {
        end: reduce(further, [amount for key, amount in amounts.items() if key[-1] == end])
        for end, further in ends.items()
    }


def _open_ends(projection: Projection, savings: TotalSavings) -> Mapping[str, str]:
    """Return why an end of the savings has no bound: calls of a strategy are not counted."""
    reasons = {}
    for end, name in (("low", savings.strategy), ("high", savings.against)):
        if name in projection.unpriced_reviews:
            reasons[end] = f"calls of reviewers of {name}"
        elif name in projection.if_all_escalate:
            reasons[end] = f"tasks that escalate in {name}"
    return reasons
