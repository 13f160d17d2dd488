"""How good the mixes of a grid are, and which of them no other beats on both cost and quality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from routecost.engine.columns import ROUNDING, PerSuccess
from routecost.engine.frontier import frontier
from routecost.engine.simplex import Simplex
from routecost.model.sweep import FrontierMix, Lattice, MixQuality, Values

Floats = npt.NDArray[np.float64]

MOST_FRONTIER = 400
"""About how many mixes of the frontier are told one by one."""

CLOUD = 200
"""How many ranges of cost the cloud of all mixes is told in."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The mixes of a grid with what a day of each costs; ``per_month`` is by tier."""

    mixes: Lattice
    table: Simplex | None
    per_day: Floats
    per_month: Mapping[str, Decimal | None]
    days: Decimal
    tasks: Decimal


def totals(mixes: Lattice, table: Simplex | None, by_tier: Mapping[str, Decimal | None]) -> Floats:
    """Return for every mix the sum of its shares times what each tier has; None counts as 0."""
    least = float(sum((share * (by_tier[tier] or 0) for tier, share in mixes.bases.items()), Decimal(0)))
    if table is None:
        return np.array([least])
    sums = table.dot([float(mixes.step * (by_tier[tier] or 0)) for tier in mixes.caps])
    sums += least
    return sums


def qualities(grid: Grid, by_tier: Mapping[str, Decimal]) -> tuple[MixQuality, dict[str, Values]]:
    """Return how good the mixes are, as a summary and as columns; ``by_tier`` has success rates."""
    known = {tier: by_tier.get(tier, Decimal(0)) for tier in grid.mixes.bases}
    quality = totals(grid.mixes, grid.table, known)
    # What differs by the rounding of floats alone is the same: nothing beats its equal.
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
    told = tuple(_mix(grid, known, int(place)) for place in places)
    return MixQuality(by_tier, count, told, _cloud(grid.per_day * float(grid.days), quality)), columns


def _steps(values: Floats) -> Floats:
    most = float(np.abs(values).max(initial=0.0))
    rounded: Floats = np.rint(values / (most * ROUNDING)) if most else values
    return rounded


def _mix(grid: Grid, known: Mapping[str, Decimal], place: int) -> FrontierMix:
    mixes = grid.mixes
    steps = {}
    if grid.table is not None:
        steps = {tier: int(column[place]) for tier, column in zip(mixes.caps, grid.table.columns, strict=True)}
    shares = {tier: mixes.share(tier, steps.get(tier, 0)) for tier in mixes.bases}
    cost, quality = (
        sum((share * (each[tier] or 0) for tier, share in shares.items()), Decimal(0))
        for each in (grid.per_month, known)
    )
    succeeded = grid.tasks * grid.days * quality
    return FrontierMix(shares, cost, quality, cost / succeeded if succeeded else None)


def _cloud(cost: Floats, quality: Floats) -> tuple[tuple[float, float, float], ...]:
    """Return the least and the greatest quality by range of cost, at the middle of each."""
    low, high = float(cost.min()), float(cost.max())
    if high <= low:
        return ((low, float(quality.min()), float(quality.max())),)
    bins = ((cost - low) * ((CLOUD - 1) / (high - low))).astype(np.intp)
    worst, best = np.full(CLOUD, np.inf), np.full(CLOUD, -np.inf)
    np.minimum.at(worst, bins, quality)
    np.maximum.at(best, bins, quality)
    middles = low + (np.arange(CLOUD) + 0.5) * ((high - low) / (CLOUD - 1))
    filled = np.flatnonzero(best >= worst)
    return tuple((float(middles[at]), float(worst[at]), float(best[at])) for at in filled)
