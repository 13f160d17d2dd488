"""Values sorted into narrow bins, in the time of a few passes: what selecting and classing begin with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routecost.engine.uncertainty.path_vectors import Floats

BINS = 4096
_SAMPLED = 1024
_LEFT_OUT = 50
_NARROWEST = 1e-200
"""No more can be divided by, and the outermost values still be a finite number of bins away."""

Numbers: TypeAlias = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Bins:
    """The number of each value's bin, and how many values there are ``upto`` each bin, itself included.

    A greater value is in no lower bin.
    """

    numbers: Numbers
    upto: NDArray[np.intp]

    def holding(self, rank: int) -> int:
        """Return the bin of the value with this rank, from 0."""
        return int(np.searchsorted(self.upto, rank, side="right"))

    def before(self, number: int) -> int:
        """Return how many values are in lower bins."""
        return int(self.upto[number - 1]) if number else 0


def binned(values: Floats) -> Bins:
    """Sort values into bins of equal width over where a sample of them lies; the rest at the ends."""
    sample = np.sort(values[:: max(1, len(values) // _SAMPLED)])
    beyond = len(sample) // _LEFT_OUT
    low, high = float(sample[beyond]), float(sample[-1 - beyond])
    places = values - low
    places *= (BINS - 1) / (high - low) if high - low > _NARROWEST else 0.0
    np.clip(places, 0, BINS - 1, out=places)
    numbers = places.astype(np.int32)
    return Bins(numbers, np.cumsum(np.bincount(numbers, minlength=BINS)))
