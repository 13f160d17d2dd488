"""The best mix of tiers: one tier, or two where a budget lies between them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from itertools import permutations

from routecost.optimize.candidates import Cost
from routecost.units import exact

_STEP = Decimal("0.0001")


@exact
def best_mix(tiers: Mapping[str, Cost], budget: Decimal | None) -> dict[str, Decimal] | None:
    """Return the cheapest mix whose calls cost at most ``budget``, in shares of 0.01%; None if none does.

    Cost is linear in the shares, so the best mix without a budget is a tier, and with one it lies on
    the edge between two.
    """
    mixes = [{tier: Decimal(1)} for tier, cost in tiers.items() if budget is None or cost.calls <= budget]
    for dear, cheap in permutations(tiers, 2) if budget is not None else ():
        spread = tiers[dear].calls - tiers[cheap].calls
        if budget is not None and tiers[cheap].calls <= budget < tiers[dear].calls:
            share = ((budget - tiers[cheap].calls) / spread).quantize(_STEP, ROUND_FLOOR)
            mixes.append({cheap: 1 - share, dear: share} if share else {cheap: Decimal(1)})
    return min(mixes, key=lambda mix: _total(tiers, mix), default=None)


def _total(tiers: Mapping[str, Cost], mix: Mapping[str, Decimal]) -> Decimal:
    return sum((tiers[tier].total * share for tier, share in mix.items()), Decimal(0))
