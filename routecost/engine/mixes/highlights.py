"""Highlighted mixes: cheapest, most expensive, and the scenario's own strategies."""

from __future__ import annotations

from routecost.model.results.comparison import Comparison
from routecost.model.results.mix_sweep import Highlight, PricedMix, SimplexLattice
from routecost.units import ZERO, exact


@exact
def highlights(
    comparison: Comparison, lattice: SimplexLattice, cheapest: PricedMix, most_expensive: PricedMix
) -> tuple[Highlight, ...]:
    """Return the strategies and the ends of the grid, by rising cost.

    A strategy that is an end of the grid is marked as one, and the end is not repeated.
    """
    ends = {"cheapest": cheapest, "most expensive": most_expensive}
    strategies = [
        _highlight(comparison, cost.strategy, PricedMix(shares, cost.cost_per_month), ends)
        for cost in comparison.strategies
        if cost.expansion.mix  # a strategy with several tiers per task is not a mix
        for shares in [{tier: cost.expansion.mix.get(tier, ZERO) for tier in lattice.bases}]
    ]
    listed = [highlight.mix for highlight in strategies]
    unlisted = [end for end, mix in ends.items() if mix not in listed]
    shown = unlisted[:1] if cheapest == most_expensive else unlisted
    strategies += [_highlight(comparison, None, ends[end], ends) for end in shown]
    return tuple(sorted(strategies, key=lambda highlight: highlight.mix.cost_per_month))


def _highlight(
    comparison: Comparison, strategy: str | None, mix: PricedMix, ends: dict[str, PricedMix]
) -> Highlight:
    baseline, default = (
        None if name is None else comparison[name].cost_per_month
        for name in (comparison.baseline, comparison.default)
    )
    return Highlight(
        strategy=strategy,
        mix=mix,
        ends=tuple(end for end, limit in ends.items() if limit == mix),
        vs_baseline=mix.cost_per_month / baseline - 1 if baseline else None,
        savings_per_month=None if default is None else default - mix.cost_per_month,
    )
