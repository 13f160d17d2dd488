"""Spacing of labels along an edge, close to their preferred positions."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def spaced(wanted: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Return centres of labels without overlap, close to their preferred centres.

    The sum of squared moves is the least there is. Labels keep the order of what they want, and
    stay between ``low`` and ``high`` if they fit there.
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    tops = list(accumulate(heights[at] for at in order))
    # Less the room of the labels below, places that do not overlap are places that do not fall.
    offsets = [top - heights[at] / 2 for top, at in zip(tops, order, strict=True)]
    free = _rising([wanted[at] - offset for at, offset in zip(order, offsets, strict=True)])
    highest = high - (tops[-1] if tops else 0)
    centres = {
        at: max(low, min(place, highest)) + offset
        for at, place, offset in zip(order, free, offsets, strict=True)
    }
    return [centres[at] for at in range(len(wanted))]


def _rising(values: Sequence[float]) -> list[float]:
    """Return the nearest nondecreasing values, pooling violators at their mean."""
    pools: list[list[float]] = []
    for value in values:
        pools.append([value])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    return [_mean(pool) for pool in pools for _ in pool]


def _mean(pool: Sequence[float]) -> float:
    return sum(pool) / len(pool)
