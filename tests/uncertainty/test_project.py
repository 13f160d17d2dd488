"""Bands of projections: laws that hold of all of them, and closed forms that they are compared with."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from math import exp, log, sqrt
from pathlib import Path
from statistics import NormalDist

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import routecost
from routecost.errors import DocumentError
from routecost.model.results.outlook import INTERACTIONS, Outlook, StrategyOutlook
from routecost.model.results.projection import MonthCost, Projection
from tests.uncertainty.scenarios import written

Z90 = NormalDist().inv_cdf(0.9)
RUNS = 20_000
WITHIN = 0.005
"""Four standard errors of a 90% quantile of 20,000 draws whose spread is a sixth of their mean."""

VOLUME = "{uncertain: normal, mean: 500, sd: 60}"
on_disk = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def planned(path: Path, months: int = 3, **options: object) -> Projection:
    return routecost.project(path, months=months, **{"runs": RUNS, **options})  # type: ignore[arg-type]


def outlook(projection: Projection) -> Outlook:
    assert projection.outlook is not None
    return projection.outlook


def last(projection: Projection, strategy: str = "routed") -> MonthCost:
    return projection[strategy].months[-1]


def width(projection: Projection) -> float:
    month = last(projection)
    assert month.p90 is not None
    assert month.p10 is not None
    return float(month.p90 - month.p10)


def outlook_of(projection: Projection, strategy: str = "routed") -> StrategyOutlook:
    return outlook(projection)[strategy]


def test_without_uncertainty_the_median_is_the_cost(tmp_path: Path) -> None:
    projection = planned(written(tmp_path), months=5, growth="3%")
    assert projection.outlook is None
    for spend in projection.strategies:
        assert [month.p50 for month in spend.months] == [month.cost for month in spend.months]
        assert {month.p10 for month in spend.months} == {None}


def test_a_certain_distribution_gives_the_cost(tmp_path: Path) -> None:
    projection = planned(written(tmp_path, tasks="{uncertain: normal, mean: 500, sd: 0}"), growth="3%")
    for month in projection["routed"].months:
        assert [float(getattr(month, key) or 0) for key in ("p10", "p50", "p90")] == pytest.approx(
            [float(month.cost)] * 3, rel=1e-12
        )
    assert outlook_of(projection).variance == ()


def test_a_strategy_that_nothing_uncertain_moves_has_no_band(tmp_path: Path) -> None:
    rest = "  cascade: {cascade: [haiku, opus], accept: {haiku: {uncertain: beta, mean: 80%, trials: 20}}}"
    projection = planned(written(tmp_path, rest=rest))
    plain, cascade = last(projection, "all-opus"), last(projection, "cascade")
    assert plain.p10 == plain.p90 == plain.cost
    assert cascade.p10 is not None
    assert cascade.p10 < cascade.cost


def test_a_normal_volume_has_the_quantiles_of_its_closed_form(tmp_path: Path) -> None:
    projection = planned(written(tmp_path, tasks=VOLUME), runs=200_000)
    for spend in projection.strategies:
        for month in spend.months:
            for quantile, score in ((month.p10, -Z90), (month.p50, 0), (month.p90, Z90)):
                assert float(quantile or 0) == pytest.approx(
                    float(month.cost) * (500 + 60 * score) / 500, rel=0.0015
                )


def test_a_lognormal_volume_has_the_quantiles_of_its_closed_form(tmp_path: Path) -> None:
    projection = planned(written(tmp_path, tasks="{uncertain: lognormal, median: 400, p90: 800}"))
    month, sigma = last(projection), log(2) / Z90
    per_task = float(month.cost) / (400 * exp(sigma**2 / 2))
    assert float(month.p50 or 0) / per_task == pytest.approx(400, rel=0.02)
    assert float(month.p90 or 0) / per_task == pytest.approx(800, rel=0.02)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_given_quantiles_are_met(tmp_path: Path, scale: str) -> None:
    tasks = f"{{uncertain: quantiles, p10: 300, p50: 400, p90: 1000, scale: {scale}}}"
    if scale == "linear":
        tasks = tasks.replace("p10: 300", "p1: 150, p10: 300")
    month = last(planned(written(tmp_path, tasks=tasks)))
    per_task = float(routecost.compare("article-fleet")["routed-80-15-5"].cost_per_month) / 500
    for quantile, given_one in ((month.p10, 300), (month.p50, 400), (month.p90, 1000)):
        assert float(quantile or 0) / per_task == pytest.approx(given_one, rel=0.03)


@pytest.mark.parametrize(
    "distribution",
    [
        "{uncertain: normal, mean: 500, sd: 60}",
        "{uncertain: lognormal, mean: 500, sd: 100}",
        "{uncertain: lognormal, median: 500, p90: 700}",
        "{uncertain: triangular, low: 300, mode: 400, high: 900}",
        "{uncertain: uniform, low: 300, high: 900}",
        "{uncertain: quantiles, p10: 450, p25: 470, p50: 500, p75: 560, p90: 600}",
        "{uncertain: quantiles, p10: 300, p50: 500, p90: 900, scale: log}",
    ],
)
def test_the_deterministic_cost_is_at_the_mean_of_the_draws(tmp_path: Path, distribution: str) -> None:
    from routecost.engine.uncertainty.sampling import draw

    scenario = routecost.load_scenario(written(tmp_path, tasks=distribution))
    assert scenario.uncertainty is not None
    values = draw(scenario.uncertainty.fields[0], RUNS, 7)
    error = 4 * float(values.std()) / sqrt(RUNS)
    assert float(scenario.workload.tasks_per_day) == pytest.approx(float(values.mean()), abs=error)


def test_shares_have_the_mean_and_deviation_of_their_beta(tmp_path: Path) -> None:
    from routecost.engine.uncertainty.sampling import draw

    rest = """  a: {cascade: [haiku, opus], accept: {haiku: {uncertain: beta, mean: 80%, trials: 24}}}
  b: {cascade: [haiku, opus], accept: {haiku: {uncertain: beta, mean: 80%, sd: 8%}}}
  c: {cascade: [haiku, opus], accept: {haiku: {uncertain: beta, successes: 19, trials: 23}}}
