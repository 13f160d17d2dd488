"""Numbers with a value on every path, which the exact engine computes with as if they were Decimals.

So the vectorised twin of the engine is the engine itself: the same lines run once for all paths.
Where they ask whether a number is above another and the paths disagree, :class:`Forked` is raised,
and :mod:`routecost.engine.uncertain.twin` runs them again for either kind of path alone.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]


class Forked(Exception):  # noqa: N818  no error: it asks for another run
    """Paths disagree about a comparison: it holds on those of the ``mask``, and not on the others."""

    def __init__(self, mask: Mask) -> None:
        super().__init__("paths disagree")
        self.mask = mask


class NotOneNumberError(Exception):
    """Something asked for a whole number where every path has one of its own."""


def _values(other: Any) -> Any:
    if isinstance(other, PathNumber):
        return other.values
    return float(other) if isinstance(other, Decimal | int | float) else NotImplemented


def _binary(make: Callable[[Any, Any], Floats]) -> Callable[[PathNumber, Any], PathNumber]:
    def operator(self: PathNumber, other: Any) -> PathNumber:
        values = _values(other)
        return NotImplemented if values is NotImplemented else PathNumber(make(self.values, values))

    return operator


def _comparison(holds: Callable[[Any, Any], Mask]) -> Callable[[PathNumber, Any], bool]:
    def operator(self: PathNumber, other: Any) -> bool:
        values = _values(other)
        return NotImplemented if values is NotImplemented else _agreed(holds(self.values, values))

    return operator


def _agreed(mask: Mask) -> bool:
    """Return what all paths agree on; raise Forked where they do not."""
    first = bool(mask[0])
    if (mask != first).any():
        raise Forked(mask)
    return first


class PathNumber:
    """A number with a value on every path, as float64; acts like a Decimal."""

    __slots__ = ("values",)

    def __init__(self, values: Floats) -> None:
        self.values = values

    __add__ = __radd__ = _binary(np.add)
    __mul__ = __rmul__ = _binary(np.multiply)
    __sub__ = _binary(np.subtract)
    __rsub__ = _binary(lambda own, other: np.subtract(other, own))
    __truediv__ = _binary(np.divide)
    __rtruediv__ = _binary(lambda own, other: np.divide(other, own))
    __pow__ = _binary(np.power)
    __rpow__ = _binary(lambda own, other: np.power(other, own))
    __lt__ = _comparison(np.less)
    __le__ = _comparison(np.less_equal)
    __gt__ = _comparison(np.greater)
    __ge__ = _comparison(np.greater_equal)
    __eq__ = _comparison(np.equal)
    __ne__ = _comparison(np.not_equal)
    __hash__ = object.__hash__

    def __neg__(self) -> PathNumber:
        return PathNumber(-self.values)

    def __pos__(self) -> PathNumber:
        return self

    def __abs__(self) -> PathNumber:
        return PathNumber(np.abs(self.values))

    def __bool__(self) -> bool:
        return _agreed(self.values != 0)

    def __int__(self) -> int:
        raise NotOneNumberError

    def __float__(self) -> float:
        raise NotOneNumberError

    def scaleb(self, places: int) -> PathNumber:
        """Return the number with its decimal point moved, as Decimal does."""
        return PathNumber(self.values / 10.0**-places if places < 0 else self.values * 10.0**places)

    def normalize(self) -> PathNumber:
        """Return the number itself: floats have no trailing zeros."""
        return self

    def __format__(self, spec: str) -> str:
        low, high = f"{self.values.min():.6g}", f"{self.values.max():.6g}"
        return low if low == high else f"{low}..{high}"

    def __str__(self) -> str:
        return format(self)
