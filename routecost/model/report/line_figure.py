"""Line charts over months, numbers or names, as data."""

from __future__ import annotations

from datetime import date
from math import nan

from routecost.model.report.cells import Amount, Quantity, Unit, ends
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Months:
    """Consecutive months, each given by its first day."""

    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Rising values of the quantity named by ``label``."""

    values: tuple[float, ...]
    label: str
    unit: Unit = Unit.NUMBER


@dataclass(frozen=True, slots=True)
class Names:
    """Separate items of the kind named by ``label``; there is nothing between two of them."""

    names: tuple[str, ...]
    label: str


Across = Months | Numbers | Names


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value per x position, from position ``start`` (from 0) to the last.

    It runs along the low ends of ranges, and has gaps where values are unknown.
    """

    name: str
    values: tuple[Amount, ...]
    emphasis: bool = False
    start: int = 0
    is_dashed: bool = False

    @property
    def least(self) -> tuple[float | None, ...]:
        """The low end of each value; None where it is unknown."""
        return tuple(ends(value)[0] for value in self.values)

    @property
    def heights(self) -> tuple[float, ...]:
        """The low end of each value, for drawing; NaN where it is unknown."""
        return tuple(nan if value is None else value for value in self.least)

    @property
    def known(self) -> list[float]:
        """The low and high ends that are known; both of an exact value."""
        return [end for value in self.values for end in ends(value) if end is not None]

    @property
    def level(self) -> float:
        """The low end of the last value of which one is known; 0 without any."""
        return next((value for value in reversed(self.least) if value is not None), 0.0)


@dataclass(frozen=True, slots=True)
class Band:
    """The range of one line: ``low`` to ``high`` for each x position.

    ``line`` is the name of that line, whose values lie within. ``meaning`` describes the band, as in
    "P10 to P90"; bands of one meaning are explained once. Values begin at position ``start`` (from 0)
    and go on to the last position.
    """

    line: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    meaning: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Points:
    """Actual rather than planned values, drawn as dots: a value per position, from ``start`` (from 0).

    ``name`` describes them, as in "actual spend". There may be fewer of them than positions. With
    ``is_line``, they are a solid line with its last value.
    """

    name: str
    values: tuple[float, ...]
    start: int = 0
    is_line: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference line, such as a budget: a constant, or a value per position in ``steps``.

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
    """An annotated point: ``value`` in month ``at`` (from 0), with its annotation."""

    at: int
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A crossing of lines at ``place``, a value on a numeric x axis.

    ``value`` is None if one line jumps past the other at a step, so that they are never equal.
    """

    place: float
    value: float | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineFigure:
    """Lines with a value for every position on ``across``, or for the last of them.

    ``axis`` names the quantity and its unit. ``source`` is the source line: sheet, date and scenario.
    ``alt`` is the alternative text of the chart, for screen readers; ``footnote`` is a line below it.
    Values at the positions in ``partial`` have open dots, as those without a high end have.
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
    footnote: str | None = None
    partial: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LinePanel:
    """Lines under a heading of texts and quantities."""

    heading: tuple[str | Quantity, ...]
    lines: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class LinePanelsFigure:
    """Panels in ``columns`` columns, of the same lines over the same positions on one value scale.

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