"""
    scenario = routecost.load_scenario(written(tmp_path, rest=rest))
    assert scenario.uncertainty is not None
    for field, size in zip(scenario.uncertainty.fields, (24, 24, 25), strict=True):
        values = draw(field, RUNS, 7)
        assert float(values.mean()) == pytest.approx(0.8, abs=0.003)
        assert float(values.std()) == pytest.approx(sqrt(0.8 * 0.2 / (size + 1)), abs=0.002)


def test_the_band_of_a_sum_is_that_of_the_paths(tmp_path: Path) -> None:
    """Volume and prices that change: months move together, so the band of the sum is the sum of bands."""
    projection = planned(written(tmp_path, tasks=VOLUME), months=6, growth="5%")
    sums = accumulate(float(month.p90 or 0) for month in projection["routed"].months)
    for month, total in zip(projection["routed"].months, sums, strict=True):
        assert float(month.cumulative_p90 or 0) == pytest.approx(total, rel=1e-9)


def test_the_same_seed_draws_the_same_paths(tmp_path: Path) -> None:
    path = written(tmp_path, tasks=VOLUME)
    assert planned(path, seed=3).records() == planned(path, seed=3).records()
    assert last(planned(path, seed=3)).p90 != last(planned(path, seed=4)).p90


def test_another_uncertain_field_moves_no_draw(tmp_path: Path) -> None:
    from routecost.engine.uncertainty.sampling import draw

    one = routecost.load_scenario(written(tmp_path, tokens_out="{uncertain: uniform, low: 1, high: 9}"))
    both = routecost.load_scenario(
        written(tmp_path, tasks=VOLUME, tokens_out="{uncertain: uniform, low: 1, high: 9}")
    )
    assert one.uncertainty is not None
    assert both.uncertainty is not None
    (alone,), (_, beside) = one.uncertainty.fields, both.uncertainty.fields
    assert (draw(alone, 100, 7) == draw(beside, 100, 7)).all()


@given(st.integers(1, 24), st.integers(-20, 20), st.integers(1, 10_000))
@on_disk
def test_without_uncertainty_every_median_is_its_cost(
    tmp_path: Path, months: int, growth: int, n: int
) -> None:
    projection = planned(written(tmp_path, tasks=f"{n}"), months=months, growth=f"{growth}%")
    assert all(month.p50 == month.cost for spend in projection.strategies for month in spend.months)


@given(st.floats(0.02, 0.3), st.integers(2, 12), st.floats(0.01, 0.1))
@on_disk
def test_the_band_of_every_sum_is_that_of_the_paths_and_no_sum_of_bands(
    tmp_path: Path, sd: float, months: int, growing: float
) -> None:
    """One volume for all months moves them together; growth drawn anew for each of them does not."""
    steady = planned(written(tmp_path, tasks=f"{{uncertain: normal, mean: 500, sd: {500 * sd:.6f}}}"), months)
    drawn = f"plan: {{growth: {{uncertain: normal, mean: 0.02, sd: {growing:.6f}, each: month}}}}"
    apart = planned(written(tmp_path, rest=drawn), months)
    assert float(last(steady).cumulative_p90 or 0) == pytest.approx(_sum_of_bands(steady), rel=1e-9)
    # What one month grew stays, so the months move together, but not wholly.
    if months > 2:
        assert float(last(apart).cumulative_p90 or 0) < _sum_of_bands(apart)


def _sum_of_bands(projection: Projection) -> float:
    return float(sum(month.p90 or 0 for month in projection["routed"].months))


@given(st.floats(0.01, 0.3), st.floats(1.01, 3))
@on_disk
def test_bands_widen_with_a_normal_input(tmp_path: Path, sd: float, factor: float) -> None:
    def of(spread: float) -> str:
        return f"{{uncertain: normal, mean: 500, sd: {500 * spread:.6f}}}"

    wide = min(sd * factor, 0.31)
    one, other = (planned(written(tmp_path, tasks=of(each)), runs=500) for each in (sd, wide))
    assert width(other) == pytest.approx(width(one) * wide / sd, rel=1e-4)


@given(st.floats(1, 100), st.floats(1.01, 4))
@on_disk
def test_bands_widen_with_a_uniform_input(tmp_path: Path, half: float, factor: float) -> None:
    def of(each: float) -> str:
        return f"{{uncertain: uniform, low: {500 - each:.6f}, high: {500 + each:.6f}}}"

    one, other = (planned(written(tmp_path, tokens_in=of(each)), runs=500) for each in (half, half * factor))
    assert width(other) == pytest.approx(width(one) * factor, rel=1e-4)


def test_the_variance_of_a_linear_model_comes_from_where_it_does(tmp_path: Path) -> None:
    """Cost is a x input + b x output with 5 a = b: the ratio of the variances is 300^2 to (5 x 40)^2."""
    projection = planned(
        written(
            tmp_path,
            tokens_in="{uncertain: normal, mean: 2000, sd: 300}",
            tokens_out="{uncertain: uniform, low: 430.718, high: 569.282}",
        )
    )
    shares = {row.field: float(row.share) for row in outlook_of(projection).variance}
    assert shares["workload.tokens.input"] == pytest.approx(9 / 13, abs=0.02)
    assert shares["workload.tokens.output"] == pytest.approx(4 / 13, abs=0.02)
    assert shares[INTERACTIONS] == pytest.approx(0, abs=0.02)


def test_what_fields_do_together_is_interaction(tmp_path: Path) -> None:
    """Cost is tasks x tokens, both with a deviation of 20%: 0.04 each alone, 0.0016 together."""
    wide = "{{uncertain: normal, mean: {0}, sd: {1}}}"
    projection = planned(
        written(tmp_path, tasks=wide.format(500, 100), tokens_in=wide.format(4000, 800), tokens_out="0"),
        runs=100_000,
    )
    shares = {row.field: float(row.share) for row in outlook_of(projection).variance}
    assert shares["workload.tasks_per_day"] == pytest.approx(0.04 / 0.0816, abs=0.01)
    assert shares[INTERACTIONS] == pytest.approx(0.0016 / 0.0816, abs=0.01)
    assert sum(shares.values()) == pytest.approx(1)


def test_the_odds_of_a_budget_follow_from_the_closed_form(tmp_path: Path) -> None:
    rest = "budget: {amount: 130, per: month, strategy: routed}"
    projection = planned(written(tmp_path, tasks=VOLUME, rest=rest), months=2, growth="5%", runs=100_000)
    risk = outlook(projection).budget_risk
    assert risk is not None
    for month, probability in zip(projection["routed"].months, risk.months, strict=True):
        score = (130 / float(month.cost) - 1) * 500 / 60
        assert float(probability) == pytest.approx(1 - NormalDist().cdf(score), abs=0.006)
        assert month.over_budget_probability == probability
    assert risk.any_month == risk.months[-1]
    assert risk.months[0] < risk.total < risk.months[-1]
    assert last(projection, "all-opus").over_budget_probability is None


@pytest.mark.parametrize(("per", "amount"), [("month", 130), ("day", "4.333333333333333333"), ("year", 130)])
def test_budgets_count_as_in_the_projection(tmp_path: Path, per: str, amount: object) -> None:
    rest = f"budget: {{amount: {amount}, per: {per}, strategy: routed}}"
    projection = planned(written(tmp_path, tasks=VOLUME, rest=rest), months=1)
    assert outlook(projection).budget_risk == outlook(planned(tmp_path / "fleet.yaml", months=1)).budget_risk
    assert float(last(projection).over_budget_probability or 0) == pytest.approx(0.35, abs=0.02)


def test_standard_errors_shrink_with_the_root_of_the_runs(tmp_path: Path) -> None:
    path = written(tmp_path, tasks=VOLUME)
    few, many = (float(outlook_of(planned(path, runs=runs)).error.p50) for runs in (40_000, 1_000_000))
    assert few / many == pytest.approx(5, rel=0.2)
    exactly = float(last(planned(path)).cumulative) * 60 / 500 * sqrt(0.25 / 1_000_000) * sqrt(2 * 3.14159265)
    assert many == pytest.approx(exactly, rel=0.1)


def test_only_keeps_what_is_asked_for(tmp_path: Path) -> None:
    projection = planned(written(tmp_path, tasks=VOLUME), strategies=["routed"])
    assert [strategy.strategy for strategy in outlook(projection).strategies] == ["routed"]
    assert projection["routed"].total == Decimal("372.6")


def test_price_steps_are_met_path_by_path(tmp_path: Path) -> None:
    """Above 100,000 tokens a call costs five times as much: half of the paths are there, and no mean is."""
    drawn = "{uncertain: uniform, low: 90000, high: 110000}"
    projection = planned(written(tmp_path, tokens_in=drawn, pricing="claude-2026-11"), months=1)
    month = last(projection, "all-haiku")
    for quantile, tokens in ((month.p10, 92_000), (month.p50, 100_000), (month.p90, 108_000)):
        at = written(tmp_path, tokens_in=str(tokens), pricing="claude-2026-11")
        exactly = routecost.compare(at)["all-haiku"].cost_per_month
        assert float(quantile or 0) == pytest.approx(float(exactly), rel=0.005)
    assert float(month.p90 or 0) > 5 * float(month.p50 or 0)


def test_a_size_that_decides_which_draws_of_calls_are_merged_is_no_estimate(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(
        """version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload:
  tasks_per_day: 500
  tokens:
    per_call:
      - {share: 60%, input: {uncertain: normal, mean: 2000, sd: 300}, output: 500}
      - {share: 40%, input: 5000, output: 700}
  calls: {per_task: 300, carry: all, drawn: per_call}
strategies: {one: {tier: haiku}}
"""
    )
    with pytest.raises(
        DocumentError, match=r'fleet.yaml:8:29: "workload.tokens.per_call.0.input" is uncertain'
    ):
        planned(path, 1, runs=10)
