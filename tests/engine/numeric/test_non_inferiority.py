"""Non-inferiority, and the trials that it takes: published examples, and the power that they really have."""

from __future__ import annotations

from math import ceil, floor

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routecost.engine.numeric.non_inferiority import (
    is_non_inferior,
    trials_by_formula,
    trials_for_non_inferiority,
)
from routecost.engine.numeric.proportions import Sample
from tests.engine.numeric.test_proportions import samples


def test_the_formula_is_as_published() -> None:
    # Chow, Shao, Wang: Sample Size Calculations in Clinical Research, 4.2.2: 0.85 against 0.65, margin 0.10,
    # one-sided 5%, power 80% -> 25
    assert trials_by_formula(0.85, 0.65, 0.10, 0.90, 0.80) == 25
    # 85% in both arms, margin 10%, one-sided 5%, power 90%: 8.564 x 0.255 / 0.01 = 218.4
    assert trials_by_formula(0.85, 0.85, 0.10, 0.90, 0.90) == 219


@pytest.mark.parametrize("rates", [(0.85, 0.65), (0.85, 0.85), (0.8, 0.8), (0.5, 0.5)])
def test_trials_are_those_of_the_formula_where_that_is_good(rates: tuple[float, float]) -> None:
    by_formula = trials_by_formula(*rates, 0.10, 0.90, 0.80)
    assert by_formula is not None
    assert by_formula <= (trials_for_non_inferiority(*rates, 0.10, 0.90, 0.80) or 0) <= 1.05 * by_formula + 2


def chance_to_show(new: float, reference: float, margin: float, trials: int) -> float:
    """Return the chance that so many trials each show non-inferiority, over all that can come of them."""
    from scipy import stats  # takes a second, and few tests need it

    counts = np.arange(trials + 1)
    likely = [stats.binom.pmf(counts, trials, rate) for rate in (new, reference)]
    kept = [[int(count) for count in counts if each[count] > 1e-7] for each in likely]
    return float(
        sum(
            likely[0][one] * likely[1][other]
            for one in kept[0]
            for other in kept[1]
            if is_non_inferior(Sample(one, trials), Sample(other, trials), margin, 0.95)
        )
    )


@pytest.mark.parametrize(
    ("new", "reference", "margin"),
    [
        pytest.param(0.95, 0.95, 0.05, marks=pytest.mark.slow),
        (0.98, 0.98, 0.05),
        (0.99, 0.99, 0.05),
        (0.97, 0.99, 0.05),
        (0.99, 0.97, 0.05),
    ],
)
def test_so_many_trials_have_the_power_that_they_promise(new: float, reference: float, margin: float) -> None:
    trials = trials_for_non_inferiority(new, reference, margin, 0.95, 0.80)
    assert trials is not None
    assert 0.78 < chance_to_show(new, reference, margin, trials) < 0.86


def test_where_all_succeeds_the_interval_says_how_many_trials_are_enough() -> None:
    # the interval of 100% ends at n / (n + 1.96^2), which is above 95% from n = 73 on
    assert trials_for_non_inferiority(1.0, 1.0, 0.05, 0.95, 0.80) == 73
    assert is_non_inferior(Sample(73, 73), Sample(73, 73), 0.05, 0.95)
    assert not is_non_inferior(Sample(72, 72), Sample(72, 72), 0.05, 0.95)


def test_no_number_of_trials_shows_what_is_not_so() -> None:
    assert trials_for_non_inferiority(0.80, 0.85, 0.05, 0.95, 0.80) is None
    assert trials_for_non_inferiority(0.10, 0.85, 0.05, 0.95, 0.80) is None


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.5))
def test_so_many_trials_show_rates_that_come_out_as_expected(
    new: float, reference: float, margin: float
) -> None:
    assume(new - reference + margin > 1e-3)
    trials = trials_for_non_inferiority(new, reference, margin, 0.95, 0.80)
    assert trials is not None
    come = Sample(ceil(new * trials), trials), Sample(floor(reference * trials), trials)
    assert is_non_inferior(*come, margin, 0.95)


def test_a_small_sample_without_a_difference_shows_nothing() -> None:
    assert not is_non_inferior(Sample(9, 10), Sample(9, 10), 0.05, 0.95)
    assert is_non_inferior(Sample(900, 1000), Sample(900, 1000), 0.05, 0.95)


@given(samples(), samples(), st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_a_wider_margin_is_never_harder(one: Sample, two: Sample, margin: float, more: float) -> None:
    if is_non_inferior(one, two, margin, 0.95):
        assert is_non_inferior(one, two, margin + more, 0.95)
