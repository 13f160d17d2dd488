"""The probability of savings: by trials and uncertain inputs, in agreement with closed forms."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import comb
from pathlib import Path

import numpy as np
import pytest

import routecost
from routecost.engine.uncertainty.doubt import simulated
from routecost.engine.uncertainty.doubt.posterior import measured, posterior
from routecost.engine.uncertainty.doubt.verdict import PairOnPaths
from routecost.engine.uncertainty.path_number import PathNumber
from routecost.engine.uncertainty.run_on_paths import on_paths
from routecost.model.report.cells import Quantity
from routecost.model.results.comparison import Comparison
from routecost.model.results.verdicts.probability import SavingProbability
from routecost.model.results.verdicts.verdict import Decision
from routecost.report.compare.verdict import note, probability
from routecost.report.projection.project import report as projection_report
from tests.support.reports import text_of

FLEET = """version: 1
pricing: claude-article
as_of: 2026-02-01
workload:
  tasks_per_day: {tasks}
  tokens: {{input: 2000, output: 500}}
  success: {success}
  {more}
strategies:
  cheap: {{mix: {{haiku: 90%, opus: 10%}}}}
  strong: {{tier: sonnet}}
default: strong
proposed: cheap
{rest}
"""
MEASURED = "{haiku: {successes: 361, trials: 400}, sonnet: 95%, opus: 98%}"
"""Break-even at 0.9 x (0.95 - haiku) + 0.1 x (0.95 - 0.98) = (0.0135 - 0.00999) / cost of a failure."""


PARTLY_KNOWN = """version: 1
pricing: claude-article
as_of: 2026-02-01
workload:
  task_types:
    code:
      tasks_per_day: 1000
      tokens: {input: 2000, output: 500}
      failure_cost: 0.2
      success: {haiku: {successes: 340, trials: 400}, sonnet: 95%}
    legal: {tasks_per_day: 1000, tokens: {input: 2000, output: 500}, failure_cost: 0.2}
strategies:
  cheap: {tier: haiku}
  strong: {tier: sonnet}
default: strong
proposed: cheap
"""


def compared(
    folder: Path,
    success: str = MEASURED,
    more: str = "failure_cost: 0.10",
    rest: str = "",
    tasks: str = "1000",
) -> Comparison:
    path = folder / "fleet.yaml"
    path.write_text(FLEET.format(success=success, more=more, rest=rest, tasks=tasks))
    return routecost.compare(path)


def known(comparison: Comparison) -> SavingProbability:
    assert comparison.verdict is not None
    assert comparison.verdict.probability is not None
    return comparison.verdict.probability


def above(rate: float, successes: int, trials: int) -> float:
    """Return the posterior probability that a rate is above ``rate``, as a binomial sum.

    Beta(a, b) with whole a and b is above x as often as fewer than a of a + b - 1 draws are below x.
    """
    count = trials + 1
    terms = (comb(count, hits) * rate**hits * (1 - rate) ** (count - hits) for hits in range(successes + 1))
    return sum(terms)


def sentence(comparison: Comparison) -> str:
    assert comparison.verdict is not None
    parts = note(comparison.verdict).parts
    return "".join(f"{part.value:.1%}" if isinstance(part, Quantity) else str(part) for part in parts)


def test_the_posterior_of_one_success_in_two_trials() -> None:
    """A uniform prior: Beta(2, 2), with mean 1/2; P(rate > 1/4) = 1 - (3 x^2 - 2 x^3) at 1/4 = 27/32."""
    one_of_two = posterior(1, 2)
    assert (one_of_two.mean, one_of_two.alpha, one_of_two.beta) == (Decimal("0.5"), 2, 2)
    assert above(0.25, 1, 2) == pytest.approx(27 / 32)


@pytest.mark.parametrize("failure_cost", ["0.04", "0.06", "0.10"])
def test_trials_agree_with_the_closed_form(tmp_path: Path, failure_cost: str) -> None:
    chance = known(compared(tmp_path, more=f"failure_cost: {failure_cost}"))
    calls = Decimal("0.0135") - (Decimal("0.9") * Decimal("0.0036") + Decimal("0.1") * Decimal("0.0675"))
    rate = (Decimal("0.95") - Decimal("0.098") - calls / Decimal(failure_cost)) / Decimal("0.9")
    expected = above(float(rate), 361, 400)
    assert 0.001 < expected < 0.999
    assert chance.value is not None
    assert chance.standard_error is not None
    assert abs(float(chance.value) - expected) < 4 * float(chance.standard_error)
    assert (chance.trials, chance.inputs) == (400, ())


def test_no_chance_without_a_draw_that_matters(tmp_path: Path) -> None:
    """Failures cost nothing here, so that the trials do not matter."""
    comparison = compared(tmp_path, more="")
    assert comparison.measured
    assert comparison.verdict is not None
    assert comparison.verdict.probability is None
    assert probability(comparison) == {}


def test_only_trials_of_rates_that_are_used_are_counted(tmp_path: Path) -> None:
    """Trials on opus count only if a strategy uses it."""
    success = "{haiku: {successes: 361, trials: 400}, sonnet: 95%, opus: {successes: 98, trials: 100}}"
    assert known(compared(tmp_path, success)).trials == 500
    path = tmp_path / "two.yaml"
    rates = "sonnet: 95%, opus: {successes: 98, trials: 100}}"
    path.write_text(PARTLY_KNOWN.replace("sonnet: 95%}", rates))
    assert known(routecost.compare(path)).trials == 400


def test_unknown_failures_make_the_probability_a_bound(tmp_path: Path) -> None:
    """Sonnet's rate is unknown: the more it fails, the better for the proposal."""
    success = "{haiku: {successes: 361, trials: 400}, opus: 98%}"
    chance = known(compared(tmp_path, success))
    assert chance.value is None
    assert chance.standard_error is None
    figures = probability(compared(tmp_path, success))["verdict_probability"]
    assert isinstance(figures, dict)
    assert figures["probability"] is None
    assert "is unknown: failures of tasks are unknown" in sentence(compared(tmp_path, success))


