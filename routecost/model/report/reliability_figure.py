"""Reliability diagrams, as data."""

from __future__ import annotations

from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """The mean probability of some answers, and the share of success observed, within ``low`` to ``high``."""

    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ReliabilityPanel:
    """The points of one model, by rising probability, and its calibration error."""

    name: str
    error: float
    points: tuple[ReliabilityPoint, ...]


@dataclass(frozen=True, slots=True)
class ReliabilityFigure:
    """A square panel per model, of the observed by the predicted success.

    ``meaning`` describes the ranges of points. ``source`` is the source line; ``alt`` is the alternative
    text of the chart, for screen readers.
    """

    title: str
    panels: tuple[ReliabilityPanel, ...]
    meaning: str
    source: str
    alt: str
    subtitle: str | None = None
