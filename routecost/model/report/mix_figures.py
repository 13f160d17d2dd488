"""Mixes and what they cost, as data for a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from routecost.model.report.cells import Unit

if TYPE_CHECKING:
    from routecost.model.report.line_figure import Reference


@dataclass(frozen=True, slots=True)
class MixPoint:
    """A named mix: ``shares`` in the order of the figure's tiers, as fractions."""

    name: str
    shares: tuple[float, ...]
    value: float
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class TernaryFigure:
    """A quantity over all mixes of three tiers, linear in their shares.

    ``corners`` has the value where the tiers' ``whole`` share of the tasks goes to one of them;
    the shares of the mixes that count lie within ``bounds``. ``reference`` is a value whose line
    is drawn. ``axis`` names what is measured, in which unit; ``source`` is the line below; ``alt``
    says in a sentence or two what the chart shows, for those who cannot see it.
    """

    title: str
    axis: str
    tiers: tuple[str, str, str]
    corners: tuple[float, float, float]
    bounds: tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
    points: tuple[MixPoint, ...]
    source: str
    alt: str
    whole: float = 1.0
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class MixPanel:
    """The lowest and the highest value by share of a tier; equal where only one mix has that share.

    ``label`` says whose share it is; ``points`` have that share alone.
    """

    label: str
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    points: tuple[MixPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class MixPanelsFigure:
    """A quantity by the share of one tier or, a panel each, of several, on one scale of values.

    The other fields are those of :class:`TernaryFigure`.
    """

    title: str
    axis: str
    panels: tuple[MixPanel, ...]
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None
    reference: Reference | None = None
