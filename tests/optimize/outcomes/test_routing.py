"""Mixtures, routing by category and the oracle: exact frontiers, as executed."""

from __future__ import annotations

from itertools import pairwise, product
from time import process_time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.model.outcomes.policies import CategoryRouting, Mixture, Policy
from routecost.optimize.outcomes.category_routing import (
    _unbeaten,
    category_frontier,
    fit_category_routing,
)
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.hull import (
    BudgetError,
    fit_mixtures,
    fit_single_models,
    frontier,
    mixture_within,
)
from routecost.optimize.outcomes.oracle import oracle, oracle_frontier, regret
from tests.support.outcomes import drawn, outcomes, small_outcomes

NEAR = 1e-9
THREE = outcomes([[0, 1, 1], [0, 0, 1], [0, 1, 1], [1, 1, 1]], [1, 2, 9], models=["s", "m", "l"])
"""Qualities .25, .75 and 1."""


def best_table(
    train: Outcomes, *, budget: float | None = None, min_quality: float | None = None
) -> CategoryRouting | None:
    """Return the best table within a limit of those that are fitted for it, with few others."""
    tables = fit_category_routing(train, 2, budget=budget, min_quality=min_quality)
    if budget is not None:
        return next((table for table in tables[::-1] if point(table, train)[0] <= budget + NEAR), None)
    assert min_quality is not None
    return next((table for table in tables if point(table, train)[1] >= min_quality - NEAR), None)


def point(policy: Policy, on: Outcomes) -> tuple[float, float]:
    run = execute(policy, on)
    return run.cost_per_query, run.quality


def test_mixtures_are_on_the_hull() -> None:
    assert fit_mixtures(THREE, steps=1) == [Mixture({name: 1.0}) for name in "sml"]
    assert [point(policy, THREE) for policy in fit_mixtures(THREE, steps=2)] == [
        (1, 0.25),
        (1.5, 0.5),
        (2, 0.75),
        (5.5, 0.875),
        (9, 1),
    ]


def test_a_model_under_the_hull_is_only_a_single_model() -> None:
    under = outcomes([[0, 0, 1], [0, 1, 1], [0, 0, 1], [0, 0, 1]], [1, 6, 9])
    assert fit_mixtures(under, steps=1) == [Mixture({"m0": 1.0}), Mixture({"m2": 1.0})]
    assert fit_single_models(under) == [Mixture({name: 1.0}) for name in ("m0", "m1", "m2")]


def test_a_budget_is_spent_by_a_mixture() -> None:
    assert mixture_within(THREE, 3.75) == Mixture({"m": 0.75, "l": 0.25})
    assert mixture_within(THREE, 100) == Mixture({"l": 1.0})
    with pytest.raises(BudgetError, match=r"the cheapest policy costs 1; the budget is 0\.5"):
        mixture_within(THREE, 0.5)


def test_categories_get_the_models_that_they_need() -> None:
    apart = outcomes(
        [[1, 1], [1, 1], [0, 1], [0, 1]],
        [1, 5],
        models=["small", "large"],
        categories=["easy"] * 2 + ["hard"] * 2,
    )
    cheap, best = fit_category_routing(apart)
    assert cheap == CategoryRouting({"easy": {"small": 1.0}, "hard": {"small": 1.0}}, {"small": 1.0})
    assert best == CategoryRouting({"easy": {"small": 1.0}, "hard": {"large": 1.0}}, {"small": 1.0})


def test_an_unknown_category_gets_what_is_best_overall_at_the_price() -> None:
    tables = fit_category_routing(drawn(400, 3))
    elsewhere = drawn(50, 3, categories=1, seed=1)
    new = Outcomes(
        elsewhere.queries,
        elsewhere.models,
        elsewhere.score,
        elsewhere.cost,
        elsewhere.splits,
        categories=("new",) * 50,
    )
    first, last = (execute(tables[at], new) for at in (0, -1))
    assert first.answered[:, 0].all()
    assert last.answered[:, 2].all()


def test_without_categories_there_is_no_routing_by_category() -> None:
    assert fit_category_routing(THREE) == []
    with pytest.raises(ValueError, match="no categories"):
        category_frontier(THREE)
    with pytest.raises(ValueError, match="no query"):
        fit_mixtures(THREE.rows(np.array([], dtype=np.intp)))


