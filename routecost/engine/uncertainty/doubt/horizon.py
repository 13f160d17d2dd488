"""The probability that the proposed strategy saves money over the months of a projection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial, reduce
from typing import Any

import numpy as np

from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.pricing.subscriptions.payers import may_stop
from routecost.engine.projection.project import monthly_savings
from routecost.engine.uncertainty.doubt.payback import with_odds
from routecost.engine.uncertainty.doubt.posterior import Measured, with_rates
from routecost.engine.uncertainty.doubt.simulated import NO_BOUND, Doubt, ends_of, rates_of, values_on
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Drawn, Draws, Number, Resample, on_paths, paths
from routecost.engine.uncertainty.sampled_schedule import redrawn
from routecost.model.results.projection import Projection, TotalSavings
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.records import dataclass
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
        _open_ends(scenario, projection, savings),
        savings.unknown,
        savings.assumed,
        seed,
        projection.horizon.months,
    )
    runs_of = _Runs(projection, scenario, savings, rates, resample)
    payback = projection.payback
    costs = ZERO if payback is None else payback.engineering + payback.upkeep
    known = doubt.probability(runs_of.totals, costs, runs)
    if known is not None and not known.is_unknown and payback is not None:
        draws = doubt.draws(runs)
        months = runs_of.months(draws)
        ends = {
            end: [NO_BOUND[end] if end in doubt.open_ends else month[end] for month in months]
            for end in NO_BOUND
        }
        payback = with_odds(payback, ends, paths(draws))
    return replace(projection, savings=replace(savings, probability=known), payback=payback)


@dataclass(frozen=True)
class _Runs:
    """The savings of simulated runs."""

    projection: Projection
    scenario: Scenario
    savings: TotalSavings
    rates: Measured
    resample: Resample | None

    def totals(self, draws: Draws) -> dict[str, Floats]:
        """Return the ends of the savings of each run over all months."""
        totals: dict[tuple[int, str], Floats] = {}
        for at in self._apart:
            for key, amount in on_paths(draws, partial(self._total, at=at)).items():
                totals[key] = totals.get(key, 0) + values_on(amount, paths(draws))
        return _widest(totals)

    def months(self, draws: Draws) -> list[dict[str, Floats]]:
        """Return the ends of the savings of each run in each month."""
        amounts = {
            key: values_on(amount, paths(draws))
            for at in self._apart
            for key, amount in on_paths(draws, partial(self._by_month, at=at)).items()
        }
        months = range(self.projection.horizon.months)
        return [_widest({key: amounts[key] for key in amounts if key[1] == at}) for at in months]

    @property
    def _apart(self) -> Iterable[int | None]:
        """The months that are computed one by one, or None for all at once.

        With terms on totals of months, each month has kinds of runs of its own, and all of them together
        may be too many. A contract year needs the months before.
        """
        yearly = any(commitment.yearly for commitment in (self.scenario.plan or NO_PLAN).commitments)
        rolls = any(one.rolls_over for one in self.scenario.subscriptions.values())
        if yearly or rolls or SecondStage.of_month_plan(self.scenario).is_empty:
            return [None]
        return range(self.projection.horizon.months)

    @exact
    def _by_month(self, drawn: Drawn, at: int | None) -> dict[_End, Number]:
        cases, ahead = self._cases(drawn)
        pair = self.savings.strategy, self.savings.against
        return {
            (case, at or month, end): amount
            for case, scenario in enumerate(cases)
            for month, saved in enumerate(monthly_savings(scenario, ahead, *pair, at))
            for end, amount in ends_of(saved).items()
        }

    @exact
    def _total(self, drawn: Drawn, at: int | None) -> dict[tuple[int, str], Number]:
        totals: dict[tuple[int, str], Number] = {}
        for (case, _, end), amount in self._by_month(drawn, at).items():
            totals[case, end] = totals.get((case, end), ZERO) + amount
        return totals

    def _cases(self, drawn: Drawn) -> tuple[list[Scenario], Horizon]:
        """Return the sampled scenario, and that with the worst case if it differs."""
        sampled, ahead = self.scenario, self.projection.horizon
        others = {path: number for path, number in drawn.items() if path not in self.rates}
        if others and self.resample is not None:
            sampled, ahead = redrawn(self.scenario, ahead, others, self.resample)
        sampled = _with_rates(sampled, drawn)
        worst = [] if self.projection.worst is None else [replace(sampled, worst_case=True)]
        return [sampled, *worst], ahead


def _with_rates(scenario: Scenario, drawn: Drawn) -> Scenario:
    workload = with_rates(scenario.workload, drawn)
    if scenario.plan is None:
        return replace(scenario, workload=workload)
    launches = tuple(
        replace(launch, workload=with_rates(launch.workload, drawn)) for launch in scenario.plan.launches
    )
    return replace(scenario, workload=workload, plan=replace(scenario.plan, launches=launches))


def _widest(amounts: Mapping[Any, Floats]) -> dict[str, Floats]:
    """Return the ends over all cases; the last part of a key is the end."""
    ends = {"low": np.minimum, "high": np.maximum}
    return {
        end: reduce(further, [amount for key, amount in amounts.items() if key[-1] == end])
        for end, further in ends.items()
    }


def _strategies_of(scenario: Scenario, name: str) -> Iterable[str]:
    """Return the strategies of a migration, or the strategy."""
    phases = (scenario.plan or NO_PLAN).migrations.get(name, ())
    return [phase.strategy for phase in phases] or [name]


def _open_ends(scenario: Scenario, projection: Projection, savings: TotalSavings) -> Mapping[str, str]:
    """Return why an end of the savings has no bound: calls of a strategy are not counted."""
    reasons = {}
    for end, name in (("low", savings.strategy), ("high", savings.against)):
        if any(may_stop(scenario, one) for one in _strategies_of(scenario, name)):
            reasons[end] = f"tasks that the subscription of {name} may not serve"
        elif name in projection.unpriced_reviews:
            reasons[end] = f"calls of reviewers of {name}"
        elif name in projection.if_all_escalate:
            reasons[end] = f"tasks that escalate in {name}"
    return reasons
