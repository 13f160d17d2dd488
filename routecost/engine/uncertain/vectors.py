"""Sums of vectors with a value per path, kept as sums, so that none is worked out twice.

What strategies cost in months are often multiples of few vectors: months differ by growth, and tiers
whose rates stand in the same proportion differ by a factor. A quantile of ``a + b x`` with b > 0 is
``a + b`` times that of x, so that one selection serves them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from routecost.engine.uncertain.numbers import Floats
from routecost.engine.uncertain.twin import Number

ALIKE = 1e-12
"""Vectors whose values all stand in the same proportion, within this relative error, are multiples."""

_KEY_DIGITS = 12
_LOOKED_AT = 16

Shape = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """``constant`` plus multiples of vectors, given by their numbers."""

    constant: float = 0.0
    parts: Mapping[int, float] = field(default_factory=dict)

    def times(self, factor: float) -> Sum:
        """Return the sum times a factor."""
        parts = {at: part * factor for at, part in self.parts.items()} if factor else {}
        return Sum(self.constant * factor, parts)

    def __add__(self, other: Sum) -> Sum:
        parts = dict(self.parts)
        for number, factor in other.parts.items():
            parts[number] = parts.get(number, 0.0) + factor
        return Sum(self.constant + other.constant, parts)

    @property
    def scale(self) -> float:
        """The factor of the first vector; 1 where there is none."""
        return next(iter(self.parts.values()), 1.0)

    @property
    def shape(self) -> Shape:
        """What sums have in common that are alike but for a constant and a factor."""
        return tuple((number, _rounded(factor / self.scale)) for number, factor in self.parts.items())


def _rounded(number: float) -> float:
    return float(f"{number:.{_KEY_DIGITS}g}")


class Vectors:
    """The vectors of a projection, each kept once: multiples of one are not kept again."""

    def __init__(self) -> None:
        self._kept: list[Floats] = []
        self._products: dict[tuple[int, int], Sum] = {}

    def product(self, left: Sum, right: Sum) -> Sum:
        """Return the product of two numbers, each a constant or a multiple of a vector."""
        if left.parts and right.parts:
            return self._product(left, right)
        return left.times(right.constant) if left.parts else right.times(left.constant)

    def _product(self, left: Sum, right: Sum) -> Sum:
        (at, a), (to, b) = *left.parts.items(), *right.parts.items()
        if (at, to) not in self._products:
            self._products[at, to] = self.keep(self._kept[at] * self._kept[to])
        return self._products[at, to].times(a * b)

    def sum_of(self, number: Number) -> Sum:
        """Return a number as a sum: a constant, or a multiple of a kept vector."""
        if isinstance(number, Decimal):
            return Sum(float(number))
        return self.keep(number.values)

    def keep(self, values: Floats) -> Sum:
        """Return values as a multiple of a kept vector, or keep them."""
        if (values == values[0]).all():
            return Sum(float(values[0]))
        for at, kept in enumerate(self._kept):
            factor = _factor(values, kept)
            if factor is not None:
                return Sum(0.0, {at: factor})
        self._kept.append(values)
        return Sum(0.0, {len(self._kept) - 1: 1.0})

    def values(self, sum_: Sum, runs: int) -> Floats:
        """Return the values of a sum on all paths."""
        total = np.full(runs, sum_.constant)
        for at, factor in sum_.parts.items():
            total += factor * self._kept[at]
        return total


def _factor(values: Floats, kept: Floats) -> float | None:
    """Return the positive number that makes values of the kept ones; None if there is none."""
    if not kept[0] or not values[0]:
        return None
    factor = float(values[0] / kept[0])
    is_multiple = factor > 0 and all(
        (np.abs(values[some] - factor * kept[some]) <= ALIKE * np.abs(values[some])).all()
        for some in (slice(_LOOKED_AT), slice(None))
    )
    return factor if is_multiple else None
