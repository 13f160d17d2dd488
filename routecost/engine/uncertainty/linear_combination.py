"""Linear combinations of path vectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from routecost.records import dataclass

Shape: TypeAlias = tuple[tuple[int, float], ...]

_SHAPE_DIGITS = 13


@dataclass(frozen=True, slots=True)
class LinearCombination:
    """``constant`` plus multiples of vectors, given by their indexes in a space."""

    constant: float = 0.0
    terms: Mapping[int, float] = field(default_factory=dict)

    @property
    def scale(self) -> float:
        """The size of the first vector's factor; 1 where there is none."""
        return abs(next(iter(self.terms.values()), 1.0))

    @property
    def shape(self) -> Shape:
        """The common key of combinations that differ by a positive factor and a constant alone."""
        scale = self.scale
        return tuple((at, rounded(factor / scale)) for at, factor in self.terms.items())

    def times(self, factor: float) -> LinearCombination:
        """Return the combination times a factor."""
        terms = {at: one * factor for at, one in self.terms.items()} if factor else {}
        return LinearCombination(self.constant * factor, terms)

    def plus(self, other: LinearCombination) -> LinearCombination:
        """Return the sum of two combinations."""
        terms = dict(self.terms)
        for at, factor in other.terms.items():
            total = terms.get(at, 0.0) + factor
            if total:
                terms[at] = total
            else:
                terms.pop(at, None)
        return LinearCombination(self.constant + other.constant, dict(sorted(terms.items())))


def rounded(number: float) -> float:
    """Return a number rounded as shapes compare it."""
    return float(f"{number:.{_SHAPE_DIGITS}g}")
