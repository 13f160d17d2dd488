"""Success rates and what a sample says of them: intervals, tests, and how many trials are enough.

Counts are whole numbers, shares floats: an estimate has no cents to lose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, sqrt
from statistics import NormalDist

_NORMAL = NormalDist()
_NOTHING = 1e-12  # 0.80 - 0.85 + 0.05 is not quite 0


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
    z, n, p = quantile((1 + confidence) / 2), sample.trials, sample.rate
    centre = p + z * z / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends the bound is exact, and must not miss it by a rounding error.
    low = 0.0 if not sample.successes else (centre - spread) / scale
    high = 1.0 if sample.successes == n else (centre + spread) / scale
    return Interval(low, high)


def newcombe(first: Sample, second: Sample, confidence: float) -> Interval:
    """Return the hybrid-score interval of ``first.rate - second.rate`` (Newcombe 1998, method 10)."""
    one, two = wilson(first, confidence), wilson(second, confidence)
    difference = first.rate - second.rate
    below = sqrt((first.rate - one.low) ** 2 + (two.high - second.rate) ** 2)
    above = sqrt((one.high - first.rate) ** 2 + (second.rate - two.low) ** 2)
    return Interval(difference - below, difference + above)


def p_greater(first: Sample, second: Sample) -> float:
    """Return the one-sided p-value against ``first.rate <= second.rate`` (pooled score test)."""
    pooled = (first.successes + second.successes) / (first.trials + second.trials)
    error = sqrt(pooled * (1 - pooled) * (1 / first.trials + 1 / second.trials))
    return 1.0 if not error else _NORMAL.cdf((second.rate - first.rate) / error)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number (Holm 1979), each in its place."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def is_non_inferior(new: Sample, reference: Sample, margin: float, confidence: float) -> bool:
    """Whether ``new`` is shown to be at most ``margin`` below ``reference``.

    The lower end of Newcombe's interval decides. No significant difference would not do: small
    samples never show one.
    """
    return newcombe(new, reference, confidence).low > -margin


def trials_for_non_inferiority(
    new_rate: float, reference_rate: float, margin: float, confidence: float, power: float
) -> int | None:
    """Return the trials that each of two samples needs to show non-inferiority, if rates are these.

    ``confidence`` is that of the two-sided interval. None if the new rate is lower by the margin
    or more: no number of trials will show what is not so.
    """
    slack = new_rate - reference_rate + margin
    if slack < _NOTHING:
        return None
    z = quantile((1 + confidence) / 2) + quantile(power)
    variance = new_rate * (1 - new_rate) + reference_rate * (1 - reference_rate)
    return max(1, ceil(z * z * variance / slack**2))


def chance_above(threshold: float, first: Sample, second: Sample) -> float:
    """Return how likely ``first.rate - second.rate`` is above a threshold.

    Rates are taken as normal around their Agresti-Caffo estimates (one success and one failure
    added to each), so that a sample without failures is not taken as certain.
    """
    one, two = (Sample(sample.successes + 1, sample.trials + 2) for sample in (first, second))
    error = sqrt(one.variance + two.variance)
    return _NORMAL.cdf((one.rate - two.rate - threshold) / error)
