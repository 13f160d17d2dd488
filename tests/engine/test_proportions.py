"""Intervals and tests against published figures, and the properties that they must have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.proportions import (
    Sample,
    chance_above,
    holm,
    is_non_inferior,
    newcombe,
    p_greater,
    trials_for_non_inferiority,
    wilson,
)

# Newcombe RG (1998). Two-sided confidence intervals for the single proportion: comparison of seven
# methods. Statistics in Medicine 17, 857-872, table I, method 3.
WILSON = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]

# Newcombe RG (1998). Interval estimation for the difference between independent proportions: comparison
# of eleven methods. Statistics in Medicine 17, 873-890, table II, method 10.
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0),
    (10, 10, 0, 10, 0.6075, 1.0),
]


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    trials = draw(st.integers(1, 5000))
    return Sample(draw(st.integers(0, trials)), trials)


@pytest.mark.parametrize(("successes", "trials", "low", "high"), WILSON)
def test_wilson_is_as_published(successes: int, trials: int, low: float, high: float) -> None:
    made = wilson(Sample(successes, trials), 0.95)
    assert [made.low, made.high] == pytest.approx([low, high], abs=5e-5)


@pytest.mark.parametrize(("a", "m", "b", "n", "low", "high"), NEWCOMBE)
def test_newcombe_is_as_published(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    made = newcombe(Sample(a, m), Sample(b, n), 0.95)
    assert [made.low, made.high] == pytest.approx([low, high], abs=5.1e-5)


@given(samples(), st.floats(0.5, 0.999))
def test_wilson_holds_the_rate_and_stays_a_share(sample: Sample, confidence: float) -> None:
    made = wilson(sample, confidence)
    assert 0 <= made.low <= sample.rate <= made.high <= 1


@given(samples(), samples(), st.floats(0.5, 0.999))
def test_newcombe_turns_round_with_its_samples(first: Sample, second: Sample, confidence: float) -> None:
    one, two = newcombe(first, second, confidence), newcombe(second, first, confidence)
    assert one.low == pytest.approx(-two.high, abs=1e-12)
    assert -1 <= one.low <= first.rate - second.rate <= one.high <= 1


def test_p_greater_is_that_of_the_score_test() -> None:
    # 18 of 250 and 2 of 180: pooled 20 of 430, z = 0.060889 / 0.020586 = 2.9578, one-sided p = 0.00155
    assert p_greater(Sample(18, 250), Sample(2, 180)) == pytest.approx(0.00155, abs=5e-6)
    assert p_greater(Sample(2, 180), Sample(18, 250)) == pytest.approx(1 - 0.00155, abs=5e-6)
    assert p_greater(Sample(0, 5), Sample(0, 7)) == 1.0


def test_holm_is_as_worked_by_hand() -> None:
    # 4 x 0.005, 3 x 0.01, 2 x 0.03, 1 x 0.04 raised to the one before it
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_keeps_the_order_and_treats_the_smallest_as_bonferroni_does(values: list[float]) -> None:
    made = holm(values)
    assert all(raw <= adjusted <= 1 for raw, adjusted in zip(values, made, strict=True))
    order = sorted(range(len(values)), key=values.__getitem__)
    assert [made[index] for index in order] == sorted(made)
    assert min(made) == min(1.0, min(values) * len(values))


def test_trials_for_non_inferiority_are_as_published() -> None:
    # Chow, Shao, Wang: Sample Size Calculations in Clinical Research, 4.2.2: 0.85 against 0.65, margin 0.10,
    # one-sided 5%, power 80% -> 25
    assert trials_for_non_inferiority(0.85, 0.65, 0.10, 0.90, 0.80) == 25
    # 85% in both arms, margin 10%, one-sided 5%, power 90%: 8.564 x 0.255 / 0.01 = 218.4
    assert trials_for_non_inferiority(0.85, 0.85, 0.10, 0.90, 0.90) == 219
    assert trials_for_non_inferiority(0.80, 0.85, 0.05, 0.95, 0.80) is None
    assert trials_for_non_inferiority(1.0, 1.0, 0.05, 0.95, 0.80) == 1


def test_a_small_sample_without_a_difference_shows_nothing() -> None:
    assert not is_non_inferior(Sample(9, 10), Sample(9, 10), 0.05, 0.95)
    assert is_non_inferior(Sample(900, 1000), Sample(900, 1000), 0.05, 0.95)


@given(samples(), samples(), st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_a_wider_margin_is_never_harder(one: Sample, two: Sample, margin: float, more: float) -> None:
    if is_non_inferior(one, two, margin, 0.95):
        assert is_non_inferior(one, two, margin + more, 0.95)


def test_chances_add_up_and_a_perfect_sample_is_not_certain() -> None:
    one, two = Sample(92, 100), Sample(99, 100)
    assert chance_above(0.0, one, two) + chance_above(0.0, two, one) == pytest.approx(1)
    assert 0.5 < chance_above(0.0, Sample(3, 3), Sample(2, 3)) < 0.9
    assert chance_above(0.05, two, one) < chance_above(0.0, two, one)


@pytest.mark.parametrize(("successes", "trials"), [(3, 2), (-1, 2), (0, 0)])
def test_counts_that_cannot_be_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="successes of"):
        Sample(successes, trials)
