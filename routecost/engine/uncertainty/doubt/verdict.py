"""The probability that the proposed strategy saves money, by simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np

from routecost.engine.compare.compare import costs_of, price_all, settled_bill, tier_models_of
from routecost.engine.compare.savings import savings_of
from routecost.engine.uncertainty.doubt.posterior import Measured, measured, with_rates
from routecost.engine.uncertainty.path_number import NotOneNumberError, PathNumber
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Drawn, Draws, Number, Resample, on_paths
from routecost.engine.uncertainty.sampling import draw
from routecost.errors import RoutecostError
from routecost.model.results.comparison import Comparison, Savings
from routecost.model.results.outlook import DEFAULT_RUNS, DEFAULT_SEED
from routecost.model.results.verdicts.probability import SavingProbability
from routecost.model.results.verdicts.verdict import Answer, Condition, Verdict
from routecost.model.scenario.distributions import as_decimal
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.uncertain_field import UncertainField
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

_NO_BOUND = {"low": Decimal("-Infinity"), "high": Decimal("Infinity")}


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
    doubt = _Doubt(scenario, comparison.as_of, resample, seed, savings)
    known = doubt.probability(_threshold(verdict), runs, _open_ends(comparison, savings))
    return comparison if known is None else replace(comparison, verdict=_doubted(verdict, known))


def _threshold(verdict: Verdict) -> Decimal:
    """Return what the savings have to exceed: the cost of routing in a month."""
    savings = next(condition for condition in verdict.conditions if condition.name == "savings")
    return savings.threshold or ZERO


def _open_ends(comparison: Comparison, savings: Savings) -> dict[str, str]:
    """Return why an end of the savings has no bound: calls of a strategy are not counted."""
    reasons = {}
    for end, name in (("low", savings.strategy), ("high", savings.against)):
        if name in comparison.unknown_rework:
            reasons[end] = f"calls of rework of {name} are unknown"
        elif name in comparison.unpriced_reviews:
            reasons[end] = f"calls of reviewers of {name} are unknown"
        elif name in comparison.if_all_escalate:
            reasons[end] = f"the share of tasks that escalate in {name} is unknown"
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
class _Doubt:
    """The savings of a scenario on simulated runs."""

    scenario: Scenario
    day: date
    resample: Resample | None
    seed: int
    savings: Savings

    def probability(
        self, threshold: Decimal, runs: int, open_ends: Mapping[str, str]
    ) -> SavingProbability | None:
        """Return the probability that the savings exceed a threshold; None if they depend on no draw."""
        rates = measured(self.scenario.workload)
        uncertainty = self.scenario.uncertainty
        drawn = [] if uncertainty is None else [one for one in uncertainty.fields if one.path[0] != "plan"]
        fields = [*(field for field, _ in rates.values()), *drawn]
        unknown = "; ".join(open_ends.values())
        if drawn and self.resample is None:
            return self._nothing_known("its uncertain fields are not those of a file", runs, drawn)
        if not fields:
            return None
        draws = {field.path: draw(field, runs, self.seed) for field in fields}
        try:
            matter = self._that_matter(fields, draws)
            ends = {
                end: _values(number, runs) for end, number in on_paths(draws, self._saved).items() if matter
            }
        except (RoutecostError, NotOneNumberError, ArithmeticError) as error:
            return self._nothing_known(_reason(error), runs, drawn)
        if not matter:
            return None
        shares = {end: as_decimal(float(np.mean(ends[end] > float(threshold)))) for end in ends}
        return SavingProbability(
            low=ZERO if "low" in open_ends else shares["low"],
            high=ONE if "high" in open_ends else shares["high"],
            runs=runs,
            seed=self.seed,
            trials=_trials(rates, matter),
            inputs=tuple(field.name for field in matter if field.path not in rates),
            certainty=self.scenario.thresholds.certainty,
            assumed=self.savings.assumed,
            unknown=unknown or _unknown_failures(self.savings, shares),
            with_routing_costs=threshold > 0,
        )

    def _nothing_known(self, why: str, runs: int, drawn: list[UncertainField]) -> SavingProbability:
        names = tuple(field.name for field in drawn)
        certainty = self.scenario.thresholds.certainty
        return SavingProbability(ZERO, ONE, runs, self.seed, 0, names, certainty, unknown=why)

    def _that_matter(self, fields: list[UncertainField], draws: Draws) -> list[UncertainField]:
        """Return the fields of which another value changes the savings."""
        alone = {}
        for at, field in enumerate(fields):
            values = np.full(len(fields) + 1, draws[field.path][0])
            values[at] = draws[field.path][1]
            alone[field.path] = values
        ends = [_values(number, len(fields) + 1) for number in on_paths(alone, self._saved).values()]
        return [field for at, field in enumerate(fields) if any(end[at] != end[-1] for end in ends)]

    @exact
    def _saved(self, drawn: Drawn) -> dict[str, Number]:
        """Return the ends of the savings of a month, for drawn numbers."""
        scenario = self._of_two(drawn)
        priced = price_all(scenario, self.day)
        months = {name: settled_bill(bill, scenario) for name, (_, bill) in priced.items()}
        same = dict.fromkeys(priced, ())
        costs = costs_of(scenario, self.day, priced, months, same)
        savings = savings_of(scenario, months, costs, tier_models_of(scenario, self.day).tiers)
        assert savings is not None
        ends = zip(("low", "high"), savings.decisive, strict=True)
        return {end: _NO_BOUND[end] if value is None else value for end, value in ends}

    def _of_two(self, drawn: Drawn) -> Scenario:
        """Return the scenario of the proposed and the default strategy, with drawn numbers."""
        stated = {path: number for path, number in drawn.items() if path in self._stated}
        source = self.scenario if self.resample is None or not stated else self.resample(stated)
        pair = (self.savings.strategy, self.savings.against)
        return replace(
            self.scenario,
            strategies={name: source.strategies.get(name, self.scenario.strategies[name]) for name in pair},
            workload=with_rates(source.workload, drawn),
            latency=source.latency,
            baseline=None,
            budget=None,
        )

    @property
    def _stated(self) -> set[object]:
        uncertainty = self.scenario.uncertainty
        return set() if uncertainty is None else {field.path for field in uncertainty.fields}


def _values(number: Number, runs: int) -> Floats:
    return number.values if isinstance(number, PathNumber) else np.full(runs, float(number))


def _trials(rates: Measured, matter: list[UncertainField]) -> int:
    return sum(rates[field.path][1] for field in matter if field.path in rates)


def _unknown_failures(savings: Savings, shares: Mapping[str, Decimal]) -> str:
    if not savings.unknown or shares["low"] == shares["high"]:
        return ""
    return f"failures of {', '.join(savings.unknown)} are unknown"


def _reason(error: Exception) -> str:
    if isinstance(error, NotOneNumberError):
        return "an uncertain field takes whole numbers only"
    if isinstance(error, ArithmeticError):
        return "a figure of some simulated runs cannot be computed"
    return str(error).splitlines()[0]
