"""Tests whether one rate is higher than another, corrected for multiple comparisons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from math import sqrt
from statistics import NormalDist

from routecost.engine.numeric.proportions import Sample

_NORMAL = NormalDist()
_MOST_VARIANCE = 10_000
_NEGLIGIBLE = 1e-17
_OVERWHELMING = 1e30


def p_greater(first: Sample, second: Sample) -> float:
    """Return the one-sided p-value against ``first.rate <= second.rate``: Fisher's exact test (1935).

    The score test is far too sensitive if few of the trials fail, as they should: for 1 of 5 against 2
    of 180 its p is 0.0005, Fisher's is 0.08. If the counts vary by hundreds, a normal distribution is
    as accurate, and faster. Below 1e-30 it is 0.
    """
    trials, successes = first.trials + second.trials, first.successes + second.successes
    rate, share = successes / trials, first.trials / trials
    variance = successes * (1 - rate) * share * (1 - share) * (trials / max(1, trials - 1))
    if variance > _MOST_VARIANCE:
        return 1 - _NORMAL.cdf((first.successes - 0.5 - successes * share) / sqrt(variance))
    as_many = 1 + sum(_weights(first, second, 1))
    fewer = sum(_weights(first, second, -1))
    return as_many / (as_many + fewer)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number (Holm 1979), in the given order."""
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def _weights(first: Sample, second: Sample, step: int) -> Iterator[float]:
    """Yield the probabilities of ever more (or ever fewer) successes in the first sample, with this total.

    They are relative to that of the observed successes, and end when they are negligible.
    """
    a, b, c, d = first.successes, first.failures.successes, second.successes, second.failures.successes
    if step < 0:
        a, b, c, d = b, a, d, c  # fewer successes are more failures
    weight = 1.0
    for more in count():
        weight *= ((b - more) * (c - more)) / ((a + more + 1) * (d + more + 1))
        if weight < _NEGLIGIBLE:
            return
        yield weight
        if weight > _OVERWHELMING:
            return
