"""Quantiles of simulated costs, with standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

from routecost.engine.uncertainty.linear_combination import LinearCombination, Shape
from routecost.engine.uncertainty.path_vectors import Floats, PathVectors

SHARES = (0.1, 0.5, 0.9)
Triple = tuple[float, float, float]


def quantiles(values: Floats) -> Triple:
    """Return the values that 10%, 50% and 90% of all values do not exceed.

    The inverse of their empirical distribution (Hyndman and Fan 1996, definition 1): each is the value
    of one run.
    """
    low, middle, high = _ranked(values, [_rank(share, len(values)) for share in SHARES])
    return low, middle, high


def _ranked(values: Floats, ranks: Sequence[int]) -> list[float]:
    """Return the values with these ranks (from 0)."""
    parted = values.copy()
    _part(parted, sorted({*ranks}))
    return [float(parted[rank]) for rank in ranks]


def _part(values: Floats, ranks: Sequence[int]) -> None:
    """Put the values with these ranks, in rising order, in their places.

    One rank at a time: with many, ``partition`` does not use the vector instructions (AVX2) that make it
    several times faster.
    """
    if ranks:
        middle = len(ranks) // 2
        rank = ranks[middle]
        values.partition(rank)
        _part(values[:rank], ranks[:middle])
        _part(values[rank + 1 :], [other - rank - 1 for other in ranks[middle + 1 :]])


def errors(values: Floats) -> Triple:
    """Return the standard errors of :func:`quantiles`.

    The rank of a true quantile among ``n`` draws is binomial, so that half the distance between
    the values one standard deviation, sqrt(n p (1 - p)), on either side of its mean is one
    standard error (David and Nagaraja 2003, chapter 7).
    """
    count, ranks = len(values), []
    for share in SHARES:
        rank, spread = _rank(share, count), ceil(sqrt(count * share * (1 - share)))
        ranks += [max(0, rank - spread), min(count - 1, rank + spread)]
    ranked = _ranked(values, ranks)
    low, middle, high = (
        (after - before) / 2 for before, after in zip(ranked[::2], ranked[1::2], strict=True)
    )
    return low, middle, high


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
