"""Vectors with a value for every path, and numbers computed from them.

Costs of strategies are often sums of few products (tasks x input tokens, tasks x output tokens) in some
proportion. Kept as linear combinations, numbers are scaled and added without array operations; a
product is computed once for all that need it; and numbers that differ by a factor are recognised.

Buffers are reused, because allocating memory is slow: a vector computed from others may be forgotten,
and is computed again on demand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from routecost.engine.uncertainty.linear_combination import LinearCombination, Shape, rounded

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Product: TypeAlias = tuple[int, int]

MOST_TERMS = 6
"""The most terms of a sum; a sum with more is computed and becomes one vector."""


class PathVectors:
    """The vectors over a number of paths."""

    def __init__(self, paths: int) -> None:
        self.paths = paths
        self._origins: list[LinearCombination | Product | None] = []
        self._rows: dict[int, Floats] = {}
        self._free: list[Floats] = []
        self._known: dict[Product | tuple[Shape, float], int] = {}
        self._ends: dict[int, tuple[float, float]] = {}

    def vector(self, values: Floats) -> LinearCombination:
        """Register a vector; a constant one becomes a constant."""
        if values[0] == values[-1] and (values == values[0]).all():
            return LinearCombination(float(values[0]))
        self._origins.append(None)
        self._rows[len(self._origins) - 1] = values
        return LinearCombination(0.0, {len(self._origins) - 1: 1.0})

    def values(self, number: LinearCombination) -> Floats:
        """Return the value on every path: read-only, and valid until something is forgotten."""
        if not number.terms:
            return np.full(self.paths, number.constant)
        ((at, factor),) = self._one_vector(number).terms.items()
        return self._row(at) if factor == 1.0 else self._row(at) * factor

    def above(self, number: LinearCombination, limit: float) -> Mask:
        """Return a mask of the paths on which a number is above a limit."""
        if len(number.terms) == 1:
            ((at, factor),) = number.terms.items()
            if factor > 0:
                return self._row(at) > (limit - number.constant) / factor
        return self.values(number) > limit

    def ends(self, number: LinearCombination) -> tuple[float, float] | None:
        """Return the lowest and the highest value of a multiple of one vector; None for other numbers."""
        if number.constant or len(number.terms) != 1:
            return None
        ((at, factor),) = number.terms.items()
        if at not in self._ends:
            row = self._row(at)
            self._ends[at] = float(row.min()), float(row.max())
        low, high = (factor * end for end in self._ends[at])
        return min(low, high), max(low, high)

    def added(self, left: LinearCombination, right: LinearCombination) -> LinearCombination:
        """Return the sum of two numbers."""
        total = left.plus(right)
        return total if len(total.terms) <= MOST_TERMS else self._one_term(total)

    def accumulated(self, so_far: LinearCombination, more: LinearCombination) -> LinearCombination:
        """Return the sum of two numbers as a constant and a multiple of one vector."""
        return self._one_term(so_far.plus(more))

    def multiplied(self, left: LinearCombination, right: LinearCombination) -> LinearCombination:
        """Return the product of two numbers."""
        if not right.terms:
            return left.times(right.constant)
        if not left.terms:
            return right.times(left.constant)
        ((at, one),), ((to, other),) = (self._one_vector(factor).terms.items() for factor in (left, right))
        product = (min(at, to), max(at, to))
        return LinearCombination(0.0, {self._place(product, product): one * other})

    def divided(self, above: LinearCombination, below: LinearCombination) -> LinearCombination:
        """Return the quotient of two numbers."""
        if not below.terms:
            return above.times(1 / below.constant)
        if above.shape == below.shape and not above.constant and not below.constant:
            return LinearCombination(above.scale / below.scale)
        return self.vector(self.values(above) / self.values(below))

    def forget(self, number: LinearCombination) -> None:
        """Release the buffers of a number's vectors for reuse."""
        for at in number.terms:
            if self._origins[at] is not None and at in self._rows:
                self._free.append(self._rows.pop(at))

    def keep(self, numbers: Iterable[LinearCombination]) -> None:
        """Forget all but the vectors of these numbers."""
        kept = {at for number in numbers for at in number.terms}
        self.forget(LinearCombination(0.0, dict.fromkeys(set(self._rows) - kept, 1.0)))

    def _one_vector(self, number: LinearCombination) -> LinearCombination:
        """Return a number as a multiple of one vector, its constant included."""
        if len(number.terms) == 1 and not number.constant:
            return number
        alone = number.times(1 / number.scale)
        return LinearCombination(
            0.0, {self._place((alone.shape, rounded(alone.constant)), alone): number.scale}
        )

    def _one_term(self, number: LinearCombination) -> LinearCombination:
        """Return a number as a constant and a multiple of one vector; the same for sums of one shape."""
        if len(number.terms) <= 1:
            return number
        return LinearCombination(
            number.constant, self._one_vector(LinearCombination(0.0, number.terms)).terms
        )

    def _place(self, key: Product | tuple[Shape, float], origin: LinearCombination | Product) -> int:
        """Return the index of a vector computed from others, the same for identical computations."""
        if key not in self._known:
            self._origins.append(origin)
            self._known[key] = len(self._origins) - 1
        return self._known[key]

    def _row(self, at: int) -> Floats:
        """Return the vector at an index; those that it is computed from come first, however many."""
        pending = [at] if at not in self._rows else []
        while pending:
            missing = [needed for needed in self._needed(pending[-1]) if needed not in self._rows]
            pending += missing
            if missing:
                continue
            index = pending.pop()
            origin = self._origins[index]
            if index not in self._rows and origin is not None:
                self._rows[index] = (
                    self._summed(origin) if isinstance(origin, LinearCombination) else self._product(*origin)
                )
        return self._rows[at]

    def _needed(self, at: int) -> Iterable[int]:
        """Return the indexes of the vectors that a vector is computed from."""
        origin = self._origins[at]
        if origin is None or isinstance(origin, LinearCombination):
            return () if origin is None else origin.terms
        left, right = origin
        return (left, right) if self._is_kept(right) else (left, *self._sum_at(right).terms)

    def _sum_at(self, at: int) -> LinearCombination:
        later = self._origins[at]
        assert isinstance(later, LinearCombination)
        return later

    def _is_kept(self, at: int) -> bool:
        """Return whether a factor of a product is kept: not one such as 1 + growth, which few need again."""
        later = self._origins[at]
        return at in self._rows or not isinstance(later, LinearCombination) or len(later.terms) > 1

    def _product(self, left: int, right: int) -> Floats:
        """Return a product."""
        if self._is_kept(right):
            return np.multiply(self._row(left), self._row(right), out=self._room())
        factor = self._summed(self._sum_at(right))
        return np.multiply(self._row(left), factor, out=factor)

    def _summed(self, number: LinearCombination) -> Floats:
        (first, *others), out = [(self._row(at), factor) for at, factor in number.terms.items()], self._room()
        np.multiply(*first, out=out)
        for row, factor in others:
            np.add(out, row if factor == 1.0 else row * factor, out=out)
        return np.add(out, number.constant, out=out) if number.constant else out

    def _room(self) -> Floats:
        return self._free.pop() if self._free else np.empty(self.paths)
