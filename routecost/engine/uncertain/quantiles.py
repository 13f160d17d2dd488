"""Quantiles of what paths cost."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np

from routecost.engine.uncertain.bins import Bins, binned
from routecost.engine.uncertain.numbers import Floats
from routecost.engine.uncertain.vectors import Shape, Sum

SHARES = (0.1, 0.5, 0.9)
Triple = tuple[float, float, float]


def quantiles(values: Floats) -> Triple:
    """Return the values that 10%, 50% and 90% of all values do not exceed.

    The inverse of their empirical distribution (Hyndman and Fan 1996, definition 1): each is the
    value of one path.
    """
    bins = binned(values)
    low, middle, high = (_ranked(values, bins, _rank(share, len(values))) for share in SHARES)
    return low, middle, high


def _ranked(values: Floats, bins: Bins, rank: int) -> float:
    """Return the value with a rank, from 0: exactly, for its bin holds all that are near it."""
    number = bins.holding(rank)
    alike = values[np.flatnonzero(bins.numbers == number)]
    within = rank - bins.before(number)
    return float(np.partition(alike, within)[within])


def errors(values: Floats) -> Triple:
    """Return the standard errors of :func:`quantiles`.

    The rank of a true quantile among ``n`` draws is binomial, so that half the distance between
    the values one standard deviation, sqrt(n p (1 - p)), on either side of its mean is one
    standard error (David and Nagaraja 2003, section 7.1).
    """
    count, bins = len(values), binned(values)
    made = []
    for share in SHARES:
        rank, spread = _rank(share, count), ceil(sqrt(count * share * (1 - share)))
        low, high = max(0, rank - spread), min(count - 1, rank + spread)
        made.append((_ranked(values, bins, high) - _ranked(values, bins, low)) / 2)
    return made[0], made[1], made[2]


def _rank(share: float, count: int) -> int:
    return max(0, ceil(share * count - 1e-9) - 1)


class Selections:
    """Quantiles of sums, each selected once for all sums of the same shape."""

    def __init__(self) -> None:
        self._known: dict[Shape, Triple] = {}

    def known(self, total: Sum) -> Triple | None:
        """Return the quantiles of a sum, if they follow from what was selected before."""
        if not total.parts:
            return (total.constant,) * 3
        found = self._known.get(total.shape)
        return None if found is None else _moved(found, total.scale, total.constant)

    def select(self, total: Sum, values: Floats) -> Triple:
        """Return the quantiles of a sum, whose values are given."""
        found = quantiles(values)
        self._known[total.shape] = _moved(found, 1 / total.scale, -total.constant / total.scale)
        return found


def _moved(triple: Triple, factor: float, constant: float) -> Triple:
    low, middle, high = (factor * value + constant for value in triple)
    return low, middle, high
