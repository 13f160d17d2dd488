"""All distributions of steps to tiers, and linear functions of them, in blocks instead of one by one.

The ways in which the tiers from the j-th on share exactly m steps are, for each number a of the j-th,
the ways in which the tiers after it share m - a. If the table of those is sorted by falling m, all of
them together are one slice of it. So a table is built from slices of the next, and a sum of costs is
built in the same way, without a product over all the shares.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from routecost.records import dataclass

Steps: TypeAlias = npt.NDArray[np.unsignedinteger]
Costs: TypeAlias = npt.NDArray[np.float64]
Kind = TypeVar("Kind", bound=np.generic)

_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Simplex:
    """The steps of some tiers: a column per tier, rows sorted by falling sum, then lexicographically.

    ``totals`` has the sum of each row; rows with sum t begin at ``starts[top - t]``. ``moves`` says
    which slice of ``rest``, the table of the tiers after the first, belongs to which rows.
    """

    columns: tuple[Steps, ...]
    totals: Steps
    top: int
    starts: tuple[int, ...]
    rest: Simplex | None = None
    moves: tuple[tuple[slice, slice], ...] = ()

    def __len__(self) -> int:
        return len(self.totals)

    def rows(self, most: int, least: int) -> slice:
        """Return the slice of the rows whose sum is from ``least`` to ``most``."""
        return slice(self.starts[self.top - most], self.starts[self.top - least + 1])

    def dot(self, weights: Sequence[float], offset: float = 0.0) -> Costs:
        """Return, for every row, ``offset`` plus the sum of steps times weight; nothing is subtracted."""
        if self.rest is None:
            return np.multiply(self.columns[0], weights[0], dtype=np.float64) + offset
        below = self.rest.dot(weights[1:], offset)
        if len(self.moves) == 1:
            return _completed(below, self, self.rest, weights[0])
        costs = np.empty(len(self))
        own = np.empty(_AT_ONCE)
        for place, source in _pieces(self.moves):
            part = own[: place.stop - place.start]
            np.multiply(self.columns[0][place], weights[0], out=part)
            np.add(below[source], part, out=costs[place])
        return costs


def simplex(caps: Sequence[int], total: int) -> Simplex:
    """Return all ways to distribute ``total`` steps to tiers, each up to its cap."""
    top, bottom = min(total, caps[-1]), max(0, total - sum(caps[:-1]))
    falling = np.arange(top, bottom - 1, -1).astype(_dtype(total))
    table = Simplex((falling,), falling, top, tuple(range(top - bottom + 2)))
    for at in range(len(caps) - 2, -1, -1):
        table = _prepended(caps[at], table, total=total, before=sum(caps[:at]))
    return table


def _prepended(cap: int, rest: Simplex, total: int, before: int) -> Simplex:
    """Return the table with one more tier in front; the remaining tiers take ``before`` at most.

    Sums that those could not complete to ``total`` are left out, so that no unused row is made.
    """
    top, bottom = min(total, rest.top + cap), max(0, total - before)
    sums = range(top, bottom - 1, -1)
    sources = [rest.rows(min(total_steps, rest.top), max(0, total_steps - cap)) for total_steps in sums]
    starts = [0]
    for source in sources:
        starts.append(starts[-1] + source.stop - source.start)
    rows = [slice(start, stop) for start, stop in pairwise(starts)]
    moves = tuple(zip(rows, sources, strict=True))
    totals = np.repeat(np.array(sums).astype(rest.totals.dtype), np.diff(starts))
    carried = tuple(_carried(column, moves, len(totals)) for column in (*rest.columns, rest.totals))
    return Simplex((totals - carried[-1], *carried[:-1]), totals, top, tuple(starts), rest, moves)


def _carried(
    column: npt.NDArray[Kind], moves: Sequence[tuple[slice, slice]], count: int
) -> npt.NDArray[Kind]:
    """Return the pieces of a column in their new places; a single piece is not copied."""
    if len(moves) == 1:
        return column[moves[0][1]]
    carried = np.empty(count, column.dtype)
    for place, source in moves:
        carried[place] = column[source]
    return carried


def _completed(below: Costs, table: Simplex, rest: Simplex, weight: float) -> Costs:
    """Add the cost of the first tier to a table of one piece, in place: that piece is not shared.

    All rows of ``rest`` with one sum leave the first tier the same steps.
    """
    for at, (start, stop) in enumerate(pairwise(rest.starts)):
        below[start:stop] += weight * (table.top - rest.top + at)
    return below[table.moves[0][1]]


def _pieces(moves: Sequence[tuple[slice, slice]]) -> Iterator[tuple[slice, slice]]:
    """Yield moves cut into pieces that fit a processor's cache."""
    for place, source in moves:
        for start in range(0, place.stop - place.start, _AT_ONCE):
            length = min(_AT_ONCE, place.stop - place.start - start)
            first, second = (slice(one.start + start, one.start + start + length) for one in (place, source))
            yield first, second


def _dtype(most: int) -> npt.DTypeLike:
    """Return the smallest integer type for numbers up to ``most``."""
    return np.min_scalar_type(most)
