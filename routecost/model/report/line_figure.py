"""Lines over months, over a number or over names, as data for a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from routecost.model.report.cells import Quantity, Unit


@dataclass(frozen=True, slots=True)
class Months:
    """Consecutive months, each given by its first day."""

    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Rising values of what ``label`` names."""

    values: tuple[float, ...]
    label: str
    unit: Unit = Unit.NUMBER


@dataclass(frozen=True, slots=True)
class Names:
    """Things of the kind that ``label`` names, side by side; nothing lies between them."""

    names: tuple[str, ...]
    label: str


Across = Months | Numbers | Names


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value per place across, from place ``start`` (from 0) to the last."""

    name: str
    values: tuple[float, ...]
    emphasis: bool = False
    start: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """What the values of one line may be: ``low`` to ``high`` for every place across that has one.

    ``line`` is the name of that line, whose values lie within. ``meaning`` says what the band is, as
    in "P10 to P90"; bands of one meaning are explained once. Values begin at place ``start`` (from 0)
    and go on to the last place.
    """

    line: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    meaning: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Points:
    """Values that are known rather than planned, drawn as dots: a value per place, from ``start`` (from 0).

    ``name`` says what they are, as in "actual spend". There may be fewer of them than places.
    """

    name: str
    values: tuple[float, ...]
    start: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """What the lines are held against, such as a budget: a constant, or a value per place in ``steps``.

    With steps, ``value`` is the last of them.
    """

    name: str
    value: float
    steps: tuple[float, ...] = ()

    @property
    def most(self) -> float:
        """The highest value."""
        return max((self.value, *self.steps))


@dataclass(frozen=True, slots=True)
class Mark:
    """A point worth pointing out: ``value`` in month ``at`` (from 0), and what is so about it."""

    at: int
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where lines cross: at ``place``, a value of the numbers across.

    ``value`` is None where a step lets lines leap past each other, so that they are never equal.
    """

    place: float
    value: float | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineFigure:
    """Lines, each with a value for every place ``across`` or for the last of them.

    ``axis`` names what is measured, in which unit. ``source`` is the line below: sheet, date and
    scenario. ``alt`` says in a sentence or two what the chart shows, for those who cannot see it.
    """

    title: str
    axis: str
    across: Across
    lines: tuple[Series, ...]
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None
    reference: Reference | None = None
    mark: Mark | None = None
    spots: tuple[Spot, ...] = ()
    bands: tuple[Band, ...] = ()
    points: Points | None = None


@dataclass(frozen=True, slots=True)
class LinePanel:
    """Lines under a heading of texts and quantities."""

    heading: tuple[str | Quantity, ...]
    lines: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class LinePanelsFigure:
    """Panels, so many ``columns`` of them, of the same lines over the same places on one scale of values.

    The other fields are those of :class:`LineFigure`.
    """

    title: str
    axis: str
    across: Across
    panels: tuple[LinePanel, ...]
    columns: int
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None
