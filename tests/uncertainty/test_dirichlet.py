"""Mixes of which all shares are uncertain: a Dirichlet distribution, in agreement with its moments."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.sampling import draw
from routecost.errors import DocumentError
from routecost.model.results.outlook import StrategyOutlook
from routecost.model.scenario.distributions import Dirichlet
from routecost.model.scenario.uncertain_field import UncertainField
from tests.uncertainty.scenarios import written

MIX = "{mix: {haiku: 80%, sonnet: 15%, opus: 5%}}"
COUNTED = "{uncertain: dirichlet, counts: {haiku: 160, sonnet: 30, opus: 10}}"
RUNS = 50_000


def fleet(folder: Path, mix: str, rest: str = "") -> Path:
    path = written(folder, rest=rest)
    path.write_text(path.read_text().replace(MIX, f"{{mix: {mix}}}"))
    return path


def shares_of(*concentrations: float, runs: int = RUNS) -> Floats:
    names = tuple("abcdefgh"[: len(concentrations)])
    return draw(UncertainField(("x",), Dirichlet(names, concentrations, ())), runs, 7)


def outlook(path: Path, runs: int = RUNS) -> StrategyOutlook:
    projection = routecost.project(path, months=1, runs=runs, strategies=["routed"])
    assert projection.outlook is not None
    return projection.outlook["routed"]


def test_draws_have_the_moments_of_the_distribution() -> None:
    """Mean a / A, variance m (1 - m) / (A + 1), covariance -m n / (A + 1)."""
    concentrations = np.array([161.0, 31.0, 11.0])
    size = concentrations.sum()
    means = concentrations / size
    expected = (np.diag(means) - np.outer(means, means)) / (size + 1)
    shares = shares_of(*concentrations)
    assert shares.mean(axis=1) == pytest.approx(means, rel=0.01)
    assert np.abs(np.cov(shares) / expected - 1).max() < 0.05


@given(st.lists(st.floats(1e-9, 1e9), min_size=2, max_size=8))
def test_shares_sum_to_one_whatever_the_concentrations(concentrations: list[float]) -> None:
    shares = shares_of(*concentrations, runs=200)
    assert (shares >= 0).all()
    assert np.abs(shares.sum(axis=0) - 1).max() < 1e-13
    assert (shares.sum(axis=0) < 1).all()


def test_two_shares_are_those_of_a_beta_distribution(tmp_path: Path) -> None:
    """Both have a uniform prior: counts of 33 and 7 are 33 successes in 40 trials."""
    joint = outlook(fleet(tmp_path, "{uncertain: dirichlet, counts: {haiku: 33, opus: 7}}")).total
    path = fleet(tmp_path, "{haiku: {uncertain: beta, successes: 33, trials: 40}, opus: 0.1904761904761905}")
    alone = outlook(path).total
    for name in ("p10", "p50", "p90"):
        assert float(getattr(joint, name)) == pytest.approx(float(getattr(alone, name)), rel=0.01)


def test_the_band_is_that_of_draws_from_numpy(tmp_path: Path) -> None:
    per_task = np.array([2000 * 0.8 + 500 * 4, 2000 * 3 + 500 * 15, 2000 * 15 + 500 * 75]) / 1e6
    drawn = np.random.default_rng(1).dirichlet([161, 31, 11], 200_000) @ per_task * 500 * 30
    total = outlook(fleet(tmp_path, COUNTED), runs=100_000).total
    expected = np.quantile(drawn, [0.1, 0.5, 0.9])
    assert [float(total.p10), float(total.p50), float(total.p90)] == pytest.approx(expected, rel=0.01)


def test_means_are_exact_shares(tmp_path: Path) -> None:
    plain = routecost.compare(written(tmp_path))["routed"].cost_per_month
    path = fleet(tmp_path, "{uncertain: dirichlet, mean: {haiku: 80%, sonnet: 15%, opus: 5%}, trials: 20}")
    assert routecost.compare(path)["routed"].cost_per_month == plain


def test_the_mix_is_one_source_of_variance(tmp_path: Path) -> None:
    rows = {row.field: row.share for row in outlook(fleet(tmp_path, COUNTED)).variance}
    assert set(rows) == {"strategies.routed.mix", "interactions"}
    assert rows["strategies.routed.mix"] > Decimal("0.99")


def test_one_run_in_exact_arithmetic_agrees(tmp_path: Path) -> None:
    """The engine compares a run with the exact one, in which shares must sum to exactly 1."""
    skewed = "{uncertain: dirichlet, mean: {haiku: 98%, sonnet: 1%, opus: 1%}, trials: 0.001}"
    total = outlook(fleet(tmp_path, skewed), runs=2000).total
    assert total.p10 == total.p50 == pytest.approx(Decimal(54), rel=Decimal("1e-9"))


def test_the_chance_of_savings_counts_a_mix_that_is_one_tier_or_another(tmp_path: Path) -> None:
    """Nearly all of the tasks run on haiku in 80% of the runs, on opus in the others."""
    path = fleet(tmp_path, "{uncertain: dirichlet, mean: {haiku: 80%, opus: 20%}, trials: 1e-9}")
    text = path.read_text().replace("strategies:", "strategies:\n  all-sonnet: {tier: sonnet}")
    path.write_text(text + "default: all-sonnet\nproposed: routed\n")
    for seed in range(4):
        savings = routecost.project(path, months=1, runs=2000, seed=seed).savings
        assert savings is not None
        assert savings.probability is not None
        assert float(savings.probability.value or 0) == pytest.approx(0.8, abs=0.04)


def test_the_report_states_the_distribution_once(tmp_path: Path) -> None:
    stated = {row.name: row.value for row in routecost.planning(fleet(tmp_path, COUNTED), runs=10).stated}
    assert stated["strategies.routed.mix"] == (
        "uncertain: dirichlet, counts: {haiku: 160, sonnet: 30, opus: 10}"
    )
    assert not any(name.startswith("strategies.routed.mix.") for name in stated)


def test_a_mix_within_an_assignment(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(f"""version: 1
pricing: claude-article
as_of: 2026-02-01
workload:
  task_types:
    code: {{tasks_per_day: 500, tokens: {{input: 2000, output: 500}}}}
    mail: {{tasks_per_day: 0, tokens: {{input: 2000, output: 500}}}}
