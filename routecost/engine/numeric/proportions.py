"""Success rates estimated from samples: intervals and probabilities.

Counts are whole numbers, shares floats: an estimate needs no exact arithmetic.
"""

from __future__ import annotations

from functools import lru_cache
from math import hypot, sqrt
from statistics import NormalDist

from routecost.records import dataclass

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, both ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Sample:
    """Successes out of trials; at least one trial."""

    successes: int
    trials: int

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.trials or not self.trials:
            raise ValueError(f"{self.successes} successes of {self.trials} trials")

    @property
    def rate(self) -> float:
        """The share of successes."""
        return self.successes / self.trials

    @property
    def failures(self) -> Sample:
        """The same sample with failures counted as successes."""
        return Sample(self.trials - self.successes, self.trials)

    @property
    def variance(self) -> float:
        """The estimated variance of the rate."""
        return self.rate * (1 - self.rate) / self.trials


@lru_cache(maxsize=64)
def quantile(probability: float) -> float:
    """Return the quantile of the standard normal distribution."""
    return _NORMAL.inv_cdf(probability)


def wilson(sample: Sample, confidence: float) -> Interval:
    """Return Wilson's score interval of a rate (Wilson 1927), which never leaves [0, 1]."""
    return wilson_at(sample.rate, sample.trials, confidence)


def wilson_at(rate: float, trials: int, confidence: float) -> Interval:
    """Return Wilson's interval of a sample with that rate, even if its successes are not a whole number."""
    z = quantile((1 + confidence) / 2)
    centre = rate + z * z / (2 * trials)
    spread = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    # At the ends the bound is exact, and must not miss it by a rounding error.
    low = 0.0 if rate == 0 else (centre - spread) / scale
    high = 1.0 if rate == 1 else (centre + spread) / scale
    return Interval(low, high)


def newcombe(first: Sample, second: Sample, confidence: float) -> Interval:
    """Return the hybrid-score interval of ``first.rate - second.rate`` (Newcombe 1998, method 10)."""
    one, two = wilson(first, confidence), wilson(second, confidence)
    return difference(first.rate, one, second.rate, two)


def difference(rate: float, around: Interval, other: float, around_other: Interval) -> Interval:
    """Return Newcombe's interval of the difference of two rates with Wilson's intervals around them."""
    below = hypot(rate - around.low, around_other.high - other)
    above = hypot(around.high - rate, other - around_other.low)
    return Interval(rate - other - below, rate - other + above)


def chance_above(threshold: float, first: Sample, second: Sample) -> float:
    """Return the probability that ``first.rate - second.rate`` is above a threshold.

    Rates are taken as normal around their Agresti-Caffo estimates (one success and one failure added to
    each), so that a sample without failures is not taken as certain.
    """
    one, two = (Sample(sample.successes + 1, sample.trials + 2) for sample in (first, second))
    error = sqrt(one.variance + two.variance)
    return _NORMAL.cdf((one.rate - two.rate - threshold) / error)
