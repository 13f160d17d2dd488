"""Number of mixes of a grid that cost less than the default, without enumerating all mixes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from routecost.engine.mixes import cost_bounds
from routecost.engine.mixes.chunked_columns import ROUNDING
from routecost.engine.mixes.grid import count
from routecost.engine.mixes.simplex_lattice import simplex
from routecost.model.results.mix_sweep import CheaperMixes, SimplexLattice

if TYPE_CHECKING:
    from decimal import Decimal

    import numpy.typing as npt

MOST_SHARES = 100
"""The approximate number of shares of a tier for which mixes are counted."""


def cheaper(mixes: SimplexLattice, per_month: cost_bounds.TierCosts, default: Decimal) -> CheaperMixes:
    """Count the mixes that cost less than the default; equal up to rounding is not less.

    ``per_month`` is the cost of a month on each tier.
    """
    tier = cost_bounds.most_expensive_tier(mixes, per_month)
    if tier is None:
        only = cost_bounds.cheapest(mixes, per_month)
        return CheaperMixes(int(float(only.cost_per_month) < float(default) * (1 - ROUNDING)), {}, None)
    less = _by_steps(mixes, per_month, tier, float(default) * (1 - ROUNDING))
    others = [cap for other, cap in mixes.caps.items() if other != tier]
    counts = {
        mixes.share(tier, at): (int(less[at]), count(others, mixes.spare - at))
        for at in cost_bounds.thinned(mixes.caps[tier], MOST_SHARES)
    }
    return CheaperMixes(int(less.sum()), counts, cost_bounds.farthest_below(mixes, per_month, tier, default))


def _by_steps(
    mixes: SimplexLattice, per_month: cost_bounds.TierCosts, top: str, limit: float
) -> npt.NDArray[np.int64]:
    """Return the number of mixes that cost less than ``limit``, by the steps of the most expensive tier.

    The other tiers except one take all their possible steps, and the most expensive tier and that one
    share the rest. Cost rises with the steps of the most expensive tier: the mixes below the limit are
    those with fewer steps than some number, which a division gives.
    """
    step = {tier: float(mixes.step * (cost or 0)) for tier, cost in per_month.items()}
    *head, filler = [tier for tier in mixes.caps if tier != top] or [top]
    most, room = mixes.caps[top], mixes.caps[filler] if filler != top else 0
    table = simplex((*(mixes.caps[tier] for tier in head), most + room), mixes.spare)
    base = float(sum(share * (per_month[tier] or 0) for tier, share in mixes.bases.items()))
    left = table.columns[-1].astype(np.int64)
    spent = table.dot([*(step[tier] for tier in head), step[filler]], base)
    first = np.maximum(left - room, 0)
    slope = step[top] - step[filler]
    below = np.ceil((limit - spent) / slope) if slope else np.where(spent < limit, np.inf, 0)
    stop = np.clip(below, first, np.minimum(left, most) + 1).astype(np.int64)
    began, ended = (np.bincount(ends, minlength=most + 2) for ends in (first, stop))
    return np.cumsum(began - ended)[: most + 1]
