"""Lines over months, a number or names, each labelled at its end, the proposed one in colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from routecost.model.line_figure import LineFigure, Mark, Names
from routecost.render.cells import shown_column
from routecost.render.charts import across, style
from routecost.render.charts.end_labels import EndLabel, label_lines, write_labels
from routecost.render.charts.frame import PAD, Frame, framed
from routecost.render.charts.measure import fitted, width
from routecost.render.charts.spots import draw_spots, spot_text
from routecost.render.escape import harmless, one_paragraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = LineFigure

# All in em, the size of running text.
_STRIP, _PLOT, _TICKS, _TITLE = 1.8, 22.0, 3.6, 1.2
_GAP = 0.5

_SMALL = 0.9
_FAR = 2.0
"""A reference beyond so many times the highest value would flatten the lines: it is only named."""


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plot below its strips of text; ``height`` is in inches, ``points`` is that of the labels."""

    figure: LineFigure
    size: style.Size
    low: float
    high: float
    labels: Sequence[EndLabel]
    strips: int
    height: float
    points: float

    @property
    def above(self) -> float:
        """Inches of the strips above the plot: what is measured, and the mark's text."""
        return self.strips * _STRIP * self.size.em

    @property
    def below(self) -> float:
        """Inches of the ticks below the plot, and of what they count."""
        return _below(self.figure) * self.size.em

    @property
    def ticks(self) -> tuple[list[float], list[str]]:
        return style.value_ticks(self.low, self.high, self.figure.unit, self.figure.currency)

    @property
    def left(self) -> float:
        """Inches from the page's edge to the plot."""
        text = max(width(label, self.size.points * _SMALL) for label in self.ticks[1])
        return PAD + text + _GAP * self.size.em

    @property
    def right(self) -> float:
        """Inches from the plot to the page's other edge."""
        return PAD + max(label.width(self.points) for label in self.labels)

    @property
    def width(self) -> float:
        return self.size.width - self.left - self.right


