"""Comparison of adjacent tiers by failure rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from routecost.engine.numeric.proportions import Sample
from routecost.engine.numeric.significance import holm, p_greater
from routecost.lint.facts.evidence import LocatedEvidence, pooled
from routecost.model.routing.limits import Limits
from routecost.model.routing.table import Route
from routecost.records import dataclass

_TOLERANCE = 1e-12  # 0.99 - 0.97 is not quite 0.02

RoutesWithEvidence = Sequence[tuple[Route, LocatedEvidence]]


@dataclass(frozen=True, slots=True)
class FailureGap:
    """The difference of failure rates between a tier (or one task type on it) and a higher tier.

    ``index`` is the row of the table that a finding points at.
    """

    low_tier: str
    high_tier: str
    low: Sample
    high: Sample
    index: int
    task: str | None = None

    @property
    def size(self) -> float:
        """The failure rate of the lower tier minus that of the higher."""
        return self.high.rate - self.low.rate

    @property
    def p_value(self) -> float:
        """The one-sided p-value of "the lower tier fails no more often", uncorrected."""
        return p_greater(self.low.failures, self.high.failures)


def failure_gaps(
    routes_with_evidence: RoutesWithEvidence, tiers: Sequence[str], limits: Limits
) -> Iterator[FailureGap]:
    """Yield the significant gaps between tiers, and of single rows whose tier has none."""
    compared = list(_comparisons(routes_with_evidence, tiers))
    alpha, least = 1 - float(limits.confidence), float(limits.failure_gap) + _TOLERANCE
    # Gaps too small to matter count as comparisons for Holm's correction, but need no test.
    adjusted = holm([gap.p_value if gap.size > least else 1.0 for gap in compared])
    significant = [gap for gap, p_value in zip(compared, adjusted, strict=True) if p_value <= alpha]
    tiers_with_gap = {gap.low_tier for gap in significant if gap.task is None}
    return (gap for gap in significant if gap.task is None or gap.low_tier not in tiers_with_gap)


def _comparisons(routes_with_evidence: RoutesWithEvidence, tiers: Sequence[str]) -> Iterator[FailureGap]:
    rows: dict[str, list[tuple[Route, LocatedEvidence]]] = {}
    for route, measured in routes_with_evidence:
        rows.setdefault(route.tier, []).append((route, measured))
    for low, high in pairwise(tier for tier in tiers if tier in rows):
        below, above = (pooled(measured.sample for _, measured in rows[tier]) for tier in (low, high))
        if below is None or above is None:
            continue
        yield FailureGap(low, high, below, above, rows[low][0][0].index)
        if len(rows[low]) > 1:
            for route, measured in rows[low]:
                yield FailureGap(low, high, measured.sample, above, route.index, route.task)
