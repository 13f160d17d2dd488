"""Sweeps: all mixes of the tiers on a grid, with their costs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from routecost.engine.compare.compare import compare
from routecost.engine.mixes import cost_bounds
from routecost.engine.mixes.chunked_columns import Line, Same, Shares
from routecost.engine.mixes.failures import MixFailures
from routecost.engine.mixes.grid import simplex_lattice
from routecost.engine.mixes.grid_ends import GridEnds, limits
from routecost.engine.mixes.highlights import highlights
from routecost.engine.mixes.linearity import why_not_linear
from routecost.engine.mixes.nonlinear import costs_per_day
from routecost.engine.mixes.quality import PricedGrid, qualities, totals
from routecost.engine.mixes.simplex_lattice import Simplex, simplex
from routecost.engine.mixes.tier_success import tier_quality
from routecost.engine.mixes.totals import with_failures
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UsageError
from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.mix_sweep import (
    TOTALS,
    MixGrid,
    SimplexLattice,
    Sweep,
    Values,
)
from routecost.model.scenario.budget import Period
from routecost.model.scenario.scenario import Scenario
from routecost.units import exact

CALCULATED = (
    "cost_per_day",
    "cost_per_month",
    "vs_baseline",
    "savings_per_month",
    "quality",
    "on_frontier",
)
"""The columns after those of the tiers; ``cost_per_success`` follows if success rates are known."""
LAST = ("cost_per_success", "vs_baseline_low", "savings_per_month_high", *TOTALS, "total_on_frontier")
"""The columns that may follow."""

Costs = npt.NDArray[np.float64]


@exact
def sweep(scenario: Scenario, grid: MixGrid, as_of: date) -> Sweep:
    """Price every mix of the tiers on a grid, at the rates of ``as_of``.

    Every amount comes from ``compare``: each tier is priced once. Cost is linear in the shares of a
    mix, so the mixes are weighted sums of these. If it is not, ``why_not_linear`` says why, and mixes
    are sums over tiers by share if possible, else priced one by one.

    Raises as ``compare`` and :func:`routecost.engine.mixes.grid.simplex_lattice` do, and UsageError
    for a tier with the name of a column, and for more mixes than can be priced one by one.
    """
    tiers = scenario.pricing.tier_names
    _refuse_column_names(tiers)
    mixes = simplex_lattice(grid, tiers)
    comparison, work = _comparable(scenario, compare(scenario, as_of))
    alone = _tier_costs(scenario, mixes, as_of)
    per_day = dict.fromkeys(mixes.bases) | {tier: cost.cost_per_day for tier, cost in alone.items()}
    days = scenario.days_per(Period.MONTH)
    per_month = {tier: None if cost is None else cost * days for tier, cost in per_day.items()}
    table = simplex(tuple(mixes.caps.values()), mixes.spare) if mixes.caps else None
    why = why_not_linear(scenario)
    costs = totals(mixes, table, per_day) if why is None else costs_per_day(scenario, mixes, table, as_of)
    used = [tier for tier in mixes.bases if mixes.span(tier)[1]]
    rates = tier_quality(scenario.workload, used)
    priced = PricedGrid(
        mixes, table, costs, per_month, days, scenario.workload.tasks_per_day, is_linear=why is None
    )
    ends = GridEnds(scenario, as_of).of(priced, limits(comparison))
    quality, quality_columns = (None, {}) if rates is None else qualities(priced, rates)
    swept = Sweep(
        comparison=comparison,
        lattice=mixes,
        tier_costs=per_month,
        columns=_columns(mixes, table, costs, comparison, days)
        | quality_columns
        | _worst_columns(costs, comparison, days),
        highlights=highlights(comparison, mixes, ends.cheapest, ends.most_expensive),
        ranges=ends.ranges,
        most_expensive_tier=cost_bounds.most_expensive_tier(mixes, per_month),
        cheaper=ends.cheaper,
        quality=quality,
        calls_per_task=work,
        why_not_linear=why,
        cheaper_high=ends.cheaper_high,
    )
    default = None if comparison.default is None else comparison[comparison.default]
    failures = MixFailures(alone, default, tiers)
    return with_failures(swept, priced, failures, GridEnds(scenario, as_of)) if failures.counts else swept


def _comparable(
    scenario: Scenario, comparison: Comparison
) -> tuple[Comparison, dict[str, tuple[Decimal, ...]]]:
    """Return the comparison without a baseline or default that does other work than a mix, and the work."""
    own = tuple(Decimal(task.calls.per_task) for task in scenario.workload.task_types)
    references = dict.fromkeys(filter(None, (comparison.baseline, comparison.default)))
    work = {name: comparison[name].calls_per_task for name in references}
    others = {name: calls for name, calls in work.items() if calls != own}
    if not others:
        return comparison, {}
    baseline, default = (
        None if name in others else name for name in (comparison.baseline, comparison.default)
    )
    return replace(comparison, baseline=baseline, default=default), {"the mixes": own, **others}


def _refuse_column_names(tiers: tuple[str, ...]) -> None:
    for tier in tiers:
        if tier in (*CALCULATED, *LAST):
            raise UsageError(
                f'a tier named "{tier}" has the name of a column of a sweep; rename it in the sheet'
            )


def _tier_costs(scenario: Scenario, mixes: SimplexLattice, as_of: date) -> dict[str, StrategyCost]:
    """Return the cost if every task goes to one tier, for the tiers that some mix uses."""
    used = [tier for tier in mixes.bases if mixes.span(tier)[1]]
    alone = replace(scenario, strategies={tier: UniformTier(tier) for tier in used}, baseline=None)
    priced = compare(replace(alone, default=None, proposed=None), as_of)
    return {cost.strategy: cost for cost in priced.strategies}


def _columns(
    mixes: SimplexLattice, table: Simplex | None, costs: Costs, comparison: Comparison, days: Decimal
) -> dict[str, Values]:
    steps = {} if table is None else dict(zip(mixes.caps, table.columns, strict=True))
    shares: dict[str, Values] = {
        tier: Shares.of(steps[tier], base, mixes.step) if tier in steps else Same(float(base), mixes.count)
        for tier, base in mixes.bases.items()
    }
    baseline, default = (
        _reference(comparison, comparison.baseline),
        _reference(comparison, comparison.default),
    )
    unknown = Same(None, mixes.count)
    calculated = (
        costs,
        Line(costs, float(days)),
        Line(costs, float(1 / baseline), -1.0) if baseline else unknown,
        unknown if default is None else Line(costs, -float(days), float(default * days)),
        unknown,
        unknown,
    )
    return shares | dict(zip(CALCULATED, calculated, strict=True))


def _worst_columns(costs: Costs, comparison: Comparison, days: Decimal) -> dict[str, Values]:
    """Return the columns relative to the baseline and the default in their worst case, if they have one."""
    columns: dict[str, Values] = {}
    names = [("vs_baseline_low", comparison.baseline), ("savings_per_month_high", comparison.default)]
    for key, name in names:
        cost = None if name is None else comparison[name]
        if cost is None or cost.cost_per_month_high == cost.cost_per_month:
            continue
        most = float(cost.cost_per_month_high)
        if key == "savings_per_month_high":
            columns[key] = Line(costs, -float(days), most)
        elif most:
            columns[key] = Line(costs, float(days) / most, -1.0)
    return columns


def _reference(comparison: Comparison, name: str | None) -> Decimal | None:
    return None if name is None else comparison[name].cost_per_day
