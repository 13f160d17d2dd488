"""Comparison of adjacent tiers by failure rate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
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
    routes_with_evidence: RoutesWithEvidence,
    tiers: Sequence[str],
    limits: Limits,
    settled_tasks: Callable[[], Collection[str]] = tuple,
) -> Iterator[FailureGap]:
    """Yield the significant gaps of single rows, and of tiers whose other rows have one together.

    Rows of task types in ``settled_tasks``, which are asked for only if there is a gap, are not reported.
    """
    levels = list(_levels(routes_with_evidence, tiers))
    compared = [gap for level in levels for gap in level.gaps()]
    alpha, least = 1 - float(limits.confidence), float(limits.failure_gap) + _TOLERANCE
    # Gaps too small to matter count as comparisons for Holm's correction, but need no test.
    adjusted = holm([gap.p_value if gap.size > least else 1.0 for gap in compared])
    significant = {
        (gap.low_tier, gap.task) for gap, p_value in zip(compared, adjusted, strict=True) if p_value <= alpha
    }
    settled = settled_tasks() if significant else ()
    for level in levels:
        culprits = [route.task for route, _ in level.rows if (level.low, route.task) in significant]
        yield from (gap for gap in level.gaps() if gap.task in culprits and gap.task not in settled)
        rest = level.without(culprits, settled) if (level.low, None) in significant else None
        is_gap = rest is not None and rest.size > least
        if rest is not None and is_gap and (not culprits or rest.p_value * len(compared) <= alpha):
            yield rest


@dataclass(frozen=True, slots=True)
class _Level:
    """The rows of a tier, and the pooled sample of the next tier that has any."""

    low: str
    high: str
    rows: RoutesWithEvidence
    above: Sample

    def gaps(self) -> Iterator[FailureGap]:
        """Yield the gap of the tier, and that of each row if there are several."""
        whole = self.without(())
        if whole is not None:
            yield whole
        if len(self.rows) > 1:
            for route, measured in self.rows:
                yield FailureGap(self.low, self.high, measured.sample, self.above, route.index, route.task)

    def without(self, tasks: Collection[str], settled: Collection[str] = ()) -> FailureGap | None:
        """Return the gap of all rows but some, placed at the row with the most failures in excess.

        That row is not of a ``settled`` task type; None if no row is left.
        """
        rows = [(route, measured.sample) for route, measured in self.rows if route.task not in tasks]
        below = pooled(sample for _, sample in rows)
        movable = [(route, sample) for route, sample in rows if route.task not in settled]
        if below is None or not movable:
            return None
        expected = self.above.failures.rate
        worst, _ = max(movable, key=lambda row: row[1].failures.successes - expected * row[1].trials)
        return FailureGap(self.low, self.high, below, self.above, worst.index)


def _levels(routes_with_evidence: RoutesWithEvidence, tiers: Sequence[str]) -> Iterator[_Level]:
    rows: dict[str, list[tuple[Route, LocatedEvidence]]] = {}
    for route, measured in routes_with_evidence:
        rows.setdefault(route.tier, []).append((route, measured))
    for low, high in pairwise(tier for tier in tiers if tier in rows):
        above = pooled(measured.sample for _, measured in rows[high])
        if above is not None:
            yield _Level(low, high, rows[low], above)
