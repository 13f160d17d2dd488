"""Quality of the mixes of a grid, and their Pareto frontier of cost and quality."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from routecost.engine.mixes.chunked_columns import ROUNDING, PerSuccess
from routecost.engine.mixes.cost_bounds import most_expensive
from routecost.engine.mixes.simplex_lattice import Simplex
from routecost.engine.numeric.pareto_frontier import frontier
from routecost.model.results.mix_sweep import FrontierMix, MixQuality, SimplexLattice, Values
from routecost.records import dataclass
from routecost.units import ONE, ZERO

Floats = npt.NDArray[np.float64]

MOST_FRONTIER = 400
"""The approximate number of mixes of the frontier that are listed."""

DIRECTIONS = 32
"""The number of directions, on each half of each side, in which the convex hull is sampled."""


@dataclass(frozen=True, slots=True)
class PricedGrid:
    """The mixes of a grid with their costs per day; ``per_month`` is by tier."""

    mixes: SimplexLattice
    table: Simplex | None
    per_day: Floats
    per_month: Mapping[str, Decimal | None]
    days: Decimal
    tasks: Decimal
    is_linear: bool = True


def totals(mixes: SimplexLattice, table: Simplex | None, by_tier: Mapping[str, Decimal | None]) -> Floats:
    """Return for every mix the sum of its shares times the value of each tier; None counts as 0."""
    least = float(sum((share * (by_tier[tier] or 0) for tier, share in mixes.bases.items()), ZERO))
    if table is None:
        return np.array([least])
    return table.dot([float(mixes.step * (by_tier[tier] or 0)) for tier in mixes.caps], least)


def qualities(grid: PricedGrid, by_tier: Mapping[str, Decimal]) -> tuple[MixQuality, dict[str, Values]]:
    """Return the quality of the mixes, as a summary and as columns; ``by_tier`` has success rates."""
    known = {tier: by_tier.get(tier, ZERO) for tier in grid.mixes.bases}
    quality = totals(grid.mixes, grid.table, known)
    # Values that differ by float rounding alone are equal, and equals do not dominate each other.
    on_it = frontier(_steps(grid.per_day), _steps(quality))
    columns: dict[str, Values] = {
        "quality": quality,
        "on_frontier": on_it,
        "cost_per_success": PerSuccess(grid.per_day, quality, float(grid.tasks)),
    }
    places = np.flatnonzero(on_it)
    places = places[np.argsort(grid.per_day[places], kind="stable")]
    count = len(places)
    if count > MOST_FRONTIER:
        places = places[np.linspace(0, count - 1, MOST_FRONTIER).round().astype(np.intp)]
    listed = tuple(_mix(grid, known, int(place)) for place in places)
    outline = _outline(grid, known) if grid.is_linear else _outline_of_points(grid, quality)
    return MixQuality(by_tier, count, listed, outline), columns


def _steps(values: Floats) -> Floats:
    most = float(np.abs(values).max(initial=0.0))
    rounded: Floats = np.rint(values / (most * ROUNDING)) if most else values
    return rounded


def _mix(grid: PricedGrid, known: Mapping[str, Decimal], place: int) -> FrontierMix:
    mixes = grid.mixes
    steps = {}
    if grid.table is not None:
        steps = {
            tier: int(column[place]) for tier, column in zip(mixes.caps, grid.table.columns, strict=True)
        }
    shares = {tier: mixes.share(tier, steps.get(tier, 0)) for tier in mixes.bases}
    cost, quality = _total(shares, grid.per_month), _total(shares, known)
    if not grid.is_linear:
        cost = Decimal(repr(float(grid.per_day[place]))) * grid.days
    succeeded = grid.tasks * grid.days * quality
    return FrontierMix(shares, cost, quality, cost / succeeded if succeeded else None)


def _outline(grid: PricedGrid, known: Mapping[str, Decimal]) -> tuple[tuple[float, float], ...]:
    """Return the corners of the convex hull of all mixes by cost and quality, in order around it.

    Both are sums over tiers, so the farthest mix in any direction is found without enumeration: like
    the most expensive mix, from the tiers' values in that direction.
    """
    cost, quality = _scaled(grid.per_month), _scaled(known)
    corners: dict[tuple[float, float], None] = {}
    for along, across in _directions():
        weights = {tier: along * cost[tier] + across * quality[tier] for tier in cost}
        shares = most_expensive(grid.mixes, weights).shares
        corner = (_total(shares, grid.per_month), _total(shares, known))
        corners[float(corner[0]), float(corner[1])] = None
    return tuple(corners)


def _outline_of_points(grid: PricedGrid, quality: Floats) -> tuple[tuple[float, float], ...]:
    """Return the corners of the convex hull of all mixes, if cost is not a sum over tiers."""
    cost = grid.per_day * float(grid.days)
    scales = [float(values.max(initial=0.0)) or 1.0 for values in (cost, quality)]
    corners: dict[tuple[float, float], None] = {}
    for along, across in _directions():
        place = int((cost * (along / scales[0]) + quality * (across / scales[1])).argmax())
        corners[float(cost[place]), float(quality[place])] = None
    return tuple(corners)


def _scaled(by_tier: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    most = max((value or ZERO for value in by_tier.values()), default=ZERO) or ONE
    return {tier: (value or ZERO) / most for tier, value in by_tier.items()}


def _directions() -> list[tuple[int, int]]:
    """Return directions all around, in order: points on the edge of a square."""
    side = range(-DIRECTIONS, DIRECTIONS)
    right, top = [(DIRECTIONS, at) for at in side], [(-at, DIRECTIONS) for at in side]
    return [*right, *top, *((-x, -y) for x, y in right), *((-x, -y) for x, y in top)]


def _total(shares: Mapping[str, Decimal], by_tier: Mapping[str, Decimal | None]) -> Decimal:
    return sum((share * (by_tier[tier] or 0) for tier, share in shares.items()), ZERO)
