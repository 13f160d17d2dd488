"""Columns that are made piece by piece, so that millions of rows need little memory."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from routecost.units import exact

ROUNDING = 1e-12
"""How far off, relatively, a sum of floats may be."""


@dataclass(frozen=True, slots=True)
class Shares:
    """``(first + step * steps) / scale`` for each number of steps: fractions to the last digit."""

    steps: npt.NDArray[np.unsignedinteger]
    first: int
    step: int
    scale: int

    @classmethod
    @exact
    def of(cls, steps: npt.NDArray[np.unsignedinteger], base: Decimal, step: Decimal) -> Shares:
        """Return the shares ``base + step * steps``."""
        places = max(0, *(-int(value.as_tuple().exponent) for value in (base, step)))
        return cls(steps, int(base.scaleb(places)), int(step.scaleb(places)), 10**places)

    def __getitem__(self, part: slice) -> npt.NDArray[np.float64]:
        """Return a piece as float64."""
        return (self.steps[part].astype(np.float64) * float(self.step) + float(self.first)) / float(
            self.scale
        )


@dataclass(frozen=True, slots=True)
class Line:
    """``factor * values + offset``; a difference within the rounding of its terms is none."""

    values: npt.NDArray[np.float64]
    factor: float
    offset: float = 0.0

    def __getitem__(self, part: slice) -> npt.NDArray[np.float64]:
        """Return a piece as float64."""
        made = self.values[part] * self.factor + self.offset
        made[np.abs(made) < ROUNDING * abs(self.offset)] = 0.0
        return made


@dataclass(frozen=True, slots=True)
class Same:
    """One value, ``count`` times; None is not known."""

    value: float | None
    count: int

    def __getitem__(self, part: slice) -> npt.NDArray[np.generic]:
        """Return a piece as float64, or as objects where the value is None."""
        return np.full(len(range(*part.indices(self.count))), self.value)
