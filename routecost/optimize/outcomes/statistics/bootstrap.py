"""Bootstrap intervals of mean cost and quality, by drawing queries again with replacement (Efron 1979).

Those of qualities also count what the queries have not shown: see :mod:`.bounded`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routecost.optimize.outcomes.data import Floats
from routecost.optimize.outcomes.execute import Result, mean
from routecost.optimize.outcomes.statistics.bounded import ends as ends_of
from routecost.records import dataclass

_AT_ONCE = 4_000_000
"""The greatest number of weights in memory, and of pairs of values."""

_MOST_DRAWN = 5_000
"""Of more queries, as many groups of equal size are drawn, which has the same error to the first order."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of an interval of confidence."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Intervals of a mean cost (currency per query) and a mean quality, or of their differences."""

    cost: Interval
    quality: Interval


def resampled_means(values: Floats, rounds: int = 1000, seed: int = 0) -> Floats:
    """Return the means (rounds x columns) of values (queries x columns) in each round.

    All columns have the same queries in a round, so their means are paired. The same seed and number of
    queries give the same draws. Raises ValueError if there is no query.
    """
    count = len(values)
    if not count:
        raise ValueError("there is no query to draw")
    draw = np.random.default_rng(seed)
    first_row, values = values[0], values - values[0]  # so that the mean of equal values is that value
    if count > _MOST_DRAWN:
        size = -(-count // _MOST_DRAWN)
        starts = np.arange(0, count // size * size, size)
        mean = values.mean(axis=0)
        values = np.add.reduceat(values[draw.permutation(count)][: len(starts) * size], starts) / size
        values += mean - values.mean(axis=0)
        count = len(values)
    means = np.empty((rounds, values.shape[1]))
    at_once = max(1, _AT_ONCE // count)
    for first in range(0, rounds, at_once):
        part = range(first, min(rounds, first + at_once))
        weights = np.array([np.bincount(draw.integers(count, size=count), minlength=count) for _ in part])
        means[part.start : part.stop] = weights.astype(float) @ values / count
    means += first_row
    return means


def interval(
    executions: Sequence[Result], rounds: int = 1000, seed: int = 0, level: float = 0.95
) -> list[Intervals]:
    """Return percentile intervals of the means of each policy, executed on the same queries."""
    pairs = [(run.cost, run.score) for run in executions]
    return _intervals(pairs, rounds, seed, level, (0.0, 1.0))


def differences(
    executions: Sequence[Result],
    reference: Result,
    rounds: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> list[Intervals]:
    """Return percentile intervals of policy minus reference, paired by query.

    That of the reference itself is exactly 0.
    """
    others = [run for run in executions if run is not reference]
    pairs = [(run.cost - reference.cost, run.score - reference.score) for run in others]
    intervals = iter(_intervals(pairs, rounds, seed, level, (-1.0, 1.0)))
    zero = Interval(0.0, 0.0)
    return [Intervals(zero, zero) if run is reference else next(intervals) for run in executions]


def _intervals(
    pairs: Sequence[tuple[Floats, Floats]],
    rounds: int,
    seed: int,
    level: float,
    bounds: tuple[float, float],
) -> list[Intervals]:
    """Return the intervals of pairs of cost and quality, taken in parts that fit in memory."""
    intervals: list[Interval] = []
    at_once = max(1, _AT_ONCE // max(1, len(pairs[0][0]))) if pairs else 1
    for first in range(0, len(pairs), at_once):
        columns = [values for pair in pairs[first : first + at_once] for values in pair]
        means = resampled_means(np.column_stack(columns), rounds, seed)
        ends = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0).T
        intervals += [Interval(float(low), float(high)) for low, high in ends]
    by_policy = zip(pairs, intervals[::2], intervals[1::2], strict=True)
    return [
        Intervals(cost, Interval(*ends_of(scores, mean(scores), (drawn.low, drawn.high), level, bounds)))
        for (_, scores), cost, drawn in by_policy
    ]
