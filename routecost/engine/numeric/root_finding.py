"""Where a gap between two costs changes its sign: in one step where it is linear, else by bracketing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from routecost.units import MAX_COUNT, exact

ZERO = Decimal(0)
DUST = Decimal("1e-40")
"""How far apart, relatively, two sums may be that differ only by quotients that were cut."""

_WIDTH = Decimal("1e-30")
_MOST_STEPS = 300
_PIECES = 64

Gap = Callable[[Decimal], Decimal]
"""What one side costs more than the other at a value; positive where a statement is true."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """The first value at which a gap changes its sign, None where it never does.

    ``true_first`` says whether the statement is true below that value, or throughout.
    """

    at: Decimal | None
    true_first: bool


@exact
def difference(left: Decimal, right: Decimal) -> Decimal:
    """Return left - right, and 0 where that is but the dust of cut quotients."""
    found = left - right
    return ZERO if abs(found) <= DUST * max(abs(left), abs(right)) else found


@exact
def crossing(gap: Gap, points: Sequence[Decimal]) -> Crossing:
    """Return the first change of sign from point to point, rising; a zero at the last point is one."""
    values = [gap(point) for point in points]
    first = next((value for value in values if value), ZERO)
    for (low, before), (high, after) in pairwise(zip(points, values, strict=True)):
        if before * first > 0 and after * first <= 0:
            return Crossing(_root(gap, (low, before), (high, after)), first > 0)
    return Crossing(None, first > 0)


def _root(gap: Gap, low: tuple[Decimal, Decimal], high: tuple[Decimal, Decimal]) -> Decimal:
    """Return where a gap is 0 between two points, or where it jumps past 0.

    The secant meets it at once where the gap is linear, and soon where it is so in pieces; halving
    in between makes sure that the bracket shrinks.
    """
    for step in range(_MOST_STEPS):
        (left, below), (right, above) = low, high
        if above == 0 or right - left <= _WIDTH * abs(right):
            break
        middle = (left + right) / 2 if step % 2 else left - below * (right - left) / (above - below)
        value = gap(middle)
        low, high = ((middle, value), high) if value * below > 0 else (low, (middle, value))
    return high[0]


@exact
def between(gap: Gap, low: Decimal, high: Decimal, *, bends: bool) -> Crossing:
    """Return the first change of sign between two values.

    Of a straight gap its ends are enough; ``bends`` says that it is not straight, whatever its middle.
    """
    gap = cache(gap)
    chord = ZERO if bends else (gap(low) + gap(high)) / 2
    if not bends and not difference(gap((low + high) / 2), chord):
        return crossing(gap, (low, high))
    return crossing(gap, [low + (high - low) * piece / _PIECES for piece in range(_PIECES + 1)])


@exact
def upwards(gap: Gap, unit: Decimal, *, bends: bool) -> Crossing:
    """Return the first change of sign from 0 on, up to the largest count that there is.

    ``unit`` is a usual value. A straight gap is followed to where it must be 0.
    """
    gap = cache(gap)
    if bends:
        doublings = (unit * Decimal(2) ** power for power in range(-10, 60))
        return crossing(gap, [ZERO, *(point for point in doublings if point <= MAX_COUNT)])
    start = gap(ZERO)
    slope = difference(gap(unit), start) / unit
    zero = -start / slope if slope else ZERO
    return crossing(gap, (ZERO, min(2 * zero, MAX_COUNT) if zero > 0 else unit))
