"""What moves a figure, and what quality costs, as data for charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from routecost.model.report.cells import Unit

if TYPE_CHECKING:
    from routecost.model.report.mix_figures import MixPoint


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """A figure where an assumption is moved down and up; None where it cannot be."""

    name: str
    down: float | None
    up: float | None


@dataclass(frozen=True, slots=True)
class TornadoFigure:
    """Bars on both sides of ``base``, the longest on top.

    ``axis`` names what is measured, in which unit. ``source`` is the line below: sheet, date and
    scenario. ``alt`` says in a sentence or two what the chart shows, for those who cannot see it.
    """

    title: str
    axis: str
    base: float
    by: float
    bars: tuple[TornadoBar, ...]
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None


@dataclass(frozen=True, slots=True)
class FrontierFigure:
    """Cost against quality: the ``outline`` of all choices, those that none beats, some by name.

    ``outline`` and ``frontier`` have (cost, quality). The other fields are those of
    :class:`TornadoFigure`.
    """

    title: str
    axis: str
    across: str
    outline: tuple[tuple[float, float], ...]
    frontier: tuple[tuple[float, float], ...]
    points: tuple[MixPoint, ...]
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None
