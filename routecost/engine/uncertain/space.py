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

ROOM = 16
MOST_TERMS = 6
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
        return tuple((at, _rounded(factor / scale)) for at, factor in self.terms.items())

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


def _rounded(number: float) -> float:
    return float(f"{number:.{_SHAPE_DIGITS}g}")


class Space:
    """The vectors over so many paths."""

    def __init__(self, paths: int) -> None:
        self.paths = paths
        self._vectors: list[Floats] = []
        self._rows: list[Floats] = []
        self._scratch: Floats | None = None
        self._ends: dict[int, tuple[float, float]] = {}
        self._products: dict[tuple[int, int], int] = {}
        self._worked_out: dict[tuple[Shape, float], int] = {}

    def vector(self, values: Floats) -> Sum:
        """Take in a vector; one whose values are all alike is a constant."""
        if values[0] == values[-1] and (values == values[0]).all():
            return Sum(float(values[0]))
        return Sum(0.0, {self._keep(values): 1.0})

    def values(self, number: Sum) -> Floats:
        """Return the value on every path, not to be changed."""
        if not number.constant and list(number.terms.values()) == [1.0]:
            return self._vectors[next(iter(number.terms))]
        return self._work_out(number, np.empty(self.paths))

    def ends(self, number: Sum) -> tuple[float, float] | None:
        """Return the least and the greatest value of a multiple of one vector; None for other numbers."""
        if number.constant or len(number.terms) != 1:
            return None
        ((at, factor),) = number.terms.items()
        if at not in self._ends:
            vector = self._vectors[at]
            self._ends[at] = float(vector.min()), float(vector.max())
        low, high = (factor * end for end in self._ends[at])
        return min(low, high), max(low, high)

    def added(self, left: Sum, right: Sum) -> Sum:
        """Return the sum of two numbers."""
        total = left.plus(right)
        return total if len(total.terms) <= MOST_TERMS else self.one_term(total)

    def multiplied(self, left: Sum, right: Sum) -> Sum:
        """Return the product of two numbers."""
        if not right.terms:
            return left.times(right.constant)
        if not left.terms:
            return right.times(left.constant)
        ((at, one),), ((to, other),) = (self._one_vector(each).terms.items() for each in (left, right))
        return Sum(0.0, {self._product(min(at, to), max(at, to)): one * other})

    def divided(self, above: Sum, below: Sum) -> Sum:
        """Return the quotient of two numbers."""
        if not below.terms:
            return above.times(1 / below.constant)
        if above.shape == below.shape and not above.constant and not below.constant:
            return Sum(above.scale / below.scale)
        return self.vector(self.values(above) / self.values(below))

    def _product(self, at: int, to: int) -> int:
        if (at, to) not in self._products:
            made = np.multiply(self._vectors[at], self._vectors[to], out=self._row())
            self._products[at, to] = self._keep(made)
        return self._products[at, to]

    def _one_vector(self, number: Sum) -> Sum:
        """Return a number as a multiple of one vector, its constant included."""
        if len(number.terms) == 1 and not number.constant:
            return number
        return self._kept(number.times(1 / number.scale), number.scale)

    def one_term(self, number: Sum) -> Sum:
        """Return a number as a constant and a multiple of one vector; the same for sums of one shape."""
        if len(number.terms) <= 1:
            return number
        alone = Sum(0.0, number.terms).times(1 / number.scale)
        return Sum(number.constant).plus(self._kept(alone, number.scale))

    def _kept(self, number: Sum, scale: float) -> Sum:
        """Return ``scale`` times a number that is worked out, once for all that are alike."""
        key = (number.shape, _rounded(number.constant))
        if key not in self._worked_out:
            self._worked_out[key] = self._keep(self._work_out(number, self._row()))
        return Sum(0.0, {self._worked_out[key]: scale})

    def _work_out(self, number: Sum, out: Floats) -> Floats:
        """Write the values of a number into ``out``."""
        if self._scratch is None:
            self._scratch = np.empty(self.paths)
        is_first = True
        for at, factor in number.terms.items():
            term = np.multiply(self._vectors[at], factor, out=out if is_first else self._scratch)
            if not is_first:
                np.add(out, term, out=out)
            is_first = False
        if is_first:
            out.fill(0.0)
        return np.add(out, number.constant, out=out) if number.constant else out

    def _row(self) -> Floats:
        """Return room for a vector; room is made for many at once, which costs the system far less."""
        if not self._rows:
            self._rows = list(np.empty((ROOM, self.paths)))
        return self._rows.pop()

    def _keep(self, values: Floats) -> int:
        self._vectors.append(values)
        return len(self._vectors) - 1
