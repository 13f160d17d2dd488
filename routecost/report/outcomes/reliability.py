"""Reliability diagram of the confidences of models."""

from __future__ import annotations

from routecost.engine.numeric.proportions import wilson_at
from routecost.errors import UsageError
from routecost.model.report.reliability_figure import ReliabilityFigure, ReliabilityPanel, ReliabilityPoint
from routecost.optimize.outcomes.learn.learned import Learned
from routecost.optimize.outcomes.statistics.reliability import Bin

MOST_PANELS = 12
_CONFIDENCE = 0.95


def figure(learned: Learned, name: str) -> ReliabilityFigure:
    """Return the reliability diagram of held-out queries, by bins of about equal counts.

    Raises UsageError if the reliability of no model is known.
    """
    known = [
        ReliabilityPanel(row.model, row.error.value, tuple(map(_point, row.bins)))
        for row in learned.reliability
        if row.error is not None
    ]
    if not known:
        why = next((f"{row.model}: {row.why}" for row in learned.reliability if row.why), None)
        why = why or "the confidence of models in their answers is not given"
        raise UsageError(f"there is no reliability to draw: {why}")
    shown = known[:MOST_PANELS]
    some = "" if len(shown) == len(known) else f"; the {len(shown)} cheapest of {len(known)} models"
    return ReliabilityFigure(
        title="Reliability of the confidence of models",
        subtitle=f"calibrated on train, observed on held-out queries{some}",
        panels=tuple(shown),
        meaning="95% interval",
        source=f"{name}: {learned.promises.queries:,} held-out queries",
        alt=f"Observed by predicted success of {len(shown)} model{'' if len(shown) == 1 else 's'}.",
    )


def _point(row: Bin) -> ReliabilityPoint:
    ends = wilson_at(row.score, row.count, _CONFIDENCE)
    return ReliabilityPoint(row.probability, row.score, ends.low, ends.high)
