"""Charts of sensitivities and of cost against quality, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecost.model.report.cells import Unit
from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.model.report.mix_figures import MixPoint


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """A cost with an assumption moved down and up; None if it cannot be moved that way."""

    name: str
    down: float | None
    up: float | None


@dataclass(frozen=True, slots=True)
class TornadoFigure:
    """Bars on both sides of ``base``, the longest at the top.

    ``axis`` names the quantity and its unit. ``source`` is the source line: sheet, date and scenario.
    ``alt`` is the alternative text of the chart, for screen readers.
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
class Curve:
    """A named line through points of (cost, quality), with ``others`` beside it as small dots."""

    name: str
    points: tuple[tuple[float, float], ...]
    others: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FrontierFigure:
    """Cost against quality: the ``outline`` of all choices, the Pareto frontier, and some choices by name.

    ``outline`` and ``frontier`` have (cost, quality). With ``curves``, these are drawn in their place, and an
    emphasized point has the colour of the curve called ``emphasized``, if there is one.
    Costs of points have at least ``places`` decimal places. The other fields are those of
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
    curves: tuple[Curve, ...] = ()
    emphasized: str | None = None
    places: int = 0
