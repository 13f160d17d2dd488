"""Vectors with a value for every path, and sums of multiples of them.

What strategies cost are often sums of few products (tasks x input tokens, tasks x output tokens)
in some proportion. Kept as such sums, numbers are scaled and added without touching a path; a
product is worked out once for all who need it; and what differs by a factor is seen to do so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = tuple[tuple[int, float], ...]

MOST_TERMS = 4
"""A sum of more terms is worked out, and is one vector from then on."""

_SHAPE_DIGITS = 13


@dataclass(frozen=True, slots=True)
class Sum:
    """``constant`` plus multiples of vectors, given by their numbers in a space."""

    constant: float = 0.0
    terms: Mapping[int, float] = field(default_factory=dict)

    @property
    def scale(self) -> float:
        """The size of the first vector's factor; 1 where there is none."""
        return abs(next(iter(self.terms.values()), 1.0))

    @property
    def shape(self) -> Shape:
        """What sums have in common that differ by a positive factor and a constant alone."""
        scale = self.scale
        return tuple((at, float(f"{factor / scale:.{_SHAPE_DIGITS}g}")) for at, factor in self.terms.items())

    def times(self, factor: float) -> Sum:
        """Return the sum times a factor."""
        terms = {at: one * factor for at, one in self.terms.items()} if factor else {}
        return Sum(self.constant * factor, terms)

    def plus(self, other: Sum) -> Sum:
        """Return the sum of two sums."""
        terms = dict(self.terms)
        for at, factor in other.terms.items():
            total = terms.get(at, 0.0) + factor
            if total:
                terms[at] = total
            else:
                terms.pop(at, None)
        return Sum(self.constant + other.constant, dict(sorted(terms.items())))


class Space:
    """The vectors over so many paths."""

    def __init__(self, paths: int) -> None:
        self.paths = paths
        self._vectors: list[Floats] = []
        self._products: dict[tuple[int, int], int] = {}
        self._worked_out: dict[Shape, int] = {}

    def vector(self, values: Floats) -> Sum:
        """Take in a vector; one whose values are all alike is a constant."""
        if (values == values[0]).all():
            return Sum(float(values[0]))
        self._vectors.append(values)
        return Sum(0.0, {len(self._vectors) - 1: 1.0})

    def values(self, number: Sum) -> Floats:
        """Return the value on every path, not to be changed."""
        if not number.constant and list(number.terms.values()) == [1.0]:
            return self._vectors[next(iter(number.terms))]
        total: Floats | None = None
        for at, factor in number.terms.items():
            term = self._vectors[at] * factor
            total = term if total is None else np.add(total, term, out=total)
        if total is None:
            return np.full(self.paths, number.constant)
        return np.add(total, number.constant, out=total) if number.constant else total

    def added(self, left: Sum, right: Sum) -> Sum:
        """Return the sum of two numbers."""
        return self._short(left.plus(right))

    def multiplied(self, left: Sum, right: Sum) -> Sum:
        """Return the product of two numbers."""
        if len(left.terms) * len(right.terms) > MOST_TERMS:
            left, right = self._one_term(left), self._one_term(right)
        total = Sum(left.constant * right.constant)
        total = total.plus(Sum(0.0, left.terms).times(right.constant))
        total = total.plus(Sum(0.0, right.terms).times(left.constant))
        for at, one in left.terms.items():
            for to, other in right.terms.items():
                total = total.plus(self._product(min(at, to), max(at, to)).times(one * other))
        return self._short(total)

    def _product(self, at: int, to: int) -> Sum:
        if (at, to) not in self._products:
            self._vectors.append(self._vectors[at] * self._vectors[to])
            self._products[at, to] = len(self._vectors) - 1
        return Sum(0.0, {self._products[at, to]: 1.0})

    def divided(self, above: Sum, below: Sum) -> Sum:
        """Return the quotient of two numbers."""
        if not below.terms:
            return above.times(1 / below.constant)
        if above.shape == below.shape and not above.constant and not below.constant:
            return Sum(above.scale / below.scale)
        return self.vector(self.values(above) / self.values(below))

    def _short(self, number: Sum) -> Sum:
        return number if len(number.terms) <= MOST_TERMS else self._one_term(number)

    def _one_term(self, number: Sum) -> Sum:
        """Return a number as a constant and a multiple of one vector; the same for sums of one shape."""
        if len(number.terms) <= 1:
            return number
        shape = number.shape
        if shape not in self._worked_out:
            self._vectors.append(self.values(Sum(0.0, number.terms).times(1 / number.scale)))
            self._worked_out[shape] = len(self._vectors) - 1
        return Sum(number.constant, {self._worked_out[shape]: number.scale})
