"""Intervals against published figures and scipy, and the properties that they must have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.numeric.proportions import Sample, chance_above, newcombe, wilson

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
    interval = wilson(Sample(successes, trials), 0.95)
    assert [interval.low, interval.high] == pytest.approx([low, high], abs=5e-5)


@given(samples(), st.floats(0.5, 0.999))
def test_wilson_is_that_of_scipy(sample: Sample, confidence: float) -> None:
    from scipy import stats  # takes a second, and few tests need it

    interval = wilson(sample, confidence)
    other = stats.binomtest(sample.successes, sample.trials).proportion_ci(confidence, "wilson")
    assert [interval.low, interval.high] == pytest.approx([other.low, other.high], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(("a", "m", "b", "n", "low", "high"), NEWCOMBE)
def test_newcombe_is_as_published(a: int, m: int, b: int, n: int, low: float, high: float) -> None:
    interval = newcombe(Sample(a, m), Sample(b, n), 0.95)
    assert [interval.low, interval.high] == pytest.approx([low, high], abs=5.1e-5)


@given(samples(), st.floats(0.5, 0.999))
def test_wilson_holds_the_rate_and_stays_a_share(sample: Sample, confidence: float) -> None:
    interval = wilson(sample, confidence)
    assert 0 <= interval.low <= sample.rate <= interval.high <= 1


@given(samples(), samples(), st.floats(0.5, 0.999))
def test_newcombe_turns_round_with_its_samples(first: Sample, second: Sample, confidence: float) -> None:
    one, two = newcombe(first, second, confidence), newcombe(second, first, confidence)
    assert one.low == pytest.approx(-two.high, abs=1e-12)
    assert -1 <= one.low <= first.rate - second.rate <= one.high <= 1


def test_chances_add_up_and_a_perfect_sample_is_not_certain() -> None:
    one, two = Sample(92, 100), Sample(99, 100)
    assert chance_above(0.0, one, two) + chance_above(0.0, two, one) == pytest.approx(1)
    assert 0.5 < chance_above(0.0, Sample(3, 3), Sample(2, 3)) < 0.9
    assert chance_above(0.05, two, one) < chance_above(0.0, two, one)


@pytest.mark.parametrize(("successes", "trials"), [(3, 2), (-1, 2), (0, 0)])
def test_counts_that_cannot_be_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="successes of"):
        Sample(successes, trials)
