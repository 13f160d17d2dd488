"""The probability that the proposed strategy saves money, in the verdict of a comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from routecost.engine.compare.compare import costs_of, price_all, settled_bill, tier_models_of
from routecost.engine.compare.savings import savings_of
from routecost.engine.pricing.subscriptions.payers import may_stop
from routecost.engine.uncertainty.doubt.posterior import Measured, with_rates
from routecost.engine.uncertainty.doubt.simulated import Doubt, Ends, ends_of, rates_of
from routecost.engine.uncertainty.run_on_paths import Drawn, Resample, on_paths
from routecost.engine.uncertainty.sampled_schedule import prices_of
from routecost.model.results.comparison import Comparison
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED
from routecost.model.results.verdicts.probability import SavingProbability
from routecost.model.results.verdicts.savings import Savings
from routecost.model.results.verdicts.verdict import Answer, Condition, Verdict
from routecost.model.scenario.scenario import Scenario
from routecost.records import dataclass
from routecost.units import ZERO, exact


def with_probability(
    comparison: Comparison,
    scenario: Scenario,
    resample: Resample | None,
    runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
) -> Comparison:
    """Return the comparison with the probability of savings in its verdict.

    ``resample`` returns the scenario with other values of its uncertain fields.
    """
    verdict, savings = comparison.verdict, comparison.savings
    if verdict is None or savings is None:
        return comparison
    known = _probability(comparison, scenario, resample, savings, _threshold(verdict), runs, seed)
    return comparison if known is None else replace(comparison, verdict=_doubted(verdict, known))


def _probability(  # noqa: PLR0917  all that it depends on
    comparison: Comparison,
    scenario: Scenario,
    resample: Resample | None,
    savings: Savings,
    threshold: Decimal,
    runs: int,
    seed: int,
) -> SavingProbability | None:
    rates = rates_of([scenario.workload])
    fields = () if scenario.uncertainty is None else scenario.uncertainty.fields
    stated = [field for field in fields if field.path[0] != "plan"]
    open_ends = _open_ends(scenario, comparison, savings)
    doubt = Doubt(scenario, rates, stated, open_ends, savings.unknown, savings.assumed, seed)
    if stated and resample is None:
        return doubt.nothing_known("the uncertain inputs are not those of a file", runs)
    pair = PairOnPaths(scenario, comparison.as_of, rates, resample, (savings.strategy, savings.against))
    return doubt.probability(partial(on_paths, run=pair.saved), threshold, runs)


def _threshold(verdict: Verdict) -> Decimal:
    """Return what the savings have to exceed: the cost of routing in a month."""
    savings = next(condition for condition in verdict.conditions if condition.name == "savings")
    return savings.threshold or ZERO


def _open_ends(scenario: Scenario, comparison: Comparison, savings: Savings) -> dict[str, str]:
    """Return why an end of the savings has no bound: calls of a strategy are not counted."""
    reasons = {}
    for end, name in (("low", savings.strategy), ("high", savings.against)):
        if may_stop(scenario, name):
            reasons[end] = f"tasks that the subscription of {name} may not serve"
        elif name in comparison.unknown_rework:
            reasons[end] = f"calls of rework of {name}"
        elif name in comparison.unpriced_reviews:
            reasons[end] = f"calls of reviewers of {name}"
        elif name in comparison.if_all_escalate:
            reasons[end] = f"tasks that escalate in {name}"
    return reasons


def _doubted(verdict: Verdict, probability: SavingProbability) -> Verdict:
    """Return the verdict with the probability; savings that are too close to call decide nothing."""
    if not probability.is_too_close:
        return replace(verdict, probability=probability)

    def doubted(condition: Condition) -> Condition:
        if condition.name == "heterogeneity" and condition.answer is Answer.FAILS:  # if it saves nothing
            return replace(condition, answer=Answer.UNKNOWN)
        if condition.name != "savings":
            return condition
        return replace(condition, answer=Answer.UNKNOWN, meaning="too close to call", unless="")

    conditions = tuple(map(doubted, verdict.conditions))
    return replace(verdict, conditions=conditions, probability=probability)


@dataclass(frozen=True)
class PairOnPaths:
    """The proposed and the default strategy of a scenario, with drawn numbers."""

    scenario: Scenario
    day: date
    rates: Measured
    resample: Resample | None
    pair: tuple[str, str]

    @exact
    def saved(self, drawn: Drawn) -> Ends:
        """Return the ends of the savings of a month."""
        scenario = self._redrawn(drawn)
        priced = price_all(scenario, self.day)
        months = {name: settled_bill(bill, scenario) for name, (_, bill) in priced.items()}
        costs = costs_of(scenario, self.day, priced, months, dict.fromkeys(priced, ()))
        savings = savings_of(scenario, months, costs, tier_models_of(scenario, self.day).tiers)
        assert savings is not None
        return ends_of(savings.decisive)

    def _redrawn(self, drawn: Drawn) -> Scenario:
        others = {path: number for path, number in drawn.items() if path not in self.rates}
        source = self.resample(others) if others and self.resample is not None else self.scenario
        own = self.scenario.strategies
        return replace(
            self.scenario,
            strategies={name: source.strategies.get(name, own[name]) for name in self.pair},
            workload=with_rates(source.workload, drawn),
            pricing=prices_of(self.scenario, source, drawn),
            latency=source.latency,
            baseline=None,
            budget=None,
        )
