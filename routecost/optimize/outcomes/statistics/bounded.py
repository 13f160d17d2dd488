"""Intervals of means of bounded scores, which are never without width because the sample is.

A sample in which all scores are alike says nothing of its own error. Scores of 0 and 1 have Wilson's interval
(1927). For others, a share of at most 1 - (alpha / 2)^(1 / n) of all queries is outside of the range of n
scores (Clopper and Pearson 1934; the "rule of three" of Hanley and Lippman-Hand, JAMA 249, 1983). What these
can move the mean by is added to the error of the sample as a second, independent part: the root of the sum
of squares (MOVER: Zou and Donner, Statistics in Medicine 27, 2008).
"""

from __future__ import annotations

from math import hypot

import numpy as np
from numpy.typing import NDArray

from routecost.engine.numeric.proportions import wilson_at

_Floats = NDArray[np.float64]


def unseen(count: int, level: float = 0.95) -> float:
    """Return the greatest share of all queries that may be unlike each of ``count`` queries."""
    return float(1 - ((1 - level) / 2) ** (1 / count))


def ends(
    values: _Floats,
    mean: float,
    sampled: tuple[float, float],
    level: float = 0.95,
    bounds: tuple[float, float] = (0.0, 1.0),
) -> tuple[float, float]:
    """Return the interval of the mean of values within ``bounds``; ``sampled`` is that by their variance."""
    least, most = float(values.min()), float(values.max())
    if bounds == (0.0, 1.0) and ((values == 0) | (values == 1)).all():
        around = wilson_at(mean, len(values), level)
        return around.low, around.high
    share = unseen(len(values), level)
    low = mean - hypot(mean - sampled[0], share * max(0.0, least - bounds[0]))
    high = mean + hypot(sampled[1] - mean, share * max(0.0, bounds[1] - most))
    return max(low, min(least, bounds[0])), min(high, max(most, bounds[1]))
