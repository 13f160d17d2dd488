"""Sweeps by the cost of calls and failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from math import isfinite

import numpy as np

from routecost.engine.mixes import cost_bounds
from routecost.engine.mixes.failures import Ends, MixFailures, failure_columns
from routecost.engine.mixes.grid_ends import GridEnds
from routecost.engine.mixes.highlights import highlights
from routecost.engine.mixes.highlights import with_failures as amount
from routecost.engine.mixes.quality import PricedGrid, qualities, totals
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.failures import Between, excess
from routecost.model.results.mix_sweep import Highlight, Sweep
from routecost.units import ZERO


def with_failures(swept: Sweep, grid: PricedGrid, failures: MixFailures, ends: GridEnds) -> Sweep:
    """Return a sweep with its totals: as a sweep of its own if all are known, else between bounds."""
    shares = {tier: swept.columns[tier] for tier in failures.by_tier}
    calls = swept.columns["cost_per_month"]
    swept = replace(
        swept,
        columns={**swept.columns, **failure_columns(failures, shares, calls)},
        highlights=tuple(
            _with_total(one, failures, swept, one.mix.cost_per_month) for one in swept.highlights
        ),
        failures=failures.costs,
    )
    if failures.is_known:
        by_total = _totals(swept, grid, failures, ends)
        return replace(swept, columns=by_total.columns, totals=by_total)
    if failures.default is None:
        return swept
    return replace(swept, below=failures.below(shares, calls, swept.count))


def _totals(swept: Sweep, grid: PricedGrid, failures: MixFailures, ends: GridEnds) -> Sweep:
    """Return a sweep whose amounts include failures, all of which are known."""
    comparison, mixes = swept.comparison, swept.lattice
    costs = {tier: cost.known or ZERO for tier, cost in failures.costs.items()}
    per_month = {
        tier: None if cost is None else cost + costs[tier] for tier, cost in swept.tier_costs.items()
    }
    per_day = {tier: cost / grid.days for tier, cost in costs.items()}
    priced = replace(
        grid,
        per_day=grid.per_day + totals(mixes, grid.table, dict.fromkeys(mixes.bases) | per_day),
        per_month=per_month,
    )
    new_ends = ends.of(priced, _limits(failures.default), costs)
    listed = highlights(comparison, mixes, new_ends.cheapest, new_ends.most_expensive, amount)
    quality, columns = (None, {}) if swept.quality is None else qualities(priced, swept.quality.by_tier)
    return replace(
        swept,
        tier_costs=per_month,
        columns={**swept.columns, **({"total_on_frontier": columns["on_frontier"]} if columns else {})},
        highlights=tuple(_with_total(one, failures, swept, swept.calls_of(one.mix)) for one in listed),
        ranges=new_ends.ranges,
        most_expensive_tier=cost_bounds.most_expensive_tier(mixes, per_month),
        cheaper=new_ends.cheaper,
        quality=quality,
        cheaper_high=new_ends.cheaper_high,
    )


def _limits(default: StrategyCost | None) -> Sequence[Decimal]:
    """Return the total of the default, and that in the worst case if it is known."""
    ends = () if default is None else (default.total_cost_per_month, default.total_cost_per_month_high)
    return [end for end in ends if end is not None]


def _with_total(highlight: Highlight, failures: MixFailures, swept: Sweep, of_calls: Decimal) -> Highlight:
    """Return a highlight with its total, and its savings with failures if there is a default."""
    default, name = failures.default, highlight.strategy
    if name is not None:
        cost = swept.comparison[name]
        if default is None or cost.calls_per_task != default.calls_per_task:
            return replace(highlight, total=cost.total)
        more = excess(cost.failures, default.failures, failures.tiers).cost
        saved = Between.exactly(default.cost_per_month - cost.cost_per_month)
        return replace(highlight, total=cost.total, total_savings=saved.plus(more.negative))
    shares = {tier: np.array([float(highlight.mix.shares[tier])]) for tier in failures.by_tier}
    calls = np.array([float(of_calls)])
    total = _between(failures.total(shares, calls))
    saving = None if default is None else _between(failures.savings(shares, calls))
    return replace(highlight, total=total, total_savings=saving)


def _between(ends: Ends) -> Between:
    low, high = (float(end[0]) for end in ends)
    return Between(*(Decimal(repr(end)) if isfinite(end) else None for end in (low, high)))
