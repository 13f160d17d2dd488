"""Pareto frontier of choices by cost and quality."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BINS = 4_096
"""The number of cost ranges into which the choices are sorted at first."""

_AT_ONCE = 65_536


def undominated(costs: Sequence[Decimal], qualities: Sequence[Decimal]) -> list[bool]:
    """Return whether each choice is on the frontier; for a few choices, exactly.

    A choice is dominated by one that costs no more and is no worse, and is not equal in both.
    """
    choices = list(zip(costs, qualities, strict=True))
    return [not any(_beats(other, choice) for other in choices) for choice in choices]


def _beats(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> bool:
    return one[0] <= other[0] and one[1] >= other[1] and one != other


def frontier(cost: npt.NDArray[np.float64], quality: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return a mask of the undominated choices, as :func:`undominated` does, in O(n log n).

    Only choices better than the best of all cheaper cost ranges are sorted: a few thousand out of
    millions. Raises ValueError for values that are not finite, and for lengths that differ.
    """
    import numpy as np

    if cost.shape != quality.shape or cost.ndim != 1:
        raise ValueError(f"costs {cost.shape} and qualities {quality.shape} differ in shape")
    on_it = np.zeros(len(cost), np.bool_)
    if not len(cost):
        return on_it
    if not (np.isfinite([cost.min(), cost.max(), quality.min(), quality.max()]).all()):
        raise ValueError("costs and qualities must be finite")
    left = _promising(cost, quality)
    order = left[np.lexsort((-quality[left], cost[left]))]
    on_it[order[_rising(cost[order], quality[order])]] = True
    return on_it


def _promising(cost: npt.NDArray[np.float64], quality: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return the indexes of choices better than everything in cheaper cost ranges."""
    import numpy as np

    low, high = float(cost.min()), float(cost.max())
    scale = (BINS - 1) / (high - low) if high > low else 0.0
    if not np.isfinite([high - low, scale]).all():
        return np.arange(len(cost))  # too wide or too narrow for bins
    blocks = [slice(start, start + _AT_ONCE) for start in range(0, len(cost), _AT_ONCE)]
    # With any rounding, a higher cost never gets a lower bin, which is sufficient.
    bins = np.empty(len(cost), np.intp)
    best = np.full(BINS, -np.inf)
    for block in blocks:
        bins[block] = (cost[block] - low) * scale
        better = quality[block] > best[bins[block]]
        np.maximum.at(best, bins[block][better], quality[block][better])
    before = np.concatenate(([-np.inf], np.maximum.accumulate(best)[:-1]))
    kept = [np.flatnonzero(quality[block] > before[bins[block]]) + block.start for block in blocks]
    return np.concatenate(kept)


def _rising(cost: npt.NDArray[np.float64], quality: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return, of choices by rising cost, then falling quality, those better than all before, and equals."""
    import numpy as np

    before = np.concatenate(([-np.inf], np.maximum.accumulate(quality)[:-1]))
    is_better = quality > before
    # Equals are adjacent, so each gets the result of the first of them.
    is_same = np.concatenate(([False], (cost[1:] == cost[:-1]) & (quality[1:] == quality[:-1])))
    firsts = np.maximum.accumulate(np.where(is_same, 0, np.arange(len(cost))))
    better: npt.NDArray[np.bool_] = is_better[firsts]
    return better
