"""Columns computed chunk by chunk, so that millions of rows need little memory."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt

from routecost.records import dataclass
from routecost.units import exact

ROUNDING = 1e-12
"""The relative rounding error of a sum of floats."""


@dataclass(frozen=True, slots=True)
class Shares:
    """``(first + step * steps) / scale`` for each number of steps: fractions correct to the last digit."""

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
        """Return a slice as float64."""
        return (self.steps[part].astype(np.float64) * float(self.step) + float(self.first)) / float(
            self.scale
        )


@dataclass(frozen=True, slots=True)
class Line:
    """``factor * values + offset``; a difference within the rounding of its terms is 0."""

    values: npt.NDArray[np.float64]
    factor: float
    offset: float = 0.0

    def __getitem__(self, part: slice) -> npt.NDArray[np.float64]:
        """Return a slice as float64."""
        values = self.values[part] * self.factor + self.offset
        values[np.abs(values) < ROUNDING * abs(self.offset)] = 0.0
        return values


@dataclass(frozen=True, slots=True)
class PerSuccess:
    """Cost per task that succeeds, of ``tasks`` tasks; None if none does."""

    costs: npt.NDArray[np.float64]
    quality: npt.NDArray[np.float64]
    tasks: float

    def __getitem__(self, part: slice) -> npt.NDArray[np.generic]:
        """Return a slice as float64, or as objects if a value is None."""
        cost, succeeded = self.costs[part], self.quality[part] * self.tasks
        if (succeeded > 0).all():
            return cost / succeeded
        pairs = zip(cost.tolist(), succeeded.tolist(), strict=True)
        return np.array([one / other if other > 0 else None for one, other in pairs], np.object_)


@dataclass(frozen=True, slots=True)
class Same:
    """One value, ``count`` times; None is unknown."""

    value: float | None
    count: int

    def __getitem__(self, part: slice) -> npt.NDArray[np.generic]:
        """Return a slice as float64, or as objects if the value is None."""
        return np.full(len(range(*part.indices(self.count))), self.value)
