"""Which input the variance comes from: first-order Sobol shares, from the paths that were drawn anyway."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routecost.engine.uncertain.numbers import Floats

Numbers: TypeAlias = NDArray[np.intp]

MOST_BINS = 32
PATHS_PER_BIN = 200


def first_order(inputs: Floats, outputs: Floats) -> float:
    """Return the share of the variance of outputs that one input explains: Var(E[Y | X]) / Var(Y).

    Sobol 1993 defines it; that it can be had from the given paths, by cutting them into classes of
    equal size along the input, is from Plischke, Borgonovo and Smith 2013 (EJOR 226, section 3).
    Within each class the mean is a straight line in place of their constant, so that a linear
    effect is met exactly; and what the lines explain by chance is taken off (adjusted R squared).
    """
    total = float(np.var(outputs))
    if not total or inputs.min() == inputs.max():
        return 0.0
    count = len(inputs)
    bins = max(1, min(MOST_BINS, count // PATHS_PER_BIN))
    numbers = _classes(inputs, bins)
    left = _left(numbers, bins, inputs - inputs.mean(), outputs - outputs.mean()) / count
    freedom = count - 2 * bins
    return 0.0 if freedom <= 0 else min(1.0, max(0.0, 1 - left / freedom * (count - 1) / total))


def _classes(inputs: Floats, bins: int) -> Numbers:
    """Return the number of each value's class: as many values in each, but for equal ones."""
    ranks = [len(inputs) * at // bins for at in range(1, bins)]
    edges = np.partition(inputs, ranks)[ranks] if ranks else np.empty(0)
    return np.searchsorted(edges, inputs, side="right")


def _left(numbers: Numbers, bins: int, x: Floats, y: Floats) -> float:
    """Return the sum of squares around a line of least squares in each class."""

    def sums(weights: Floats) -> Floats:
        return np.bincount(numbers, weights, bins).astype(np.float64)

    counts = np.maximum(np.bincount(numbers, minlength=bins), 1)
    sum_x, sum_y = sums(x), sums(y)
    xx, xy = sums(x * x) - sum_x**2 / counts, sums(x * y) - sum_x * sum_y / counts
    yy = sums(y * y) - sum_y**2 / counts
    slopes = np.divide(xy, xx, out=np.zeros(bins), where=xx > 1e-12 * max(float(xx.max()), 1e-300))
    return float((yy - slopes * xy).sum())


def shares(columns: list[Floats], outputs: Floats) -> list[float]:
    """Return the first-order share of each column; where chance lifts their sum above 1, they share 1."""
    found = [first_order(column, outputs) for column in columns]
    total = sum(found)
    return [share / total for share in found] if total > 1 else found
