"""Sign changes of a difference of two costs: the secant method, safeguarded by bisection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from itertools import pairwise

from routecost.records import dataclass
from routecost.units import MAX_COUNT, ZERO, exact

DUST = Decimal("1e-40")
"""The relative difference of two sums that can come from rounded quotients alone."""

_WIDTH = Decimal("1e-30")
_MOST_STEPS = 300
_PIECES = 64

Gap = Callable[[Decimal], Decimal]
"""The excess cost of one side over the other at a value; positive if a statement is true."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """Two points, ``low`` below ``high``, with the gap at each: of opposite signs, or 0 at ``high``."""

    low: Decimal
    high: Decimal
    below: Decimal
    above: Decimal

    @property
    def secant(self) -> Decimal:
        """The zero of the straight line through both points."""
        return self.low - self.below * (self.high - self.low) / (self.above - self.below)

    @property
    def middle(self) -> Decimal:
        """The point halfway."""
        return (self.low + self.high) / 2

    def split(self, at: Decimal, gap: Decimal) -> Bracket:
        """Return the part, cut at a point with this gap, in which the sign changes."""
        if gap * self.below > 0:
            return replace(self, low=at, below=gap)
        return replace(self, high=at, above=gap)


@dataclass(frozen=True, slots=True)
class SignChange:
    """The first value at which a gap changes its sign, None if it never does.

    ``true_first`` says whether the statement is true below that value, or throughout.
    """

    at: Decimal | None
    true_first: bool


@exact
def difference(left: Decimal, right: Decimal) -> Decimal:
    """Return left - right, treating rounding residue as 0."""
    result = left - right
    return ZERO if abs(result) <= DUST * max(abs(left), abs(right)) else result


def narrowed(gap: Gap, bracket: Bracket, width: Decimal, digits: int | None = None) -> Bracket:
    """Return a bracket no wider than ``width``, or one whose gap is 0 at ``high``.

    The secant meets a linear gap at once and a piecewise linear one soon; every other step halves the
    bracket, so that the search ends for any gap. With ``digits``, only points of that many
    significant digits are tried; a bracket between two neighbours of them is not narrowed further.
    """
    for step in range(_MOST_STEPS):
        if not bracket.above or bracket.high - bracket.low <= width:
            break
        at = _next_point(bracket, bool(step % 2), digits)
        if at is None:
            break
        bracket = bracket.split(at, gap(at))
    return bracket


def _next_point(bracket: Bracket, halve: bool, digits: int | None) -> Decimal | None:
    """Return a point strictly inside the bracket; None if it is too narrow for one."""
    tries = (bracket.middle, bracket.secant) if halve else (bracket.secant, bracket.middle)
    points = tries if digits is None else [to_digits(point, digits) for point in tries]
    return next((point for point in points if bracket.low < point < bracket.high), None)


def to_digits(value: Decimal, digits: int) -> Decimal:
    """Return ``value`` rounded to that many significant digits."""
    return Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal(value)


@exact
def crossing(gap: Gap, points: Sequence[Decimal]) -> SignChange:
    """Return the first change of sign from point to point, rising; a zero at the last point is one."""
    first = ZERO
    for (low, before), (high, after) in pairwise((point, gap(point)) for point in points):
        first = first or before
        if before * first > 0 and after * first <= 0:
            return SignChange(_root(gap, (low, before), (high, after)), first > 0)
    return SignChange(None, (first or gap(points[-1])) > 0)


def _root(gap: Gap, low: tuple[Decimal, Decimal], high: tuple[Decimal, Decimal]) -> Decimal:
    """Return the zero of a gap between two points, or the value at which it jumps past 0."""
    bracket = Bracket(low[0], high[0], low[1], high[1])
    return narrowed(gap, bracket, _WIDTH * abs(bracket.high)).high


@exact
def between(gap: Gap, low: Decimal, high: Decimal, *, bends: bool) -> SignChange:
    """Return the first change of sign between two values.

    For a linear gap its ends are enough; ``bends`` says that it may not be linear, even if its middle
    is.
    """
    gap = cache(gap)
    chord = ZERO if bends else (gap(low) + gap(high)) / 2
    if not bends and not difference(gap((low + high) / 2), chord):
        return crossing(gap, (low, high))
    return crossing(gap, [low + (high - low) * piece / _PIECES for piece in range(_PIECES + 1)])


@exact
def upwards(gap: Gap, unit: Decimal, *, bends: bool) -> SignChange:
    """Return the first change of sign from 0 on, up to the largest possible count.

    ``unit`` is a typical value. A linear gap is extrapolated to its zero.
    """
    gap = cache(gap)
    if bends:
        doublings = (unit * Decimal(2) ** power for power in range(-10, 60))
        return crossing(gap, [ZERO, *(point for point in doublings if point <= MAX_COUNT)])
    start = gap(ZERO)
    slope = difference(gap(unit), start) / unit
    zero = -start / slope if slope else ZERO
    return crossing(gap, (ZERO, min(2 * zero, MAX_COUNT) if zero > 0 else unit))
