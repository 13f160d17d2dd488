"""Crossovers of strategies along a parameter: bracketed by a grid, then solved.

The costs at every value tried are those of the scenario with that value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations

from routecost.engine.numeric.root_finding import Bracket, narrowed, to_digits
from routecost.model.results.sensitivity import Crossover, Value
from routecost.units import ZERO, exact

Costs = Mapping[str, Decimal]
CostsAt = Callable[[Decimal], Costs]
"""Strategy -> cost per month, at a value of the parameter."""

DIGITS = 18
"""The digits to which a crossover is computed; documents hold no more than 20."""

_CLOSE = Decimal("1e-15")


@exact
def crossovers(
    name: str,
    grid: Sequence[tuple[Decimal, Costs]],
    costs_at: CostsAt,
    others: tuple[Value, ...] = (),
    pairs: Sequence[tuple[str, str]] | None = None,
) -> tuple[Crossover, ...]:
    """Return the crossovers of pairs, by rising value: one for each change of sign between grid points.

    ``grid`` has the parameter's values with the costs there; ``pairs`` are all pairs, unless given.
    Two changes between neighbouring points cancel out and are missed.
    """
    rising = sorted(grid, key=lambda point: point[0])
    known = cache(costs_at)
    strategies = list(rising[0][1]) if rising else []
    crossings = [
        crossing
        for pair in (combinations(strategies, 2) if pairs is None else pairs)
        for crossing in _of_pair(name, pair, rising, known, others)
    ]
    return tuple(sorted(crossings, key=lambda crossing: crossing.value))


def _of_pair(
    name: str,
    pair: tuple[str, str],
    grid: Sequence[tuple[Decimal, Costs]],
    costs_at: CostsAt,
    others: tuple[Value, ...],
) -> list[Crossover]:
    first, second = pair
    crossings = []
    before: tuple[Decimal, Decimal] | None = None
    equal: Decimal | None = None
    for value, costs in grid:
        difference = costs[first] - costs[second]
        if not difference:
            equal = value if equal is None else equal
            continue
        if before is not None and (before[1] < 0) != (difference < 0):
            ordered = pair if before[1] < 0 else (second, first)
            bracket = Bracket(before[0], value, before[1], difference)
            at = _solved(bracket, pair, costs_at) if equal is None else equal
            crossings.append(_crossing(name, at, ordered, costs_at(at), others))
        before, equal = (value, difference), None
    return crossings


def _crossing(
    name: str, at: Decimal, pair: tuple[str, str], costs: Costs, others: tuple[Value, ...]
) -> Crossover:
    one, other = costs[pair[0]], costs[pair[1]]
    return Crossover(name, at, pair, one if _is_equal(one, other) else None, others)


def _is_equal(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= _CLOSE * max(abs(one), abs(other))


def _solved(bracket: Bracket, pair: tuple[str, str], costs_at: CostsAt) -> Decimal:
    """Return the value at which two strategies cost the same; where costs jump, the roundest value there."""

    def gap(value: Decimal) -> Decimal:
        first, second = (costs_at(value)[name] for name in pair)
        return ZERO if _is_equal(first, second) else first - second

    width = (bracket.high - bracket.low).scaleb(-DIGITS)
    narrow = narrowed(gap, bracket, width, DIGITS)
    return narrow.high if not narrow.above else _roundest(narrow)


def _roundest(bracket: Bracket) -> Decimal:
    values = (to_digits(bracket.high, digits) for digits in range(1, DIGITS + 1))
    return next((value for value in values if bracket.low <= value <= bracket.high), bracket.high)
