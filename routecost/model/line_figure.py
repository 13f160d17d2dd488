"""Lines over months, as data for a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from routecost.model.report import Unit


@dataclass(frozen=True, slots=True)
class Series:
    """One line: a value per month."""

    name: str
    values: tuple[float, ...]
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A constant that the lines are held against, such as a budget."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A point worth pointing out: ``value`` in month ``at`` (from 0), and what is so about it."""

    at: int
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class LineFigure:
    """Lines over ``months``, each given by its first day; every line has a value per month.

    ``axis`` names what is measured, in which unit. ``source`` is the line below: sheet, date and
    scenario. ``alt`` says in a sentence or two what the chart shows, for those who cannot see it.
    """

    title: str
    axis: str
    months: tuple[date, ...]
    lines: tuple[Series, ...]
    source: str
    alt: str
    unit: Unit = Unit.NUMBER
    currency: str | None = None
    subtitle: str | None = None
    reference: Reference | None = None
    mark: Mark | None = None
