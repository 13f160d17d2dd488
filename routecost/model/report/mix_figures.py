"""Charts of mixes and their costs, as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from routecost.model.report.cells import Unit
from routecost.records import dataclass

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

    ``corners`` has the value if the tiers' ``whole`` share of the tasks goes to one of them; the shares
    of the mixes shown lie within ``bounds``. ``reference`` is a value whose line is drawn. ``axis``
    names the quantity and its unit; ``source`` is the source line; ``alt`` is the alternative text of
    the chart, for screen readers.
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
    """The lowest and highest value by share of a tier; equal if only one mix has that share.

    ``label`` names the tier; ``points`` have that share only.
    """

    label: str
    shares: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    points: tuple[MixPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class MixPanelsFigure:
    """A quantity by the share of one tier or of several, one panel per tier, on one value scale.

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
