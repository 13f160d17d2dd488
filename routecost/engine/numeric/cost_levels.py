"""A cost as a product of factors by cell, before and after, such as volume, mix, tokens and price.

Each level has counts per unit of the level above, whose cells are prefixes of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Protocol

NOTHING = Fraction(0)
Cell = tuple[str, ...]
Counts = dict[Cell, Fraction]
WHOLE: Cell = ()
"""The name of the only cell of the first level."""
Rates = dict[Cell, Fraction | None]
"""A count per unit of the level above, by cell; None if there is nothing of that."""


class Level(Protocol):
    """A factor of a cost, before and after."""

    @property
    def planned(self) -> Rates:
        """The rates before."""
        ...

    @property
    def actual(self) -> Rates:
        """The rates after."""
        ...


def blended_cost(levels: Sequence[Level], come: frozenset[int]) -> Fraction:
    """Return the cost with some levels as after, and the others as before."""
    depths = [depth((*level.planned, *level.actual)) for level in levels]
    total = NOTHING
    for leaf in {**levels[-1].planned, **levels[-1].actual}:
        product = Fraction(1)
        for at, level in enumerate(levels):
            product *= _rate(level, leaf[: depths[at]], at in come)
        total += product
    return total


def _rate(level: Level, cell: Cell, is_after: bool) -> Fraction:
    """Return a rate; if one side has none, nothing ran there, and the other side's is used for both."""
    first, second = (level.actual, level.planned) if is_after else (level.planned, level.actual)
    rate = first.get(cell)
    return (second.get(cell) if rate is None else rate) or NOTHING


def per(counts: Counts, above: Counts, cells: Iterable[Cell]) -> Rates:
    """Return counts per unit of the level above, whose cells are prefixes of these."""
    prefix = depth(above)
    wholes = {cell: above.get(cell[:prefix], NOTHING) for cell in cells}
    return {cell: counts.get(cell, NOTHING) / whole if whole else None for cell, whole in wholes.items()}


def depth(cells: Iterable[Cell]) -> int:
    """Return the number of parts of the names of cells."""
    return max(map(len, cells), default=0)