def test_the_bound_is_that_of_the_known_part(tmp_path: Path) -> None:
    """Legal's failures are unknown; if haiku fails no less often there, savings are at most these.

    Calls of 2,000 tasks save 19.80 USD a day, so that haiku may do 0.0198 / 0.2 more of the code wrong.
    """
    path = tmp_path / "known-in-part.yaml"
    path.write_text(PARTLY_KNOWN)
    comparison = routecost.compare(path)
    chance = known(comparison)
    expected = above(0.95 - 0.0198 / 0.2, 340, 400)
    assert 0.05 < expected < 0.95
    assert chance.low == 0
    assert chance.value is None
    assert abs(float(chance.high) - expected) < 4 * (expected * (1 - expected) / chance.runs) ** 0.5
    assert (
        f"with a probability of at most {chance.high:.1%}, if a lower tier fails no less often on legal"
        in (sentence(comparison))
    )


def test_a_probability_in_between_is_too_close_to_call(tmp_path: Path) -> None:
    comparison = compared(tmp_path, more="failure_cost: 0.06")
    assert Decimal("0.1") < known(comparison).low < Decimal("0.9")
    assert comparison.verdict is not None
    assert comparison.verdict.decision is Decision.TOO_CLOSE
    assert sentence(comparison).startswith(
        "Verdict: cheap instead of strong is too close to call. Including failures, cheap saves money with a"
        f" probability of {known(comparison).low:.1%} (from 400 trials)."
    )
    even = compared(tmp_path, more="failure_cost: 0.06", rest="when_to_route: {certainty: 50%}")
    assert even.verdict is not None
    assert even.verdict.decision is not Decision.TOO_CLOSE
    assert known(even).low == known(comparison).low


def test_engineering_and_upkeep_count_where_stated(tmp_path: Path) -> None:
    without = compared(tmp_path, more="failure_cost: 0.04")
    costs = "routing_costs: {engineering: 240, upkeep_per_month: 30, within_months: 12}"
    including = compared(tmp_path, more="failure_cost: 0.04", rest=costs)
    assert known(including).low < known(without).low
    assert "Including failures, engineering and upkeep, cheap saves" in sentence(including)


def test_uncertain_inputs_agree_with_the_closed_form(tmp_path: Path) -> None:
    """Savings of 0.1053 USD a month for each task a day, less 60 of upkeep: above 569.8 tasks a day."""
    costs = "routing_costs: {engineering: 0, upkeep_per_month: 60, within_months: 12}"
    tasks = "{uncertain: uniform, low: 500, high: 1000}"
    calls = 30 * (0.0135 - 0.9 * 0.0036 - 0.1 * 0.0675)
    chance = known(compared(tmp_path, "{}", "", costs, tasks))
    assert chance.value is not None
    assert chance.standard_error is not None
    expected = (1000 - 60 / calls) / 500
    assert 0.05 < expected < 0.95
    assert abs(float(chance.value) - expected) < 4 * float(chance.standard_error)
    assert (chance.trials, chance.inputs) == (0, ("workload.tasks_per_day",))


def test_many_rates_are_drawn_in_fewer_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulated, "MOST_NUMBERS", 5000)
    monkeypatch.setattr(simulated, "MOST_TRIED", 1)
    success = "{haiku: {successes: 361, trials: 400}, sonnet: 95%, opus: {successes: 98, trials: 100}}"
    chance = known(compared(tmp_path, success))
    assert (chance.runs, chance.trials) == (2500, 500)


