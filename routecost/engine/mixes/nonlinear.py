"""Costs of the mixes of a grid if they are not linear in the shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from routecost.engine.compare.compare import price_all, settled_bill, tier_models_of
from routecost.engine.mixes.cost_bounds import thinned
from routecost.engine.mixes.grid import count
from routecost.engine.mixes.linearity import shares_cache, why_not_by_tier
from routecost.engine.mixes.simplex_lattice import Simplex
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UsageError
from routecost.model.results.mix_sweep import CheaperMixes, PricedMix, ShareRange, SimplexLattice
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Workload
from routecost.records import dataclass
from routecost.units import ZERO, exact

MOST_PRICED_SINGLY = 20_000
"""The most mixes that are priced one by one."""

Costs = npt.NDArray[np.float64]
MIX = "mix"


@exact
def costs_per_day(scenario: Scenario, mixes: SimplexLattice, table: Simplex | None, day: date) -> Costs:
    """Return the cost of each mix per day.

    If it is a sum over tiers, each tier is priced once for each of its shares. Otherwise each mix is
    priced. Raises UsageError if there are too many of these.
    """
    used = [tier for tier in mixes.bases if mixes.span(tier)[1]]
    why = why_not_by_tier(scenario, used, tier_models_of(scenario, day))
    if why is None:
        return _by_tier(scenario, mixes, table, day)
    if mixes.count > MOST_PRICED_SINGLY:
        raise UsageError(
            f"{why}, so that each mix is priced by itself, and not as a sum over its tiers: the "
            f"grid has {mixes.count:,} mixes; expected at most {MOST_PRICED_SINGLY:,}: take a larger step, "
            "or hold or range more tiers"
        )
    singly = (float(price_mix(scenario, shares, day)) for shares in _mixes(mixes, table))
    return np.fromiter(singly, np.float64, mixes.count)


@exact
def price_mix(scenario: Scenario, shares: Mapping[str, Decimal], day: date) -> Decimal:
    """Return the cost per day of a mix, terms on totals included."""
    mixed = replace(scenario, strategies={MIX: Mix(shares)})
    _, daily = price_all(mixed, day)[MIX]
    return settled_bill(daily, scenario).total / scenario.days_per_month


def _mixes(mixes: SimplexLattice, table: Simplex | None) -> Iterator[dict[str, Decimal]]:
    for at in range(mixes.count):
        yield shares_at(mixes, table, at)


def shares_at(mixes: SimplexLattice, table: Simplex | None, at: int) -> dict[str, Decimal]:
    """Return the shares of the mix in a row of the table."""
    columns = () if table is None else table.columns
    steps = {tier: int(column[at]) for tier, column in zip(mixes.caps, columns, strict=True)}
    return {tier: mixes.share(tier, steps.get(tier, 0)) for tier in mixes.bases}


def _by_tier(scenario: Scenario, mixes: SimplexLattice, table: Simplex | None, day: date) -> Costs:
    fixed = sum((_of_tier(scenario, tier, share, day) for tier, share in mixes.fixed.items() if share), ZERO)
    costs = np.full(mixes.count, float(fixed))
    for tier, column in zip(mixes.caps, () if table is None else table.columns, strict=True):
        steps = range(mixes.caps[tier] + 1)
        costs += np.array([float(_of_tier(scenario, tier, mixes.share(tier, at), day)) for at in steps])[
            column
        ]
    return costs


def _of_tier(scenario: Scenario, tier: str, share: Decimal, day: date) -> Decimal:
    """Return the cost per day of the share of the tasks that run on a tier."""
    if not share:
        return ZERO
    tasks = scenario.workload.task_types
    cached = Workload(tuple(task for task in tasks if shares_cache(task)))
    others = Workload(tuple(task for task in tasks if not shares_cache(task)))
    _, by_share = price_all(replace(scenario, workload=cached, strategies={MIX: Mix({tier: share})}), day)[
        MIX
    ]
    total = by_share.total
    if others.task_types:
        alone = replace(scenario, workload=others, strategies={tier: UniformTier(tier)})
        total += share * price_all(alone, day)[tier][1].total
    return total


@dataclass(frozen=True, eq=False)
class PricedTable(Mapping[str, tuple[ShareRange, ...]]):
    """The mixes of a grid with their costs per month; a mapping of the ranges of each tier that varies."""

    mixes: SimplexLattice
    table: Simplex | None
    per_month: Costs
    price: Callable[[Mapping[str, Decimal]], Decimal]
    most: int

    def cheapest(self) -> PricedMix:
        """Return the cheapest mix."""
        return self._priced(int(self.per_month.argmin()))

    def most_expensive(self) -> PricedMix:
        """Return the most expensive mix."""
        return self._priced(int(self.per_month.argmax()))

    def __getitem__(self, tier: str) -> tuple[ShareRange, ...]:
        """Return the ranges of a tier; KeyError for one that does not vary."""
        return tuple(self._range(tier, at) for at in thinned(self.mixes.caps[tier], self.most))

    def __iter__(self) -> Iterator[str]:
        """Yield the tiers that vary, low to high."""
        return iter(self.mixes.caps)

    def __len__(self) -> int:
        """Return the number of tiers that vary."""
        return len(self.mixes.caps)

    def cheaper(self, tier: str | None, limit: float) -> CheaperMixes:
        """Count the mixes that cost less than ``limit``, by the share of a tier."""
        less = self.per_month < limit
        if tier is None:
            return CheaperMixes(int(less.sum()), {}, None)
        column, cap = self._column(tier), self.mixes.caps[tier]
        counts = np.bincount(column[less], minlength=cap + 1)
        others = [most for other, most in self.mixes.caps.items() if other != tier]
        by_share = {
            self.mixes.share(tier, at): (int(counts[at]), count(others, self.mixes.spare - at))
            for at in thinned(cap, self.most)
        }
        reached = np.flatnonzero(counts)
        farthest = self._range(tier, int(reached[-1])).cheapest if len(reached) else None
        return CheaperMixes(int(less.sum()), by_share, farthest)

    def _range(self, tier: str, steps: int) -> ShareRange:
        places = np.flatnonzero(self._column(tier) == steps)
        costs = self.per_month[places]
        low, high = (self._priced(int(places[at])) for at in (costs.argmin(), costs.argmax()))
        return ShareRange(self.mixes.share(tier, steps), low, high)

    def _column(self, tier: str) -> npt.NDArray[np.unsignedinteger]:
        assert self.table is not None
        return self.table.columns[list(self.mixes.caps).index(tier)]

    def _priced(self, at: int) -> PricedMix:
        shares = shares_at(self.mixes, self.table, at)
        return PricedMix(shares, self.price(shares))
