"""Highlighted mixes: cheapest, most expensive, and the scenario's own strategies."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from routecost.model.results.comparison import Comparison, StrategyCost
from routecost.model.results.mix_sweep import Highlight, PricedMix, SimplexLattice
from routecost.units import ZERO, exact

Amount = Callable[[StrategyCost], Decimal]
"""What decides between strategies."""


def calls(cost: StrategyCost) -> Decimal:
    """Return the cost of a month of calls."""
    return cost.cost_per_month


def with_failures(cost: StrategyCost) -> Decimal:
    """Return the cost of a month with failures, as far as it is known."""
    return cost.total.low or ZERO


@exact
def highlights(
    comparison: Comparison,
    lattice: SimplexLattice,
    cheapest: PricedMix,
    most_expensive: PricedMix,
    amount: Amount = calls,
) -> tuple[Highlight, ...]:
    """Return the strategies and the ends of the grid, by rising cost.

    A strategy that is an end of the grid is marked as one, and the end is not repeated.
    """
    ends = {"cheapest": cheapest, "most expensive": most_expensive}
    strategies = [
        _highlight(comparison, cost.strategy, PricedMix(shares, amount(cost)), ends, amount)
        for cost in comparison.strategies
        if cost.expansion.mix and not cost.leaves_tasks  # with several tiers per task, it is not a mix
        for shares in [{tier: cost.expansion.mix.get(tier, ZERO) for tier in lattice.bases}]
    ]
    listed = [highlight.mix for highlight in strategies]
    unlisted = [end for end, mix in ends.items() if mix not in listed]
    shown = unlisted[:1] if cheapest == most_expensive else unlisted
    strategies += [_highlight(comparison, None, ends[end], ends, amount) for end in shown]
    return tuple(sorted(strategies, key=lambda highlight: highlight.mix.cost_per_month))


def _highlight(
    comparison: Comparison,
    strategy: str | None,
    mix: PricedMix,
    ends: dict[str, PricedMix],
    amount: Amount,
) -> Highlight:
    baseline, default = (
        None if name is None else amount(comparison[name])
        for name in (comparison.baseline, comparison.default)
    )
    return Highlight(
        strategy=strategy,
        mix=mix,
        ends=tuple(end for end, limit in ends.items() if limit == mix),
        vs_baseline=mix.cost_per_month / baseline - 1 if baseline else None,
        savings_per_month=None if default is None else default - mix.cost_per_month,
    )