@given(small_outcomes())
def test_no_table_dominates_the_frontier(train: Outcomes) -> None:
    """Enumerate all tables: none is better than the frontier at its cost."""
    found = category_frontier(train)
    for choice in product(train.models, repeat=len(found.categories)):
        routes = {name: {model: 1.0} for name, model in zip(found.categories, choice, strict=True)}
        cost, quality = point(CategoryRouting(routes, {choice[0]: 1.0}), train)
        steps = found.steps
        assert np.interp(cost, steps.cost, steps.quality) >= quality - NEAR


@given(small_outcomes(), st.lists(st.floats(0, 8), min_size=2))
def test_more_budget_never_lowers_quality_and_is_kept(train: Outcomes, budgets: list[float]) -> None:
    kept = sorted(budget for budget in budgets if budget >= train.cost.mean(axis=0).min())
    points = [point(mixture_within(train, budget), train) for budget in kept]
    assert all(cost <= budget + NEAR for (cost, _), budget in zip(points, kept, strict=True))
    assert all(one[1] <= other[1] + NEAR for one, other in pairwise(points))


@given(small_outcomes())
def test_execution_equals_the_cost_and_quality_of_the_frontier(train: Outcomes) -> None:
    found = category_frontier(train)
    for at in range(len(found)):
        expected = (found.steps.cost[at], found.steps.quality[at])
        assert point(found.of_models(found.steps.models(at)), train) == pytest.approx(expected, abs=NEAR)


@given(small_outcomes(), st.randoms(use_true_random=False))
def test_order_and_names_of_models_change_nothing(train: Outcomes, random: object) -> None:
    order = list(range(len(train.models)))
    random.shuffle(order)  # type: ignore[attr-defined]
    moved = train.of_models([train.models[at] for at in order])
    named = Outcomes(
        moved.queries,
        tuple(f"x{at}" for at in range(len(order))),
        moved.score,
        moved.cost,
        moved.splits,
        categories=moved.categories,
    )
    for other in (moved, named):
        for fit in (fit_mixtures, fit_category_routing):
            one, two = ([point(policy, on) for policy in fit(on)] for on in (train, other))
            assert one == [pytest.approx(value, abs=NEAR) for value in two]


def test_the_frontier_is_that_of_the_linear_program() -> None:
    optimize = pytest.importorskip("scipy.optimize")
    train = drawn(300, 5, categories=4)
    found = category_frontier(train)
    names = np.array(train.categories)
    sums = [
        np.array([values[names == name].sum(axis=0) for name in found.categories]).ravel() / len(train)
        for values in (train.cost, train.score)
    ]
    one_each = np.kron(np.eye(4), np.ones((1, 5)))
    for budget in np.linspace(found.steps.cost[0], found.steps.cost[-1], 9):
        solved = optimize.linprog(
            -sums[1], A_ub=sums[:1], b_ub=[budget], A_eq=one_each, b_eq=np.ones(4), bounds=(0, 1)
        )
        ours = np.interp(budget, found.steps.cost, found.steps.quality)
        assert ours == pytest.approx(-solved.fun, abs=1e-7)


def test_the_oracle_takes_the_cheapest_of_the_best_answers() -> None:
    run = oracle(THREE)
    assert run.answered.tolist() == [[0, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]]
    assert (run.cost_per_query, run.quality) == (3.5, 1)
    lost = regret(execute(Mixture({"l": 1.0}), THREE), THREE)
    assert (lost.quality, lost.quality_at_cost) == (0, 0)
    lost = regret(execute(Mixture({"s": 1.0}), THREE), THREE)
    assert (lost.quality, lost.quality_at_cost) == (0.75, 0)
    lost = regret(execute(Mixture({"m": 1.0}), THREE), THREE)
    assert lost.quality_at_cost == pytest.approx(0.75 + 0.25 * 0.5 / 2 - 0.75)


@given(small_outcomes())
def test_the_oracle_is_the_last_point_of_its_frontier(train: Outcomes) -> None:
    curve, run = oracle_frontier(train), oracle(train)
    assert (curve.cost[-1], curve.quality[-1]) == pytest.approx((run.cost_per_query, run.quality), abs=NEAR)
    for policy in fit_category_routing(train):
        at_cost = regret(execute(policy, train), train, curve).quality_at_cost
        assert at_cost is not None
        assert at_cost >= -NEAR


def test_rows_of_many_queries_take_no_seconds() -> None:
    large = drawn(100_000, 11, categories=50)
    begun = process_time()
    found = category_frontier(large)
    frontier(large.cost, large.score)
    assert process_time() - begun < 3
    at = len(found) // 2
    expected = (found.steps.cost[at], found.steps.quality[at])
    assert point(found.of_models(found.steps.models(at)), large) == pytest.approx(expected, abs=NEAR)