def draw(figure: LineFigure, size: style.Size) -> Figure:
    """Return the chart as a matplotlib figure, to be saved within ``style.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, size)
    plot = _plot(figure, frame)
    page = frame.page(plot.above + plot.height + plot.below)
    axes = frame.axes(page, plot.left, plot.height, plot.right, plot.above)
    _dress(axes, plot)
    _draw_lines(axes, plot)
    write_labels(axes, plot.labels, plot.points, (plot.width, plot.height))
    if figure.mark is not None:
        _draw_mark(axes, plot, figure.mark)
    if figure.spots:
        spots = [(spot, spot_text(figure, spot)) for spot in figure.spots]
        draw_spots(axes, spots, _drawn(figure), plot.points, (plot.width, plot.height))
    return page


def _below(figure: LineFigure) -> float:
    return _TICKS + _TITLE * (across.title(figure.across) is not None)


def _drawn(figure: LineFigure) -> list[list[tuple[float, float]]]:
    places = across.places(figure.across)
    return [list(zip(places, line.values, strict=True)) for line in figure.lines]


def described(figure: LineFigure) -> str:
    """Return the figure in words, with where each line begins and ends, for those who cannot see it."""
    values = [value for line in figure.lines for value in (line.values[0], line.values[-1])]
    texts = iter(shown_column(values, figure.unit, figure.currency))
    told = [f"{line.name}: {_from_to(next(texts), next(texts), figure)}" for line in figure.lines]
    if figure.reference is not None:
        told.append(f"{figure.reference.name}: {_values(figure)[-1]}")
    if figure.mark is not None:
        told.append(_mark_text(figure, figure.mark))
    told += [spot_text(figure, spot) for spot in figure.spots]
    return one_paragraph(f"{figure.alt} {'; '.join(told)}.")


def _from_to(first: str, last: str, figure: LineFigure) -> str:
    return f"{first} to {last}" if len(across.places(figure.across)) > 1 else last


def _plot(figure: LineFigure, frame: Frame) -> _Plot:
    size, strips = frame.size, 1 + (figure.mark is not None)
    low, high = _range(figure)
    labels = list(_labels(figure, size, low, high))
    needed = sum(label.height(size.points) for label in labels)
    height = max(_PLOT * size.em, needed)
    if frame.room is not None:
        height = frame.room - (strips * _STRIP + _below(figure)) * size.em
    points = size.points * min(1.0, height / needed)
    return _Plot(figure, size, low, high, labels, strips, height, points)


def _range(figure: LineFigure) -> tuple[float, float]:
    """Return the ends of the vertical axis, which has 0 on it."""
    values = [0.0, *(value for line in figure.lines for value in line.values)]
    low, high = min(values), max(values)
    reference = figure.reference
    if reference is not None and (reference.value <= _FAR * high or not high):
        high = max(high, reference.value)
    return low, high if high > low else low + 1.0


def _values(figure: LineFigure) -> list[str]:
    """Return the value at the end of each line, and of the reference if there is one."""
    reference = [] if figure.reference is None else [figure.reference.value]
    ends = [line.values[-1] for line in figure.lines]
    return shown_column([*ends, *reference], figure.unit, figure.currency)


def _labels(figure: LineFigure, size: style.Size, low: float, high: float) -> Iterator[EndLabel]:
    values, span = _values(figure), high - low
    looks = style.line_looks([line.emphasis for line in figure.lines], size.points)
    for line, value, look in zip(figure.lines, values, looks, strict=False):
        lines = label_lines(line.name, value, size, line.emphasis)
        yield EndLabel(lines, (line.values[-1] - low) / span, look["color"], line.emphasis)
    reference = figure.reference
    if reference is not None:
        arrow = " \N{UPWARDS ARROW}" if reference.value > high else ""
        lines = label_lines(reference.name, values[-1] + arrow, size)
        yield EndLabel(lines, (min(reference.value, high) - low) / span, style.SOFT)


def _draw_lines(axes: Axes, plot: _Plot) -> None:
    figure, places = plot.figure, across.places(plot.figure.across)
    dots = places if isinstance(figure.across, Names) else places[-1:]
    looks = style.line_looks([line.emphasis for line in figure.lines], plot.size.points)
    for line, look in zip(figure.lines, looks, strict=True):
        over = 4 if line.emphasis else 3
        axes.plot(places, line.values, zorder=over, clip_on=False, **look)
        dot = {"color": look["color"], "markersize": 2.2 * look["linewidth"], "clip_on": False}
        axes.plot(dots, line.values[-len(dots) :], marker="o", linestyle="none", zorder=over, **dot)
    if figure.reference is not None and figure.reference.value <= plot.high:
        axes.axhline(figure.reference.value, color=style.INK, linewidth=0.9, dashes=(5, 3), zorder=2.5)


def _draw_mark(axes: Axes, plot: _Plot, mark: Mark) -> None:
    """Ring the marked point, and lead up from it to its text in the strip above the plot."""
    size, points = plot.size, plot.size.points * _SMALL
    room = plot.width + plot.right - PAD
    (text,) = fitted(harmless(_mark_text(plot.figure, mark)), room, points, 1)
    place = axes.transLimits.transform((across.places(plot.figure.across)[mark.at], mark.value))
    wide = width(text, points)
    most = max(plot.width, wide) - wide
    start = min(max(0.0, place[0] * plot.width - wide / 2), most)
    strip = size.em / plot.height
    look: dict[str, Any] = {"transform": axes.transAxes, "color": style.INK, "clip_on": False}
    axes.plot([place[0]] * 2, [place[1], 1 + _GAP * strip], linewidth=0.6, zorder=2.5, **look)
    ring: dict[str, Any] = {
        "markersize": 0.6 * size.points,
        "markerfacecolor": "white",
        "markeredgewidth": 1.2,
    }
    axes.plot(*place, marker="o", zorder=5, **look, **ring)
    axes.text(start / plot.width, 1 + 2 * _GAP * strip, text, size=points, **look)


def _mark_text(figure: LineFigure, mark: Mark) -> str:
    return f"{mark.text} {across.told(figure.across, mark.at)}"


def _dress(axes: Axes, plot: _Plot) -> None:
    figure, small = plot.figure, plot.size.points * _SMALL
    places = across.places(figure.across)
    first, last = places[0], places[-1]
    axes.set(xlim=(first, last) if first < last else (first - 1, first), ylim=(plot.low, plot.high))
    axes.set_yticks(*plot.ticks)
    ticks = across.ticks(figure.across, plot.width, small)
    axes.set_xticks(*ticks)
    for label, ends in zip(axes.get_xticklabels(), across.alignments(figure.across, ticks[0]), strict=True):
        label.set_horizontalalignment(ends)
    _name_across(axes, plot)
    axes.tick_params(length=0, labelsize=small, labelcolor=style.SOFT)
    axes.tick_params(axis="x", length=3, color=style.SOFT)
    axes.grid(axis="y", color=style.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.axhline(0, color=style.INK, linewidth=0.9)
    title: dict[str, Any] = {"size": small, "color": style.SOFT, "transform": axes.transAxes, "va": "top"}
    axes.text((PAD - plot.left) / plot.width, 1 + plot.above / plot.height, harmless(figure.axis), **title)


def _name_across(axes: Axes, plot: _Plot) -> None:
    """Write what the ticks count below them."""
    title = across.title(plot.figure.across)
    if title is not None:
        (line,) = fitted(title, plot.width, plot.size.points * _SMALL, 1) or [""]
        axes.set_xlabel(
            line, size=plot.size.points * _SMALL, color=style.SOFT, labelpad=0.4 * plot.size.points
        )
