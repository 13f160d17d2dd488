"""Reliability: whether answers said to be right with probability p are right in a share p of cases."""

from __future__ import annotations

import numpy as np

from routecost.optimize.outcomes.data import Floats
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Bin:
    """Queries with similar probabilities, ``low`` to ``high``: means of what was said and of what came."""

    low: float
    high: float
    count: int
    probability: float
    score: float


def reliability(probability: Floats, score: Floats, bins: int = 10) -> tuple[Bin, ...]:
    """Return the reliability table of probabilities and scores (queries), in bins of about equal counts.

    Queries with equal probability are in one bin, so that there may be fewer bins; the order of the queries
    changes nothing. Raises ValueError for an unknown probability and if there is no query.
    """
    if not len(probability) or np.isnan(probability).any():
        raise ValueError("a reliability table requires the probability of every query")
    values, place, counts = np.unique(probability, return_inverse=True, return_counts=True)
    middle = counts.cumsum() - (counts + 1) / 2  # the mean rank of each value
    edges = np.floor(middle * bins / len(probability)).astype(int)
    by_bin = np.argsort(edges[place], kind="stable")
    chance, right = probability[by_bin], score[by_bin]
    starts = np.flatnonzero(np.diff(edges, prepend=-1))  # the first value of each bin
    rows = [0, *counts.cumsum()[[*starts[1:] - 1, -1]].tolist()]
    lows, highs = values[starts].tolist(), values[[*starts[1:] - 1, -1]].tolist()
    return tuple(
        Bin(low, high, end - start, _mean(chance[start:end]), _mean(right[start:end]))
        for low, high, start, end in zip(lows, highs, rows, rows[1:], strict=False)
    )


def _mean(numbers: Floats) -> float:
    """Return the mean, as ``numbers.mean()`` does in three times the time."""
    return float(np.add.reduce(numbers)) / len(numbers)


def calibration_error(table: tuple[Bin, ...]) -> float:
    """Return the expected calibration error: the mean of |probability - score| of bins, weighted by count.

    Naeini, Cooper and Hauskrecht, Obtaining Well Calibrated Probabilities Using Bayesian Binning, 2015.
    """
    total = sum(row.count for row in table)
    return sum(row.count * abs(row.probability - row.score) for row in table) / total