def every_table(train: Outcomes) -> list[tuple[float, float]]:
    names = sorted(set(train.categories or ()))
    choices = product(train.models, repeat=len(names))
    tables = [{name: {model: 1.0} for name, model in zip(names, row, strict=True)} for row in choices]
    return [point(CategoryRouting(routes, {train.models[0]: 1.0}), train) for routes in tables]


def unbeaten(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept: list[tuple[float, float]] = []
    for cost, quality in sorted(points, key=lambda at: (round(at[0], 9), -at[1])):
        if not kept or quality > kept[-1][1] + NEAR:
            kept.append((cost, quality))
    return kept


@given(small_outcomes())
def test_tables_are_all_that_no_other_one_beats(train: Outcomes) -> None:
    found = [point(policy, train) for policy in fit_category_routing(train)]
    assert found == [pytest.approx(at, abs=NEAR) for at in unbeaten(every_table(train))]


def test_of_tables_with_equal_points_one_is_kept() -> None:
    train = outcomes([[0, 0], [0, 1]] * 2, [0, 1], categories=["a", "a", "b", "b"])
    assert len(fit_category_routing(train)) == 3


def test_costs_that_differ_by_rounding_are_equal() -> None:
    cost = np.array([0.3, 0.1 + 0.2])
    assert cost[0] < cost[1]
    assert list(_unbeaten(cost, np.array([0.5, 0.6]))) == [1]


@given(small_outcomes())
def test_the_best_table_within_a_limit_is_that_of_all_tables(train: Outcomes) -> None:
    tables = unbeaten(every_table(train))
    for (cost, quality), (more, better) in pairwise([*tables, (tables[-1][0] + 1, 2.0)]):
        for budget in (cost, (cost + more) / 2):
            found = best_table(train, budget=budget)
            assert found is not None
            assert point(found, train) == pytest.approx((cost, quality), abs=NEAR)
        costlier = best_table(train, min_quality=(quality + better) / 2)
        assert (costlier is None) == (better == 2)
        if costlier is not None:
            assert point(costlier, train) == pytest.approx((more, better), abs=NEAR)
    assert best_table(train, budget=tables[0][0] - 0.1) is None


def test_a_table_under_the_hull_is_found() -> None:
    scores = [
        [int(at < small), int(at < large)]
        for count, small, large in ((100, 50, 80), (200, 100, 180))
        for at in range(count)
    ]
    train = outcomes(scores, [0.001, 0.011], ["small", "large"], ["a"] * 100 + ["b"] * 200)
    best = best_table(train, budget=0.005)
    assert best is not None
    assert best.routes == {"a": {"large": 1.0}, "b": {"small": 1.0}}
    assert point(best, train) == pytest.approx((0.013 / 3, 0.6))
    assert best_table(train, min_quality=0.6) == best
    assert best in fit_category_routing(train)
    assert len(fit_category_routing(train, most=2)) == 2
    assert best in fit_category_routing(train, most=2, budget=0.005)


@pytest.mark.parametrize("most", [2, 5, 20])
def test_thinned_tables_keep_their_bounds(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    train = drawn(120, 4, categories=5, seed=3)
    tables = unbeaten(every_table(train))
    monkeypatch.setattr("routecost.optimize.outcomes.category_routing.MOST_POINTS", most)
    share = 5 / (most - 1)
    costlier, worse = (share * (tables[-1][at] - tables[0][at]) for at in (0, 1))
    for cost, quality in tables[::7]:
        within, enough = best_table(train, budget=cost), best_table(train, min_quality=quality)
        assert within is not None
        assert enough is not None
        assert point(within, train)[0] <= cost + NEAR
        assert point(within, train)[1] >= quality - worse - NEAR
        assert point(enough, train)[1] >= quality - NEAR
        assert point(enough, train)[0] <= cost + costlier + NEAR


def test_a_long_frontier_can_be_thinned() -> None:
    train = drawn(300, 4)
    found = category_frontier(train)
    last = len(found) - 1
    few = fit_category_routing(train, most=3)
    assert few == [found.of_models(found.steps.models(at)) for at in (0, round(last / 2), last)]
    all_of_hull = fit_category_routing(train, most=last + 5)
    assert len(all_of_hull) == last + 5
    assert all(found.of_models(found.steps.models(at)) in all_of_hull for at in range(last + 1))
