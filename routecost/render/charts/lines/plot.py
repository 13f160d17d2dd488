"""Layout of a line chart: scale, end labels and strips above the plot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from routecost.model.report.line_figure import LineFigure
from routecost.records import dataclass
from routecost.render.charts.lines import x_axis as across
from routecost.render.charts.lines.bands import band_entries
from routecost.render.charts.lines.end_labels import EndLabel, label_lines
from routecost.render.charts.page.amounts import amount_texts
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.legend import Key
from routecost.render.charts.page.text_width import width
from routecost.render.charts.page.title_block import PAD, Frame
from routecost.render.charts.page.value_axis import value_ticks
from routecost.render.escape import sanitize

# In em (the size of running text).
_STRIP, _PLOT, _TICKS, _TITLE = 1.8, 22.0, 3.6, 1.2
_GAP = 0.5
_DASHED = (0, (2.5, 1.5))

_FAR = 2.0
"""A reference above this multiple of the highest value would flatten the lines; it is only named."""


@dataclass(frozen=True, slots=True)
class LinePlot:
    """The plot below its strips of text; ``height`` is in inches, ``points`` is that of the labels."""

    figure: LineFigure
    design: Design
    low: float
    high: float
    labels: Sequence[EndLabel]
    key: Key
    height: float
    points: float

    @property
    def above(self) -> float:
        """Height in inches of the legend and the mark label above the plot."""
        return _above(self.figure, self.key)

    @property
    def below(self) -> float:
        """Height in inches of the ticks and the axis label below the plot."""
        return _below(self.figure) * self.design.em

    @property
    def ticks(self) -> tuple[list[float], list[str]]:
        """Ticks of the vertical axis: values and labels."""
        return value_ticks(self.low, self.high, self.figure.unit, self.figure.currency)

    @property
    def left(self) -> float:
        """Inches from the page's edge to the plot."""
        text = max(width(label, self.design.points * SMALL) for label in self.ticks[1])
        return PAD + text + _GAP * self.design.em

    @property
    def right(self) -> float:
        """Inches from the plot to the page's other edge."""
        return PAD + max(label.width(self.points) for label in self.labels)

    @property
    def width(self) -> float:
        """Inches of the plot."""
        return self.design.width - self.left - self.right

    @property
    def looks(self) -> list[dict[str, Any]]:
        """Style of each line."""
        looks = self.design.line_looks([line.emphasis for line in self.figure.lines])
        return [
            look | {"linestyle": _DASHED} if line.is_dashed else look
            for line, look in zip(self.figure.lines, looks, strict=True)
        ]


def planned(figure: LineFigure, frame: Frame) -> LinePlot:
    """Return the layout that fits a frame, with smaller labels on a low page."""
    design = frame.design
    low, high = _range(figure)
    key = Key.of(design, sanitize(figure.axis), *band_entries(figure, design))
    labels = list(_labels(figure, design, low, high))
    height = max(_PLOT * design.em, _needed(labels, design))
    if frame.room is not None:
        height = frame.room - _above(figure, key) - _below(figure) * design.em
    if _needed(labels, design) > height:
        labels = list(_labels(figure, design, low, high, short=True))
    needed = _needed(labels, design)
    points = design.points * min(1.0, height / needed)
    return LinePlot(figure, design, low, high, labels, key, height, points)


def _needed(labels: Sequence[EndLabel], design: Design) -> float:
    """Return the height of stacked labels, in inches."""
    return sum(label.height(design.points) for label in labels)


def end_values(figure: LineFigure) -> list[str]:
    """Return the value at the end of each line, and of the reference if there is one."""
    reference = [] if figure.reference is None else [figure.reference.value]
    ends = [line.values[-1] for line in figure.lines]
    return amount_texts([*ends, *reference], figure.unit, figure.currency)


def _above(figure: LineFigure, key: Key) -> float:
    return key.height + (figure.mark is not None) * _STRIP * key.design.em


def _below(figure: LineFigure) -> float:
    return _TICKS + _TITLE * (across.title(figure.across) is not None)


def _range(figure: LineFigure) -> tuple[float, float]:
    """Return the limits of the vertical axis, which includes 0."""
    values = [0.0, *(value for line in figure.lines for value in line.known)]
    values += [value for band in figure.bands for value in (*band.low, *band.high)]
    values += [] if figure.points is None else figure.points.values
    low, high = min(values), max(values)
    reference = figure.reference
    if reference is not None and (reference.most <= _FAR * high or not high):
        high = max(high, reference.most)
    return low, high if high > low else low + 1.0


def _labels(
    figure: LineFigure, design: Design, low: float, high: float, short: bool = False
) -> Iterator[EndLabel]:
    values, span = end_values(figure), high - low
    looks = design.line_looks([line.emphasis for line in figure.lines])
    for line, value, look in zip(figure.lines, values, looks, strict=False):
        lines = label_lines(line.name, value, design, line.emphasis, short)
        yield EndLabel(lines, (line.level - low) / span, look["color"], line.emphasis)
    reference = figure.reference
    if reference is not None:
        arrow = " \N{UPWARDS ARROW}" if reference.most > high else ""
        lines = label_lines(reference.name, values[-1] + arrow, design, short=short)
        yield EndLabel(lines, (min(reference.value, high) - low) / span, design.theme.soft)