strategies:
  routed: {{assign: {{code: {{mix: {COUNTED}}}, mail: {{tier: haiku}}}}}}
  plain: {{mix: {COUNTED}}}
""")
    projection = routecost.project(path, months=1, runs=RUNS)
    assert projection.outlook is not None
    one, other = projection.outlook["routed"].total, projection.outlook["plain"].total
    assert float(one.p90) == pytest.approx(float(other.p90), rel=0.02)


def test_the_chance_of_savings_counts_the_mix(tmp_path: Path) -> None:
    """Against sonnet at $0.0135: with a tasks on haiku at 0.0036 and b on opus at 0.0675."""
    path = fleet(tmp_path, "{uncertain: dirichlet, counts: {haiku: 8, sonnet: 1, opus: 2}}")
    path.write_text(path.read_text() + "default: all-sonnet\nproposed: routed\n")
    path.write_text(path.read_text().replace("strategies:", "strategies:\n  all-sonnet: {tier: sonnet}"))
    drawn = np.random.default_rng(2).dirichlet([9, 2, 3], 200_000)
    expected = float(np.mean(drawn @ np.array([0.0036, 0.0135, 0.0675]) < 0.0135))
    verdict, savings = routecost.compare(path).verdict, routecost.project(path, months=2).savings
    assert verdict is not None
    assert savings is not None
    for known in (verdict.probability, savings.probability):
        assert known is not None
        assert known.inputs == ("strategies.routed.mix",)
        assert float(known.value or 0) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("mix", "message"),
    [
        ("{uncertain: dirichlet}", r':9:17: nothing given; expected "mean" with "trials", or "counts"'),
        ("{uncertain: dirichlet, mean: {haiku: 0.5, opus: 0.5}}", "mean given; expected"),
        ("{uncertain: dirichlet, counts: {haiku: 5, opus: 5}, trials: 9}", "trials, counts given; expected"),
        ("{uncertain: dirichlet, mean: {haiku: 0.5, opus: 0.4}, trials: 9}", ":9:46: the mean shares sum to"),
        ("{uncertain: dirichlet, mean: {haiku: 1, opus: 0}, trials: 9}", "a mean share of 0"),
        ("{uncertain: dirichlet, counts: {haiku: 1}}", "one share given; expected two or more"),
        ("{uncertain: dirichlet, counts: {haiku: 0, opus: 0}}", "no tasks are counted"),
        ("{uncertain: dirichlet, counts: {haiku: -1, opus: 2}}", '"-1" is out of range'),
        ("{uncertain: dirichlet, counts: {haiku: nan, opus: 2}}", '"nan" is not a count'),
        (
            "{uncertain: dirichlet, mean: {haiku: 0.5, opus: 0.5}, trials: 0}",
            "0 trials; expected more than 0",
        ),
        ("{uncertain: dirichlet, counts: {haikoo: 1, opus: 2}}", 'unknown tier "haikoo".*"haiku"'),
        ("{uncertain: dirichlet, counts: {haiku: 1, opus: 2}, driver: x}", 'unknown key "driver"'),
        ("{uncertain: normal, mean: 5, sd: 1}", r':9:29: "normal" is no distribution of a mix'),
        (
            "{uncertain: dirichlet, mean: {haiku: {uncertain: beta, mean: 0.5, sd: 1%}, opus: 50%}}",
            r':9:54: "haiku" is uncertain by itself',
        ),
        (
            "{haiku: {uncertain: beta, mean: 0.5, trials: 9}, opus: {uncertain: beta, mean: 0.5, trials: 9}}",
            "at most one uncertain share per mix, or .*dirichlet",
        ),
        ("{haiku: {uncertain: dirichlet, counts: {a: 1}}, opus: 0.5}", "the distribution of a whole mix"),
    ],
)
def test_faults_have_their_place(tmp_path: Path, mix: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        routecost.compare(fleet(tmp_path, mix))


def test_a_mix_has_no_rank_correlation(tmp_path: Path) -> None:
    rest = "correlations: [{between: [strategies.routed.mix, workload.tasks_per_day], rank: 0.5}]"
    path = fleet(tmp_path, COUNTED, rest)
    path.write_text(path.read_text().replace("500\n", "{uncertain: normal, mean: 500, sd: 5}\n", 1))
    with pytest.raises(DocumentError, match="has several shares; expected a field with one value"):
        routecost.compare(path)
