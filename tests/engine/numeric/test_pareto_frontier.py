"""The frontier of millions is that of a few, looked at pair by pair."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from routecost.engine.numeric.pareto_frontier import BINS, frontier, undominated

# Few different values, so that many choices cost the same, are as good, or both.
coarse = st.integers(-3, 3).map(float)
fine = st.floats(-1e9, 1e9, allow_subnormal=False)
choices = st.lists(st.tuples(coarse, coarse) | st.tuples(fine, fine), max_size=60)


def frontier_of(points: list[tuple[float, float]]) -> list[bool]:
    coordinates = np.array(points, np.float64).reshape(-1, 2)
    found: list[bool] = frontier(coordinates[:, 0], coordinates[:, 1]).tolist()
    return found


def brute(points: list[tuple[float, float]]) -> list[bool]:
    return [
        not any(
            cost <= point[0] and quality >= point[1] and (cost, quality) != point for cost, quality in points
        )
        for point in points
    ]


@given(choices)
@example([])
@example([(1.0, 1.0)] * 3)
@example([(-1e308, 0.0), (1e308, 1.0), (0.0, 2.0)])
@example([(0.0, -0.0), (-0.0, 0.0)])
def test_it_is_what_no_other_beats(points: list[tuple[float, float]]) -> None:
    assert frontier_of(points) == brute(points)


@given(choices)
def test_the_exact_twin_agrees(points: list[tuple[float, float]]) -> None:
    costs, qualities = ([Decimal(point[at]) for point in points] for at in (0, 1))
    assert undominated(costs, qualities) == brute(points)


@pytest.mark.parametrize("seed", range(3))
def test_choices_by_the_thousand_fill_many_ranges_of_cost(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cost = rng.random(3 * BINS)
    quality = np.round(cost + rng.normal(0, 0.2, cost.size), 2)
    assert frontier(cost, quality).tolist() == brute(list(zip(cost.tolist(), quality.tolist(), strict=True)))


def test_where_more_always_buys_more_everything_is_on_it() -> None:
    rising = np.linspace(0, 1, 10_000)
    assert frontier(rising, rising).all()
    assert frontier(rising, -rising).sum() == 1


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_refused(wrong: float) -> None:
    fine = np.array([1.0, 2.0])
    for pair in ((np.array([1.0, wrong]), fine), (fine, np.array([wrong, 1.0]))):
        with pytest.raises(ValueError, match="finite"):
            frontier(*pair)


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        frontier(np.zeros(2), np.zeros(3))
