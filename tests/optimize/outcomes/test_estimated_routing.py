"""Estimated quality, and routing by it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.model.outcomes.policies import EstimatedRouting
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.estimated_routing import estimated_frontier, fit_estimated_routing
from routecost.optimize.outcomes.estimates import estimate, fit_estimator
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.hull import fit_mixtures
from tests.examples import FEWER_EXAMPLES
from tests.support.outcomes import drawn, outcomes, small_outcomes

NEAR = 1e-9


def expected(policy: EstimatedRouting, on: Outcomes) -> tuple[float, float]:
    """Return the mean estimated cost and quality of a routing."""
    answered = execute(policy, on).answered
    quality = np.column_stack([estimate(policy.estimators[name], on) for name in on.models])
    cost = np.array([policy.costs[name] for name in on.models])
    return float((answered * cost).sum(axis=1).mean()), float((answered * quality).sum(axis=1).mean())


def slope_of_loss(train: Outcomes, chance: Floats, values: Floats) -> float:
    return float((train.score[:, 0] - chance) @ values)


def test_an_estimator_has_the_greatest_penalized_likelihood() -> None:
    train = drawn(500, 1)
    ridge = 2.5
    fitted = fit_estimator(train, 0, ridge)
    chance = estimate(fitted, train)
    feature = train.features["x"]
    standard = (feature - feature.mean()) / feature.std()
    assert slope_of_loss(train, chance, np.ones(500)) == pytest.approx(0, abs=1e-6)
    assert slope_of_loss(train, chance, standard) == pytest.approx(ridge * fitted.weights["x"], abs=1e-6)
    for name, weight in fitted.categories.items():
        member = np.array([category == name for category in train.categories or ()], dtype=float)
        assert slope_of_loss(train, chance, member) == pytest.approx(ridge * weight, abs=1e-6)


@pytest.mark.parametrize(
    ("scores", "low", "high"), [([1, 1, 1, 1], 0.8, 1), ([0, 0, 0, 0], 0, 0.2), ([0, 0, 1, 1], 0.2, 0.8)]
)
def test_estimates_stay_inside_0_to_1(scores: list[float], low: float, high: float) -> None:
    """Also if all answers have one score, or the feature separates them, or has far outliers."""
    train = outcomes([[score] for score in scores], [1], features={"x": [0, 0, 1, 1e6], "same": [3] * 4})
    fitted = fit_estimator(train, 0, 10.0)
    chance = estimate(fitted, train)
    assert ((chance > 0) & (chance < 1)).all()
    assert low < chance.mean() < high
    assert "same" not in fitted.weights


def test_an_unknown_feature_or_value_is_an_error() -> None:
    train = drawn(40, 2)
    fitted = fit_estimator(train, 0, 10.0)
    with pytest.raises(ValueError, match='no feature "x"'):
        estimate(fitted, outcomes([[0, 1]], [1, 2]))
    train.features["x"][3] = np.nan
    with pytest.raises(ValueError, match='"x" is not a number for every query'):
        fit_estimator(train, 0, 10.0)


def test_each_query_gets_the_best_model_at_the_price() -> None:
    train = drawn(300, 4)
    for policy in fit_estimated_routing(train, most=20):
        answered = execute(policy, train).answered
        cost = np.array([policy.costs[name] for name in train.models])
        quality = np.column_stack([estimate(policy.estimators[name], train) for name in train.models])
        value = quality - policy.price * cost
        assert (answered * value).sum(axis=1) == pytest.approx(value.max(axis=1))
        assert set(answered.ravel()) == {0.0, 1.0}


def test_more_budget_never_lowers_expected_quality() -> None:
    points = [expected(policy, drawn(300, 4)) for policy in fit_estimated_routing(drawn(300, 4), most=500)]
    assert len(points) > 50
    assert all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(points))


def all_routings(train: Outcomes, shares: Floats) -> Floats:
    """Return cost and quality in training of all routings, with these shares of the queries that are tied."""
    found = estimated_frontier(train)
    policies = [found.routing(len(found) - 1)]
    policies += [found.routing(at, float(share)) for at in range(len(found) - 1) for share in shares]
    runs = [execute(policy, train) for policy in policies]
    return np.array([(run.cost_per_query, run.quality) for run in runs])


@pytest.mark.parametrize("features", [True, False])
def test_the_routing_of_a_limit_is_the_best_of_all(features: bool) -> None:
    """By cost and scores as measured; queries with one category have one estimate, so that many are tied."""
    train = drawn(120, 4)
    if not features:
        train = outcomes(train.score, train.cost, categories=train.categories)
    cost, quality = all_routings(train, np.linspace(0, 0.9, 10)).T
    for budget in np.linspace(cost.min(), cost.max(), 9):
        runs = [execute(policy, train) for policy in fit_estimated_routing(train, 2, budget=float(budget))]
        within = [run.quality for run in runs if run.cost_per_query <= budget * (1 + NEAR)]
        assert max(within) >= quality[cost <= budget].max() - NEAR
    for floor in np.linspace(quality.min(), quality.max(), 9):
        runs = [
            execute(policy, train) for policy in fit_estimated_routing(train, 2, min_quality=float(floor))
        ]
        enough = [run.cost_per_query for run in runs if run.quality >= floor - NEAR]
        assert min(enough) <= cost[quality >= floor - 1e-12].min() * (1 + NEAR)


def test_a_limit_that_no_routing_keeps_adds_none() -> None:
    train = drawn(50, 3)
    few = fit_estimated_routing(train, 2)
    assert fit_estimated_routing(train, 2, budget=1e-9, min_quality=1.0) == few


def test_without_a_signal_the_routings_are_the_single_models_of_the_hull() -> None:
    train = outcomes(drawn(200, 4).score, [1, 2, 4, 8])
    routed = [execute(policy, train).answered for policy in fit_estimated_routing(train)]
    single = [execute(policy, train).answered for policy in fit_mixtures(train, steps=1)]
    assert [table.tolist() for table in routed] == [table.tolist() for table in single]


@FEWER_EXAMPLES
@given(small_outcomes(), st.randoms(use_true_random=False))
def test_order_of_models_changes_nothing(train: Outcomes, random: object) -> None:
    order = list(train.models)
    random.shuffle(order)  # type: ignore[attr-defined]
    runs = [
        [
            (run.cost_per_query, run.quality)
            for run in (execute(policy, on) for policy in fit_estimated_routing(on))
        ]
        for on in (train, train.of_models(order))
    ]
    assert runs[0] == [pytest.approx(point, abs=NEAR) for point in runs[1]]


def test_a_feature_that_matters_beats_mixtures_on_other_queries() -> None:
    draw = np.random.default_rng(3)
    hard = draw.normal(size=4000)
    chance = np.column_stack([1 / (1 + np.exp(3 * hard)), np.full(4000, 0.9)])
    whole = outcomes(draw.random((4000, 2)) < chance, [1, 10], features={"hard": hard})
    train, test = whole.rows(np.arange(2000)), whole.rows(np.arange(2000, 4000))
    _, policy, _ = fit_estimated_routing(train, 2, budget=5.5)
    run = execute(policy, test)
    assert run.cost_per_query == pytest.approx(5.5, abs=0.3)
    assert run.quality > test.score.mean() + 0.1
