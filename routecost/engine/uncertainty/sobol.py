"""Shares of variance by input: first-order Sobol indices, from the paths of the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routecost.engine.uncertainty.binning import binned
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.records import dataclass

MOST_CLASSES = 32
PATHS_PER_CLASS = 200

_FLAT = 1e-12

Numbers: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Classes:
    """An input cut into ``count`` classes of about equal size; ``numbers`` has the class of each value.

    ``values`` are the input less its mean, ``sizes``, ``sums`` and ``squares`` those of the classes;
    squares are around the class's mean.
    """

    values: Floats
    count: int
    numbers: Numbers
    sizes: Floats
    sums: Floats
    squares: Floats

    @classmethod
    def of(cls, inputs: Floats) -> Classes:
        """Return the classes of an input."""
        count = max(1, min(MOST_CLASSES, len(inputs) // PATHS_PER_CLASS))
        bins = binned(inputs)
        class_of = np.minimum((bins.upto - 1) * count // len(inputs), count - 1)
        numbers = class_of[bins.numbers] if count > 1 else np.zeros(len(inputs), dtype=np.intp)
        values = inputs - inputs.mean()
        sizes = np.maximum(_summed(numbers, None, count), 1)
        sums = _summed(numbers, values, count)
        return cls(values, count, numbers, sizes, sums, _summed(numbers, values**2, count) - sums**2 / sizes)

    def explained(self, outputs: Floats) -> float:
        """Return the share of the variance of outputs, whose mean is 0, that the input explains."""
        total = float(np.square(outputs).sum())  # not "@", whose threads cost more than they save
        freedom = len(outputs) - 2 * self.count
        if not total or freedom <= 0 or not self.squares.any():
            return 0.0
        sums = _summed(self.numbers, outputs, self.count)
        products = _summed(self.numbers, self.values * outputs, self.count) - self.sums * sums / self.sizes
        is_wide = self.squares > _FLAT * self.squares.max()
        lines = np.divide(products**2, self.squares, out=np.zeros(self.count), where=is_wide)
        left = total - float((sums**2 / self.sizes).sum() + lines.sum())
        return min(1.0, max(0.0, 1 - left / freedom * (len(outputs) - 1) / total))


def _summed(numbers: Numbers, weights: Floats | None, count: int) -> Floats:
    return np.bincount(numbers, weights, count).astype(np.float64)


def shares(inputs: Mapping[str, Classes], outputs: Floats) -> dict[str, float]:
    """Return the share of the variance of outputs that each input explains by itself.

    The share is Var(E[Y | X]) / Var(Y), of the first order (Sobol 1993). It is estimated from the
    given paths by cutting them into classes along the input (Plischke, Borgonovo and Smith 2013, EJOR
    226, 536-550). Within each class a straight line replaces their constant, so that a linear effect is
    exact; the part that lines explain by chance is subtracted (adjusted R squared). If the sum of all
    shares is still above 1 by chance, they are scaled to 1.
    """
    centred = outputs - outputs.mean()
    explained = {name: classes.explained(centred) for name, classes in inputs.items()}
    total = sum(explained.values())
    return {name: share / total for name, share in explained.items()} if total > 1 else explained
