"""Tiers held against each other by how often the work sent to them fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routecost.engine.numeric.proportions import Sample
from routecost.engine.numeric.significance import holm, p_greater
from routecost.lint.facts.evidence import Measured, pooled
from routecost.model.routing.limits import Limits
from routecost.model.routing.table import Route

_NOTHING = 1e-12  # 0.99 - 0.97 is not quite 0.02

Rested = Sequence[tuple[Route, Measured]]


@dataclass(frozen=True, slots=True)
class Gap:
    """A tier (or one task type on it) that is held against a higher one.

    ``index`` is the row of the table to point at.
    """

    low_tier: str
    high_tier: str
    low: Sample
    high: Sample
    index: int
    task: str | None = None

    @property
    def size(self) -> float:
        """How much more often the lower tier fails."""
        return self.high.rate - self.low.rate

    @property
    def p_value(self) -> float:
        """The one-sided p-value against failing no more often, uncorrected."""
        return p_greater(self.low.failures, self.high.failures)


def gaps(rested: Rested, tiers: Sequence[str], limits: Limits) -> Iterator[Gap]:
    """Yield the significant gaps: between tiers, and for single rows where their whole tier has none."""
    compared = list(_comparisons(rested, tiers))
    alpha, least = 1 - float(limits.confidence), float(limits.failure_gap) + _NOTHING
    # What is too small to matter counts among the comparisons, and needs no test.
    adjusted = holm([gap.p_value if gap.size > least else 1.0 for gap in compared])
    found = [gap for gap, p_value in zip(compared, adjusted, strict=True) if p_value <= alpha]
    whole = {gap.low_tier for gap in found if gap.task is None}
    return (gap for gap in found if gap.task is None or gap.low_tier not in whole)


def _comparisons(rested: Rested, tiers: Sequence[str]) -> Iterator[Gap]:
    rows: dict[str, list[tuple[Route, Measured]]] = {}
    for route, measured in rested:
        rows.setdefault(route.tier, []).append((route, measured))
    for low, high in pairwise(tier for tier in tiers if tier in rows):
        below, above = (pooled(measured.sample for _, measured in rows[tier]) for tier in (low, high))
        if below is None or above is None:
            continue
        yield Gap(low, high, below, above, rows[low][0][0].index)
        if len(rows[low]) > 1:
            for route, measured in rows[low]:
                yield Gap(low, high, measured.sample, above, route.index, route.task)
