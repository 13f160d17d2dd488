"""Layout of a ternary map, in inches from the lower left corner of the body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routecost.model.report.mix_figures import TernaryFigure
from routecost.records import dataclass
from routecost.render.charts.mixes.triangle import HEIGHT, Place, Shares, Triangle, bounded
from routecost.render.charts.page.label_boxes import Box
from routecost.render.charts.page.style import Theme
from routecost.render.charts.page.title_block import PAD, Frame
from routecost.render.charts.page.value_axis import value_ticks

# In em (the size of running text).
_LEFT, _RIGHT = 3.6, 6.5
_BELOW, _ABOVE = 5.6, 1.0
_LEAST_SIDE = 26.0

_WIDEST = 0.68
_CLOSE = 0.25
_MOST_BANDS = 10
_FLAT = 1e-9


@dataclass(frozen=True, slots=True)
class TernaryMap:
    """A figure with its place on the page: ``region`` is the part of the triangle that is swept.

    ``levels`` are the round values in the region, rising, ``labels`` their texts; the first band is
    below the first level, the last above the last. ``width`` is the page's, ``points`` the size of text.
    """

    figure: TernaryFigure
    theme: Theme
    width: float
    points: float
    triangle: Triangle
    height: float
    region: Sequence[Shares]
    levels: Sequence[float]
    labels: Sequence[str]

    @property
    def em(self) -> float:
        """The size of the map's text, in inches."""
        return self.points / 72

    @property
    def body(self) -> Box:
        """The area for labels."""
        return Box(PAD, 0, self.width - PAD, self.height)

    @property
    def apex(self) -> Place:
        """Position of the top corner."""
        return self.triangle.place(self.triangle.corners[2])

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest value in the region."""
        values = [self.value(corner) for corner in self.region]
        return min(values), max(values)

    @property
    def is_flat(self) -> bool:
        """True if all mixes in the region have the same value."""
        low, high = self.range
        return high - low <= _FLAT * abs(high)

    def holds(self, shares: Sequence[float], bounds: Sequence[tuple[float, float]]) -> bool:
        """Return whether shares are within bounds, allowing for float rounding."""
        return all(
            low - _FLAT <= share <= high + _FLAT for share, (low, high) in zip(shares, bounds, strict=True)
        )

    def value(self, shares: Shares) -> float:
        """Return the value of a mix."""
        return sum(
            share / self.figure.whole * corner
            for share, corner in zip(shares, self.figure.corners, strict=True)
        )


def laid_out(figure: TernaryFigure, frame: Frame) -> TernaryMap:
    """Return the map that fits a frame, with smaller text on a low page."""
    wide, em = frame.design.width, frame.design.em
    if frame.room is not None:
        em = min(em, frame.room / (_LEAST_SIDE * HEIGHT + _BELOW + _ABOVE))
    side = min(wide - 2 * PAD - (_LEFT + _RIGHT) * em, _WIDEST * wide)
    if frame.room is not None:
        side = min(side, (frame.room - (_BELOW + _ABOVE) * em) / HEIGHT)
    height = side * HEIGHT + (_BELOW + _ABOVE) * em
    left = max(PAD + _LEFT * em, (wide - side - (_RIGHT - _LEFT) * em) / 2)
    triangle = Triangle(*_window(figure), side, (left, _BELOW * em))
    region = bounded(triangle, figure.bounds)
    empty = TernaryMap(figure, frame.design.theme, wide, em * 72, triangle, height, region, (), ())
    if empty.is_flat:
        return empty
    levels, labels = _levels(figure, *empty.range)
    return replace(empty, levels=levels, labels=labels)


def _window(figure: TernaryFigure) -> tuple[Shares, float]:
    """Return the bases and spare of the triangle: all mixes, or a window around a small sweep."""
    one, two, three = (low for low, _ in figure.bounds)
    spare = figure.whole - one - two - three
    return ((one, two, three), spare) if spare < _CLOSE * figure.whole else ((0.0, 0.0, 0.0), figure.whole)


def _levels(figure: TernaryFigure, low: float, high: float) -> tuple[list[float], list[str]]:
    ticks = value_ticks(low, high, figure.unit, figure.currency, _MOST_BANDS)
    slack = _FLAT * (high - low)
    kept = [(level, label) for level, label in zip(*ticks, strict=True) if low + slack < level < high - slack]
    return [level for level, _ in kept], [label for _, label in kept]
