"""Quantiles of simulated costs, with standard errors."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np

from routecost.engine.uncertainty.binning import Bins, binned
from routecost.engine.uncertainty.linear_combination import LinearCombination, Shape
from routecost.engine.uncertainty.path_vectors import Floats, PathVectors

SHARES = (0.1, 0.5, 0.9)
Triple = tuple[float, float, float]


def quantiles(values: Floats) -> Triple:
    """Return the values that 10%, 50% and 90% of all values do not exceed.

    The inverse of their empirical distribution (Hyndman and Fan 1996, definition 1): each is the value
    of one run.
    """
    bins = binned(values)
    low, middle, high = (_ranked(values, bins, _rank(share, len(values))) for share in SHARES)
    return low, middle, high


def _ranked(values: Floats, bins: Bins, rank: int) -> float:
    """Return the value with a rank (from 0): exactly, because its bin holds all values near it."""
    number = bins.holding(rank)
    alike = values[np.flatnonzero(bins.numbers == number)]
    within = rank - bins.before(number)
    return float(np.partition(alike, within)[within])


def errors(values: Floats) -> Triple:
    """Return the standard errors of :func:`quantiles`.

    The rank of a true quantile among ``n`` draws is binomial, so that half the distance between
    the values one standard deviation, sqrt(n p (1 - p)), on either side of its mean is one
    standard error (David and Nagaraja 2003, chapter 7).
    """
    count, bins = len(values), binned(values)
    halves = []
    for share in SHARES:
        rank, spread = _rank(share, count), ceil(sqrt(count * share * (1 - share)))
        low, high = max(0, rank - spread), min(count - 1, rank + spread)
        halves.append((_ranked(values, bins, high) - _ranked(values, bins, low)) / 2)
    return halves[0], halves[1], halves[2]


def _rank(share: float, count: int) -> int:
    return max(0, ceil(share * count - 1e-9) - 1)


class QuantileCache:
    """Quantiles of numbers, computed once for all that differ by a factor and a constant."""

    def __init__(self, space: PathVectors) -> None:
        self._space = space
        self._known: dict[Shape, Triple] = {(): (0.0, 0.0, 0.0)}

    def of(self, number: LinearCombination) -> Triple:
        """Return the quantiles of a number."""
        shape, scale = number.shape, number.scale
        if shape not in self._known:
            self._known[shape] = quantiles(
                self._space.values(LinearCombination(0.0, number.terms).times(1 / scale))
            )
        low, middle, high = (scale * value + number.constant for value in self._known[shape])
        return low, middle, high
