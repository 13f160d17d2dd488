"""Numbers with a value on every path, which the engine uses as if they were Decimals.

So the vectorised computation is the engine itself: the same lines run once for all paths. If they
compare numbers and the paths disagree, :class:`Forked` is raised, and
:mod:`routecost.engine.uncertainty.run_on_paths` runs them again for either group of paths.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

import numpy as np

from routecost.engine.uncertainty.linear_combination import LinearCombination
from routecost.engine.uncertainty.path_vectors import Floats, Mask, PathVectors

ROUNDING = 1e-12
"""The relative difference below which numbers are equal; only 0 is equal to 0."""


class Forked(Exception):  # noqa: N818  no error: it asks for another run
    """The paths disagree about a comparison: it holds on those of the ``mask``, and not on the others."""

    def __init__(self, mask: Mask) -> None:
        super().__init__("paths disagree")
        self.mask = mask


class NotOneNumberError(Exception):
    """A whole number was required, but every path has a number of its own."""


def _binary(
    make: Callable[[PathVectors, LinearCombination, LinearCombination], LinearCombination],
) -> Callable[[PathNumber, Any], PathNumber]:
    def operator(self: PathNumber, other: Any) -> PathNumber:
        right = _sum(other)
        return NotImplemented if right is None else PathNumber(self.space, make(self.space, self.sum, right))

    return operator


def _sum(number: Any) -> LinearCombination | None:
    if isinstance(number, PathNumber):
        return number.sum
    return LinearCombination(float(number)) if isinstance(number, Decimal | int | float) else None


def _comparison(holds: Callable[[Any, Any], Any], *, of_order: bool) -> Callable[[PathNumber, Any], bool]:
    def operator(self: PathNumber, other: Any) -> bool:
        right = _sum(other)
        if right is None:
            return NotImplemented  # type: ignore[no-any-return]  # what operators return
        if not self.sum.terms and not right.terms:
            return bool(holds(self.sum.constant, right.constant))
        ends = None if right.terms else self.space.ends(self.sum)
        if ends is not None and (of_order or not ends[0] <= right.constant <= ends[1]):
            low, high = (bool(holds(end, right.constant)) for end in ends)
            if low == high:
                return low
        return _agreed(holds(self.space.values(self.sum), self.space.values(right)))

    return operator


def _equal(left: Any, right: Any) -> Any:
    """Return where numbers are equal up to rounding errors of floats, as for shares that sum to 1."""
    return np.abs(left - right) <= ROUNDING * np.abs(right)


def acting(number: Decimal | PathNumber) -> Decimal:
    """Return a number as the operand that it acts like."""
    return cast("Decimal", number)


def _agreed(mask: Mask) -> bool:
    """Return the truth value on which all paths agree; raise Forked if they do not."""
    first = bool(mask[0])
    if (mask != first).any():
        raise Forked(mask)
    return first


class PathNumber:
    """A number with a value on every path, as float64; acts like a Decimal."""

    __slots__ = ("_is_something", "space", "sum")

    def __init__(self, space: PathVectors, number: LinearCombination) -> None:
        self.space, self.sum = space, number
        self._is_something: bool | None = None

    @property
    def values(self) -> Floats:
        """The value on every path, not to be changed."""
        return self.space.values(self.sum)

    __add__ = __radd__ = _binary(PathVectors.added)
    __mul__ = __rmul__ = _binary(PathVectors.multiplied)
    __sub__ = _binary(lambda space, own, other: space.added(own, other.times(-1)))
    __rsub__ = _binary(lambda space, own, other: space.added(other, own.times(-1)))
    __truediv__ = _binary(PathVectors.divided)
    __rtruediv__ = _binary(lambda space, own, other: space.divided(other, own))
    __pow__ = _binary(lambda space, own, other: space.vector(space.values(own) ** space.values(other)))
    __rpow__ = _binary(lambda space, own, other: space.vector(space.values(other) ** space.values(own)))
    __lt__ = _comparison(np.less, of_order=True)
    __le__ = _comparison(np.less_equal, of_order=True)
    __gt__ = _comparison(np.greater, of_order=True)
    __ge__ = _comparison(np.greater_equal, of_order=True)
    __eq__ = _comparison(_equal, of_order=False)
    __ne__ = _comparison(lambda left, right: ~_equal(left, right), of_order=False)
    __hash__ = object.__hash__

    def __neg__(self) -> PathNumber:
        return PathNumber(self.space, self.sum.times(-1))

    def __pos__(self) -> PathNumber:
        return self

    def __abs__(self) -> PathNumber:
        return self if self >= 0 else -self

    def __bool__(self) -> bool:
        if self._is_something is None:
            self._is_something = self != 0
        return self._is_something

    def __int__(self) -> int:
        raise NotOneNumberError

    def __float__(self) -> float:
        raise NotOneNumberError

    def applied(self, function: Callable[[Floats], Floats]) -> PathNumber:
        """Return a function of the number on every path."""
        return PathNumber(self.space, self.space.vector(function(self.values)))

    def scaleb(self, places: int) -> PathNumber:
        """Return the number with its decimal point moved, as Decimal does."""
        return self / 10.0**-places if places < 0 else self * 10.0**places

    def normalize(self) -> PathNumber:
        """Return the number itself: floats have no trailing zeros."""
        return self

    def __format__(self, spec: str) -> str:
        low, high = f"{self.values.min():.6g}", f"{self.values.max():.6g}"
        return low if low == high else f"{low}..{high}"

    def __str__(self) -> str:
        return format(self)
