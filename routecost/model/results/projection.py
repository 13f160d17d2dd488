"""A projection with bands around its months."""

from __future__ import annotations

from dataclasses import replace
from itertools import repeat

from routecost.model.results.merge_projection import Projection, StrategySpend
from routecost.model.results.outlook import BudgetOdds, Outlook, StrategyOutlook


def banded(projection: Projection, outlook: Outlook) -> Projection:
    """Return a projection with what an outlook says of its months."""
    spends = {spend.strategy: spend for spend in projection.strategies}
    for found in outlook.strategies:
        spends[found.strategy] = _banded(spends[found.strategy], found, outlook.odds)
    return replace(projection, strategies=tuple(spends.values()), outlook=outlook)


def _banded(spend: StrategySpend, found: StrategyOutlook, odds: BudgetOdds | None) -> StrategySpend:
    over = odds.months if odds is not None and odds.strategy == spend.strategy else repeat(None)
    months = (
        replace(
            month,
            p10=band.p10,
            p50=band.p50,
            p90=band.p90,
            cumulative_p10=so_far.p10,
            cumulative_p90=so_far.p90,
            over_budget_probability=probability,
        )
        for month, band, so_far, probability in zip(spend.months, found.months, found.cumulative, over)  # noqa: B905
    )
    return replace(spend, months=tuple(months))
