"""Best mix of tiers, within a budget for calls if there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import count, permutations, product
from math import comb

from routecost.optimize.candidates import Cost
from routecost.units import ONE, ZERO, exact

Shares = dict[str, Decimal]
PriceMix = Callable[[Shares], Cost | None]
"""The cost of a mix; None if unknown."""

_STEP = Decimal("1e-12")
_MOST_TRIED = 2_000
_PARTS = (20, 10, 5, 4, 2, 1)


@exact
def best_mix(tiers: Mapping[str, Cost], budget: Decimal | None) -> Shares | None:
    """Return the cheapest mix whose calls cost at most ``budget``, or None.

    Cost is linear in the shares, so the best mix without a budget is one tier, and with a budget
    at most two. Shares are rounded to 12 digits, towards the cheaper calls.
    """
    mixes = [{tier: ONE} for tier, cost in tiers.items() if budget is None or cost.calls <= budget]
    for high, low in permutations(tiers, 2) if budget is not None else ():
        spread = tiers[high].calls - tiers[low].calls
        if budget is not None and tiers[low].calls <= budget < tiers[high].calls:
            share = ((budget - tiers[low].calls) / spread).quantize(_STEP, ROUND_FLOOR)
            mixes.append(_pair(low, high, share))
    return min(mixes, key=lambda mix: _total(tiers, mix), default=None)


def _total(tiers: Mapping[str, Cost], mix: Mapping[str, Decimal]) -> Decimal:
    return sum((tiers[tier].total * share for tier, share in mix.items()), ZERO)


def _pair(low: str, high: str, share: Decimal) -> Shares:
    return {low: 1 - share, high: share} if share else {low: ONE}


@exact
def best_priced_mix(
    tiers: Sequence[str], price: PriceMix, budget: Decimal | None, floor: Decimal = ZERO
) -> Shares | None:
    """Return the cheapest mix whose calls cost at most ``budget`` and that succeeds as often as ``floor``.

    Cost need not be linear in the shares: tries the mixes of a grid and, with a budget, the pairs of
    tiers that use it up.
    """
    candidates = [*_grid(tiers)]
    if budget is not None:
        candidates += [_within(pair, price, budget) for pair in permutations(tiers, 2)]
    costs = [(price(mix), mix) for mix in candidates]
    known = [
        (cost.total, cost.calls, at)
        for at, (cost, _) in enumerate(costs)
        if cost is not None and (budget is None or cost.calls <= budget) and cost.success >= floor
    ]
    return costs[min(known)[2]][1] if known else None


def _grid(tiers: Sequence[str]) -> Iterator[Shares]:
    if not tiers:
        return
    others = len(tiers) - 1
    parts = next((parts for parts in _PARTS if comb(parts + others, others) <= _MOST_TRIED), 1)
    for counts in product(range(parts + 1), repeat=others):
        if sum(counts) <= parts:
            every = zip(tiers, (parts - sum(counts), *counts), strict=True)
            yield {tier: Decimal(part) / parts for tier, part in every if part}


def _within(pair: tuple[str, str], price: PriceMix, budget: Decimal) -> Shares:
    """Return the mix of two tiers with the most of the second whose calls fit the budget.

    A step is tried where the costs of the ends say that the budget is met, and the one after it, so
    that a cost that is almost linear needs few; every third step halves what is left.
    """

    def spare(share: int) -> Decimal | None:
        cost = price(_pair(*pair, share * _STEP))
        return None if cost is None else budget - cost.calls

    ends = {at: spare(at) for at in (0, int(1 / _STEP))}
    low, high = ends
    if _fits(ends[high]):
        return {pair[1]: ONE}
    if not _fits(ends[low]):
        return {pair[0]: ONE}
    for step in count():
        if high - low <= 1:
            break
        at = (low + high) // 2
        if step % 3 < 2 and (before := ends[low]) is not None and (after := ends[high]) is not None:
            met = low + int((high - low) * before / (before - after)) if before > after else at
            at = min(max(met + step % 3, low + 1), high - 1)
        ends[at] = spared = spare(at)
        low, high = (at, high) if _fits(spared) else (low, at)
    return _pair(*pair, low * _STEP)


def _fits(spare: Decimal | None) -> bool:
    return spare is not None and spare >= 0
