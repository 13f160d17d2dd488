"""Best mix of tiers: one tier, or two tiers if the budget lies between their costs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from itertools import permutations

from routecost.optimize.candidates import Cost
from routecost.units import exact

_STEP = Decimal("0.0001")


@exact
def best_mix(tiers: Mapping[str, Cost], budget: Decimal | None) -> dict[str, Decimal] | None:
    """Return the cheapest mix whose calls cost at most ``budget``, in steps of 0.01%, or None.

    Cost is linear in the shares, so the best mix without a budget is one tier, and with a budget
    at most two.
    """
    mixes = [{tier: Decimal(1)} for tier, cost in tiers.items() if budget is None or cost.calls <= budget]
    for high, low in permutations(tiers, 2) if budget is not None else ():
        spread = tiers[high].calls - tiers[low].calls
        if budget is not None and tiers[low].calls <= budget < tiers[high].calls:
            share = ((budget - tiers[low].calls) / spread).quantize(_STEP, ROUND_FLOOR)
            mixes.append({low: 1 - share, high: share} if share else {low: Decimal(1)})
    return min(mixes, key=lambda mix: _total(tiers, mix), default=None)


def _total(tiers: Mapping[str, Cost], mix: Mapping[str, Decimal]) -> Decimal:
    return sum((tiers[tier].total * share for tier, share in mix.items()), Decimal(0))
