"""Tests of significance against scipy, by their error rates, and by hand."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.numeric.proportions import Sample
from routecost.engine.numeric.significance import holm, p_greater
from tests.engine.numeric.test_proportions import samples


def by_scipy(first: Sample, second: Sample) -> float:
    from scipy import stats  # takes a second, and few tests need it

    table = [[each.successes, each.failures.successes] for each in (first, second)]
    return float(stats.fisher_exact(table, alternative="greater")[1])


@given(samples(), samples())
def test_p_greater_is_that_of_scipy(first: Sample, second: Sample) -> None:
    assert p_greater(first, second) == pytest.approx(by_scipy(first, second), rel=1e-9, abs=1e-25)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Sample(18, 250), Sample(2, 180)),
        (Sample(1, 5), Sample(2, 180)),
        (Sample(0, 5), Sample(0, 7)),
        (Sample(5, 5), Sample(7, 7)),
        (Sample(3000, 100_000), Sample(2700, 100_000)),
    ],
)
def test_p_greater_is_exact(first: Sample, second: Sample) -> None:
    assert p_greater(first, second) == pytest.approx(by_scipy(first, second), rel=1e-9)


def test_large_counts_are_as_good_as_normal_and_take_no_time() -> None:
    million = Sample(40_000, 10**6), Sample(39_000, 10**6)
    assert p_greater(*million) == pytest.approx(by_scipy(*million), rel=1e-3)
    assert p_greater(Sample(10**14, 10**15), Sample(10**13, 10**15)) == 0
    # four failures fall on either side as coins do: 3 or 4 of 4 on one side is 5 / 16
    assert p_greater(Sample(3, 10**15), Sample(1, 10**15)) == pytest.approx(5 / 16)


@pytest.mark.parametrize("rate", [0.01, 0.05, 0.2, 0.5])
def test_equal_rates_are_hardly_ever_told_apart(rate: float) -> None:
    from scipy import stats

    small, large = 6, 40
    wrong = 0.0
    for few, many in product(range(small + 1), range(large + 1)):
        if p_greater(Sample(few, small), Sample(many, large)) <= 0.05:
            wrong += stats.binom.pmf(few, small, rate) * stats.binom.pmf(many, large, rate)
    assert wrong <= 0.05


def test_holm_is_as_worked_by_hand() -> None:
    # 4 x 0.005, 3 x 0.01, 2 x 0.03, 1 x 0.04 raised to the one before it
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_keeps_the_order_and_treats_the_smallest_as_bonferroni_does(values: list[float]) -> None:
    levels = holm(values)
    assert all(raw <= adjusted <= 1 for raw, adjusted in zip(values, levels, strict=True))
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [levels[index] for index in order] == sorted(levels)
    assert min(levels) == min(1.0, min(values) * len(values))
