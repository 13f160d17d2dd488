"""Folds of queries for cross-validation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Indexes = NDArray[np.intp]


def folds(
    count: int, number: int, seed: int = 0, most: int | None = None
) -> Iterator[tuple[Indexes, Indexes]]:
    """Yield, for each of ``number`` folds, the queries to fit to and those to test on, by their indexes.

    The seed decides the fold of each query; with ``most``, it draws so many of the queries first. Folds
    without a query to fit to or to test on are left out.
    """
    order = np.random.default_rng(seed).permutation(count)[:most]
    for fold in range(number):
        inside, outside = np.sort(order[np.arange(len(order)) % number != fold]), np.sort(order[fold::number])
        if len(inside) and len(outside):
            yield inside, outside
