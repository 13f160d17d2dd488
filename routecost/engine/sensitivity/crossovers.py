"""Where strategies change places along a number: bracketed by a grid, then solved.

Between two points of the grid the difference of two costs is mostly a straight line, so that the
secant hits its zero at once. Where it is bent the secant is repeated, and every other step halves
the bracket, so that the search ends whatever the curve. Every cost is that of a real scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache
from itertools import combinations

from routecost.model.results.sensitivity import Crossing, Value
from routecost.units import exact

Costs = Mapping[str, Decimal]
CostsAt = Callable[[Decimal], Costs]
"""Strategy -> cost per month, at a value of the parameter."""

DIGITS = 18
"""The digits to which a crossing is found; documents hold no more than 20."""

_CLOSE = Decimal("1e-15")


@dataclass(frozen=True, slots=True)
class _Bracket:
    """Two values of the parameter with the difference of two costs, of opposite signs."""

    low: Decimal
    high: Decimal
    below: Decimal
    above: Decimal

    @property
    def secant(self) -> Decimal:
        return self.low - self.below * (self.high - self.low) / (self.above - self.below)

    @property
    def middle(self) -> Decimal:
        return (self.low + self.high) / 2

    def split(self, at: Decimal, difference: Decimal) -> _Bracket:
        if (difference < 0) == (self.below < 0):
            return _Bracket(at, self.high, difference, self.above)
        return _Bracket(self.low, at, self.below, difference)


@exact
def crossovers(
    name: str, grid: Sequence[tuple[Decimal, Costs]], costs_at: CostsAt, others: tuple[Value, ...] = ()
) -> tuple[Crossing, ...]:
    """Return where strategies change places, rising by value: one for each change between grid points.

    ``grid`` has the parameter's values with the costs there. Two changes between neighbours
    cancel out, and are not seen.
    """
    rising = sorted(grid, key=lambda point: point[0])
    known = cache(costs_at)
    strategies = list(rising[0][1]) if rising else []
    found = [
        crossing
        for pair in combinations(strategies, 2)
        for crossing in _of_pair(name, pair, rising, known, others)
    ]
    return tuple(sorted(found, key=lambda crossing: crossing.value))


def _of_pair(
    name: str,
    pair: tuple[str, str],
    grid: Sequence[tuple[Decimal, Costs]],
    costs_at: CostsAt,
    others: tuple[Value, ...],
) -> list[Crossing]:
    first, second = pair
    found = []
    before: tuple[Decimal, Decimal] | None = None
    equal: Decimal | None = None
    for value, costs in grid:
        difference = costs[first] - costs[second]
        if not difference:
            equal = value if equal is None else equal
            continue
        if before is not None and (before[1] < 0) != (difference < 0):
            ordered = pair if before[1] < 0 else (second, first)
            bracket = _Bracket(before[0], value, before[1], difference)
            at = _solved(bracket, pair, costs_at) if equal is None else equal
            found.append(_crossing(name, at, ordered, costs_at(at), others))
        before, equal = (value, difference), None
    return found


def _crossing(
    name: str, at: Decimal, pair: tuple[str, str], costs: Costs, others: tuple[Value, ...]
) -> Crossing:
    one, other = costs[pair[0]], costs[pair[1]]
    return Crossing(name, at, pair, one if _is_equal(one, other) else None, others)


def _is_equal(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= _CLOSE * max(abs(one), abs(other))


def _solved(bracket: _Bracket, pair: tuple[str, str], costs_at: CostsAt) -> Decimal:
    """Return where the difference is 0; where it jumps over 0, the roundest number there."""
    narrow = (bracket.high - bracket.low).scaleb(-DIGITS)
    halve = False
    while bracket.high - bracket.low > narrow:
        at = _next(bracket, halve)
        if at is None:
            break
        one, other = (costs_at(at)[name] for name in pair)
        if _is_equal(one, other):
            return at
        bracket, halve = bracket.split(at, one - other), not halve
    return _roundest(bracket)


def _next(bracket: _Bracket, halve: bool) -> Decimal | None:
    """Return a value to try, strictly inside the bracket; None if it is too narrow to hold one."""
    tries = (bracket.middle, bracket.secant) if halve else (bracket.secant, bracket.middle)
    values = (_near(exactly, DIGITS) for exactly in tries)
    return next((value for value in values if bracket.low < value < bracket.high), None)


def _roundest(bracket: _Bracket) -> Decimal:
    values = (_near(bracket.high, digits) for digits in range(1, DIGITS + 1))
    return next((value for value in values if bracket.low <= value <= bracket.high), bracket.high)


def _near(value: Decimal, digits: int) -> Decimal:
    """Return a number of so many digits near to ``value``: documents hold no endless ones."""
    return Context(prec=digits, rounding=ROUND_HALF_EVEN).create_decimal(value)
