"""Metrics, bootstrap intervals and reliability."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.model.outcomes.policies import Mixture
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.statistics.bootstrap import differences, interval, resampled_means
from routecost.optimize.outcomes.statistics.bounded import ends
from routecost.optimize.outcomes.statistics.metrics import apgr, area, arena_score, cpt, mean_quality
from routecost.optimize.outcomes.statistics.reliability import calibration_error, reliability
from tests.support.outcomes import drawn

COST, QUALITY = np.array([4.0, 2.0, 8.0]), np.array([0.6, 0.4, 0.8])


def test_area_is_that_of_trapezoids() -> None:
    assert area(COST, QUALITY, 2, 8) == pytest.approx(2 * 0.5 + 4 * 0.7)
    assert area(COST, QUALITY, 3, 6) == pytest.approx(1 * 0.55 + 2 * 0.65)
    assert area(COST, QUALITY, 0, 10) == pytest.approx(2 * 0.4 + 2 * 0.5 + 4 * 0.7 + 2 * 0.8)
    assert area(COST, QUALITY, 0, 2, at_low=0.2) == pytest.approx(2 * 0.3)
    with pytest.raises(ValueError, match="no area between 2 and 2"):
        area(COST, QUALITY, 2, 2)


def test_mean_quality_is_between_the_models() -> None:
    models = np.array([1.0, 10.0]), np.array([0.2, 0.7])
    by_hand = (1 * 0.3 + 2 * 0.5 + 4 * 0.7 + 2 * 0.8) / 9
    assert mean_quality(COST, QUALITY, *models) == pytest.approx(by_hand)
    assert mean_quality(*models, *models) == pytest.approx(0.45)


def test_a_router_recovers_a_part_of_the_gap() -> None:
    share, quality = np.array([0, 0.25, 1.0]), np.array([0.5, 0.8, 0.9])
    assert apgr(share, quality, 0.5, 0.9) == pytest.approx(0.25 * 0.375 + 0.75 * 0.875)
    assert cpt(share, quality, 0.5, 0.9, 0.5) == pytest.approx(0.25 * 0.5 / 0.75)
    assert cpt(share, quality, 0.5, 0.9, 0.8) == pytest.approx(0.25 + 0.75 * 0.05 / 0.25)
    assert cpt(share, quality, 0.5, 0.9, 1) == 1
    assert cpt(share[:2], quality[:2], 0.5, 0.9, 0.8) is None
    assert cpt(share, quality, 0.5, 0.9, 0) == 0
    with pytest.raises(ValueError, match="no gap"):
        apgr(share, quality, 0.5, 0.5)


def test_the_arena_score_is_bounded_by_costs() -> None:
    assert arena_score(0.8, 0.0044) == pytest.approx(1.1 * 0.8 / 1.08)
    assert arena_score(0.8, 200) == arena_score(0, 1) == 0
    with pytest.raises(ValueError, match="not between"):
        arena_score(0.8, 0)


def test_of_many_queries_groups_are_drawn_with_the_same_mean_and_error() -> None:
    values = np.random.default_rng(1).gamma(0.5, 2, (20_003, 2)) * [1, -3]
    means = resampled_means(values, rounds=2000)
    assert means.mean(axis=0) == pytest.approx(values.mean(axis=0), rel=0.002)
    assert means.std(axis=0) == pytest.approx(values.std(axis=0) / 20_003**0.5, rel=0.06)


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    covered = 0
    for seed in range(200):
        run = execute(Mixture({"m0": 1.0}), drawn(150, 1, categories=1, seed=seed))
        run.score[:] = np.random.default_rng(seed).random(150) < 0.7
        found = interval([run], rounds=400, level=0.9)[0].quality
        covered += found.low <= 0.7 <= found.high
    assert 0.83 <= covered / 200 <= 0.96


def test_intervals_repeat_and_pair_by_query() -> None:
    on = drawn(500, 3)
    runs = [execute(Mixture({name: 1.0}), on) for name in on.models]
    assert interval(runs) == interval(runs)
    assert interval(runs) != interval(runs, seed=1)
    own, other, _ = differences(runs, runs[0])
    assert (own.cost.low, own.cost.high, own.quality.low, own.quality.high) == (0, 0, 0, 0)
    assert other.cost.low <= runs[1].cost_per_query - runs[0].cost_per_query <= other.cost.high
    low, high = (bounds.quality.high - bounds.quality.low for bounds in differences(runs[1:2], runs[0]) * 2)
    assert low == high


def test_draws_are_the_same_for_all_columns_and_bounded_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).random((50, 2))
    together = resampled_means(values, rounds=30)
    assert resampled_means(values[:, 1:], rounds=30)[:, 0] == pytest.approx(together[:, 1])
    monkeypatch.setattr("routecost.optimize.outcomes.statistics.bootstrap._AT_ONCE", 100)
    assert resampled_means(values, rounds=30) == pytest.approx(together)
    runs = [execute(Mixture({name: 1.0}), drawn(60, 3)) for name in ("m0", "m1", "m2")]
    parts = interval(runs, rounds=30)
    monkeypatch.undo()
    whole = interval(runs, rounds=30)
    assert [bounds.cost.low for bounds in parts] == pytest.approx([bounds.cost.low for bounds in whole])
    with pytest.raises(ValueError, match="no query"):
        resampled_means(values[:0])


def test_reliability_by_hand() -> None:
    table = reliability(np.array([0.2, 0.2, 0.6, 0.8]), np.array([0, 1, 1, 1.0]), bins=2)
    assert [(row.low, row.high, row.count, row.probability, row.score) for row in table] == [
        (0.2, 0.2, 2, 0.2, 0.5),
        (0.6, 0.8, 2, pytest.approx(0.7), 1.0),
    ]
    assert calibration_error(table) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="probability of every query"):
        reliability(np.array([0.2, np.nan]), np.array([0, 1.0]))


@given(st.lists(st.sampled_from([0.0, 0.1, 0.35, 0.7, 1.0]), min_size=1), st.integers(1, 12))
def test_bins_have_all_queries_in_whatever_order(values: list[float], bins: int) -> None:
    chance = np.array(values)
    table = reliability(chance, chance**2, bins)
    moved = reliability(chance[::-1], chance[::-1] ** 2, bins)
    assert [(row.low, row.high, row.count) for row in table] == [
        (row.low, row.high, row.count) for row in moved
    ]
    assert calibration_error(table) == pytest.approx(calibration_error(moved))
    assert sum(row.count for row in table) == len(values)
    assert len(table) <= bins
    assert all(one.high < other.low for one, other in pairwise(table))


def test_bins_are_about_equal_and_a_true_probability_has_no_error() -> None:
    chance = np.random.default_rng(0).random(20_000)
    table = reliability(chance, (np.random.default_rng(1).random(20_000) < chance).astype(float))
    assert [row.count for row in table] == [2000] * 10
    assert calibration_error(table) < 0.015
    overconfident = reliability(chance, (np.random.default_rng(1).random(20_000) < chance / 2).astype(float))
    assert calibration_error(overconfident) == pytest.approx(0.25, abs=0.01)


@pytest.mark.parametrize("right", [0.0, 1.0, 0.5])
def test_scores_that_are_all_alike_have_an_interval_with_width(right: float) -> None:
    """Of 60 right answers, Wilson's interval begins at 0.9398; 1 - 0.025^(1/60) of others may be unseen."""
    run = execute(Mixture({"m0": 1.0}), drawn(60, 1, categories=1))
    run.score[:] = right
    found = interval([run], rounds=50)[0].quality
    reach = {0.0: (0.0, 0.0602), 1.0: (0.9398, 1.0), 0.5: (0.4702, 0.5298)}[right]
    assert (found.low, found.high) == pytest.approx(reach, abs=1e-4)
    assert run.quality_ends == pytest.approx(reach, abs=1e-4)


def test_policies_that_agree_on_all_queries_may_differ_on_others() -> None:
    run, same = (execute(Mixture({"m0": 1.0}), drawn(100, 1)) for _ in range(2))
    (found,) = differences([run], same)
    assert found.quality.high == -found.quality.low == pytest.approx(1 - 0.025 ** (1 / 100))


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=2, max_size=40))
def test_no_interval_of_a_mean_is_a_point_or_leaves_its_bounds(scores: list[float]) -> None:
    values = np.array(scores)
    low, high = ends(values, float(values.mean()), (float(values.mean()),) * 2)
    assert 0 <= low <= values.mean() <= high <= 1
    assert high > low or ({0.25, 0.5} & {*scores} and {0.0, 1.0} <= {*scores})
