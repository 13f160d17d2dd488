"""The ends of a grid, the ranges by share, and the mixes that cost less than the default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from routecost.engine.mixes import cost_bounds
from routecost.engine.mixes.cheaper_than_default import MOST_SHARES, cheaper
from routecost.engine.mixes.chunked_columns import ROUNDING
from routecost.engine.mixes.nonlinear import PricedTable, price_mix
from routecost.engine.mixes.quality import PricedGrid
from routecost.model.results.comparison import Comparison
from routecost.model.results.mix_sweep import CheaperMixes, PricedMix, ShareRange
from routecost.model.scenario.scenario import Scenario
from routecost.records import dataclass
from routecost.units import ZERO


class Ends(NamedTuple):
    """The ends of a grid, the ranges by share, and the mixes cheaper than the default."""

    cheapest: PricedMix
    most_expensive: PricedMix
    ranges: Mapping[str, tuple[ShareRange, ...]]
    cheaper: CheaperMixes | None
    cheaper_high: int | None


def limits(comparison: Comparison) -> tuple[Decimal, ...]:
    """Return the cost of calls with the default, in the usual and the worst case; empty without one."""
    default = None if comparison.default is None else comparison[comparison.default]
    return () if default is None else (default.cost_per_month, default.cost_per_month_high)


@dataclass(frozen=True, slots=True)
class GridEnds:
    """The ends of the grids of a scenario, at the prices of a day."""

    scenario: Scenario
    day: date

    def of(
        self, grid: PricedGrid, below: Sequence[Decimal], failures: Mapping[str, Decimal] | None = None
    ) -> Ends:
        """Return the ends of a grid: by the tiers' costs if cost is linear, else by all mixes.

        ``below`` are the costs of the default, ``failures`` what is added to the cost of calls by tier.
        """
        mixes, costs = grid.mixes, grid.per_month
        if grid.is_linear:
            less = [cheaper(mixes, costs, limit) for limit in dict.fromkeys(below)]
            return Ends(
                cost_bounds.cheapest(mixes, costs),
                cost_bounds.most_expensive(mixes, costs),
                cost_bounds.RangesByTier(mixes, costs, MOST_SHARES),
                *_usual_and_worst(less),
            )

        def price(shares: Mapping[str, Decimal]) -> Decimal:
            calls = price_mix(self.scenario, shares, self.day) * grid.days
            return calls + sum((shares[tier] * cost for tier, cost in (failures or {}).items()), ZERO)

        table = PricedTable(mixes, grid.table, grid.per_day * float(grid.days), price, MOST_SHARES)
        tier = cost_bounds.most_expensive_tier(mixes, costs)
        less = [table.cheaper(tier, float(limit) * (1 - ROUNDING)) for limit in dict.fromkeys(below)]
        return Ends(table.cheapest(), table.most_expensive(), table, *_usual_and_worst(less))


def _usual_and_worst(less: list[CheaperMixes]) -> tuple[CheaperMixes | None, int | None]:
    """Return the mixes cheaper than the default, and their number in its worst case if it has one."""
    return less[0] if less else None, less[1].count if len(less) > 1 else None