def test_the_same_figures_again(tmp_path: Path) -> None:
    assert known(compared(tmp_path)) == known(compared(tmp_path))


def test_a_changed_workload_is_not_that_of_the_file(tmp_path: Path) -> None:
    comparison = compared(tmp_path, tasks="{uncertain: uniform, low: 500, high: 1000}")
    assert known(comparison).value is not None
    scenario = routecost.load_scenario(tmp_path / "fleet.yaml")
    changed = replace(scenario, workload=scenario.workload.times(Decimal(2)))
    assert known(routecost.compare(changed)).is_unknown


@pytest.mark.parametrize("success", [MEASURED, "{haiku: {successes: 361, trials: 400}, opus: 98%}"])
def test_savings_on_paths_are_those_of_the_exact_engine(tmp_path: Path, success: str) -> None:
    comparison = compared(tmp_path, success)
    scenario = routecost.load_scenario(tmp_path / "fleet.yaml")
    assert comparison.savings is not None
    rates_by_path = measured(scenario.workload)
    (path,) = rates_by_path
    pair = PairOnPaths(scenario, comparison.as_of, rates_by_path, None, ("cheap", "strong"))
    rates = np.array([0.0, 0.25, 0.9, 1.0])
    together = on_paths({path: rates}, pair.saved)
    for at, rate in enumerate(rates):
        for end, exactly in pair.saved({path: Decimal(float(rate))}).items():
            number = together[end]
            value = number.values[at] if isinstance(number, PathNumber) else float(number)
            assert value == pytest.approx(float(exactly), rel=1e-9)


def over(months: int, path: Path) -> SavingProbability:
    savings = routecost.project(path, months=months).savings
    assert savings is not None
    assert savings.probability is not None
    return savings.probability


def test_over_months_of_equal_work_the_probability_is_that_of_one(tmp_path: Path) -> None:
    comparison = compared(tmp_path, more="failure_cost: 0.06")
    assert over(3, tmp_path / "fleet.yaml") == known(comparison)
    tasks = "{uncertain: uniform, low: 500, high: 1000}"
    comparison = compared(tmp_path, more="failure_cost: 0.06", tasks=tasks)
    assert over(3, tmp_path / "fleet.yaml").trials == 400


def test_over_months_engineering_is_paid_once(tmp_path: Path) -> None:
    """Savings of 105.30 USD a month, for 1,000 tasks a day, do not repay 250 within two months."""
    costs = "routing_costs: {engineering: 250, upkeep_per_month: 0, within_months: 12}"
    tasks = "{uncertain: uniform, low: 999, high: 1001}"
    compared(tmp_path, "{}", "", costs, tasks)
    assert [over(months, tmp_path / "fleet.yaml").value for months in (2, 3)] == [0, 1]


def test_a_growth_of_its_own_in_each_month_is_drawn(tmp_path: Path) -> None:
    growth = "plan: {growth: {uncertain: normal, mean: 0, sd: 1%, each: month}}"
    compared(tmp_path, more="failure_cost: 0.06", rest=growth)
    chance = over(3, tmp_path / "fleet.yaml")
    assert chance.trials == 400
    assert chance.value is not None


def test_unknown_failures_are_a_bound_over_months_too(tmp_path: Path) -> None:
    path = tmp_path / "known-in-part.yaml"
    path.write_text(PARTLY_KNOWN)
    chance = over(2, path)
    assert chance.value is None
    assert chance.low == 0
    assert chance.assumed == ("legal",)
    assert chance.high == known(routecost.compare(path)).high


def test_all_commands_have_one_probability(tmp_path: Path) -> None:
    """A flat plan without costs of its own has the probability of its month, also in the report."""
    path = tmp_path / "fleet.yaml"
    rest = "price_changes: {a: {of: haiku, change: {uncertain: normal, mean: 0, sd: 30%}}}"
    path.write_text(FLEET.format(success=MEASURED, more="failure_cost: 0.10", rest=rest, tasks="1000"))
    sampling = {"runs": 3000, "seed": 5}
    month = known(routecost.compare(path, **sampling))  # type: ignore[arg-type]
    savings = routecost.project(path, months=3, **sampling).savings  # type: ignore[arg-type]
    planning = routecost.planning(path, months=3, **sampling)  # type: ignore[arg-type]
    assert savings is not None
    assert planning.projection.savings is not None
    assert month.value == savings.probability.value  # type: ignore[union-attr]
    assert known(planning.comparison) == month
    assert planning.projection.savings.probability == savings.probability
    assert month.is_too_close
    assert "That is too close to call." in text_of(projection_report(planning.projection))
