"""Cheapest and most expensive mixes of a grid, without enumerating all mixes.

Cost is a sum over tiers, so the remaining steps go to the cheapest tier first (or to the most
expensive), up to its cap: no exchange of a step between two tiers improves on that.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from decimal import Decimal

from routecost.model.results.mix_sweep import PricedMix, ShareRange, SimplexLattice
from routecost.records import dataclass
from routecost.units import ZERO, exact

TierCosts = Mapping[str, Decimal | None]
"""The cost of a month if every task goes to a tier; None for tiers that no mix uses."""


@exact
def cheapest(lattice: SimplexLattice, costs: TierCosts, given: Mapping[str, int] | None = None) -> PricedMix:
    """Return the cheapest mix, or the cheapest with the ``given`` steps of some tiers."""
    return _filled(lattice, costs, given or {}, expensive_first=False)


@exact
def most_expensive(
    lattice: SimplexLattice, costs: TierCosts, given: Mapping[str, int] | None = None
) -> PricedMix:
    """Return the most expensive mix, or the most expensive with the ``given`` steps of some tiers."""
    return _filled(lattice, costs, given or {}, expensive_first=True)


@dataclass(frozen=True, eq=False)
class RangesByTier(Mapping[str, tuple[ShareRange, ...]]):
    """The ranges of each tier that varies, computed on demand because most are never read."""

    lattice: SimplexLattice
    costs: TierCosts
    most: int

    def __getitem__(self, tier: str) -> tuple[ShareRange, ...]:
        """Return the ranges of a tier; KeyError for one that does not vary."""
        return by_share(self.lattice, self.costs, tier, self.most)

    def __iter__(self) -> Iterator[str]:
        """Yield the tiers that vary, low to high."""
        return iter(self.lattice.caps)

    def __len__(self) -> int:
        """Return the number of tiers that vary."""
        return len(self.lattice.caps)


@exact
def by_share(lattice: SimplexLattice, costs: TierCosts, tier: str, most: int) -> tuple[ShareRange, ...]:
    """Return the cheapest and the most expensive mixes at (about ``most``) shares of a tier, rising."""
    return tuple(
        ShareRange(
            lattice.bases[tier] + steps * lattice.step,
            _filled(lattice, costs, {tier: steps}, expensive_first=False),
            _filled(lattice, costs, {tier: steps}, expensive_first=True),
        )
        for steps in thinned(lattice.caps[tier], most)
    )


def most_expensive_tier(lattice: SimplexLattice, costs: TierCosts) -> str | None:
    """Return the most expensive tier that varies, the highest of them if several cost the same."""
    return max(
        lattice.caps, key=lambda tier: (costs[tier] or 0, list(lattice.caps).index(tier)), default=None
    )


def farthest_below(lattice: SimplexLattice, costs: TierCosts, tier: str, limit: Decimal) -> PricedMix | None:
    """Return the cheapest mix below ``limit`` with the highest share of the most expensive tier.

    The cost of the cheapest mix rises with the share of the most expensive tier, so bisection finds it.
    """
    steps = range(lattice.caps[tier] + 1)
    too_many = bisect_left(
        steps, True, key=lambda taken: cheapest(lattice, costs, {tier: taken}).cost_per_month >= limit
    )
    return cheapest(lattice, costs, {tier: too_many - 1}) if too_many else None


def thinned(cap: int, most: int) -> list[int]:
    """Return about ``most`` numbers of steps from 0 to ``cap``, evenly spaced except the last."""
    stride = max(1, -(-cap // most))
    return sorted({*range(0, cap + 1, stride), cap})


def _filled(
    lattice: SimplexLattice, costs: TierCosts, given: Mapping[str, int], expensive_first: bool
) -> PricedMix:
    others = [tier for tier in lattice.caps if tier not in given]
    left, steps = lattice.spare - sum(given.values()), dict(given)
    for tier in sorted(others, key=lambda tier: costs[tier] or 0, reverse=expensive_first):
        steps[tier] = min(lattice.caps[tier], left)
        left -= steps[tier]
    shares = {tier: base + steps.get(tier, 0) * lattice.step for tier, base in lattice.bases.items()}
    return PricedMix(shares, sum((share * (costs[tier] or 0) for tier, share in shares.items()), ZERO))
