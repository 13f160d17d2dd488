"""Lines, reference and marked point of a line chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import ends
from routecost.model.report.line_figure import LineFigure, Mark, Names, Series
from routecost.render.charts.lines import x_axis as across
from routecost.render.charts.lines.plot import LinePlot
from routecost.render.charts.page.design import SMALL
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.title_block import PAD
from routecost.render.escape import sanitize

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GAP = 0.5


def draw_lines(axes: Axes, plot: LinePlot) -> None:
    """Draw the lines with a dot at their ends, or on every name, and the reference.

    Raises ValueError for a line with another number of values than it has places.
    """
    figure, places = plot.figure, across.places(plot.figure.across)
    for line, look in zip(figure.lines, plot.looks, strict=True):
        over = 4 if line.emphasis else 3
        own = places[line.start :]
        if len(own) != len(line.values):
            raise ValueError(f'"{line.name}" does not have a value for each of its places')
        axes.plot(own, line.heights, zorder=over, clip_on=False, **look)
        dot = {"color": look["color"], "markersize": 2.2 * look["linewidth"], "zorder": over}
        _draw_dots(axes, plot, line, dot)
    reference = figure.reference
    if reference is not None and reference.most <= plot.high:
        look = {"color": plot.design.theme.ink, "linewidth": 0.9, "dashes": (5, 3), "zorder": 2.5}
        if reference.steps:
            axes.plot(places, reference.steps, drawstyle="steps-mid", **look)
        else:
            axes.axhline(reference.value, **look)


def _draw_dots(axes: Axes, plot: LinePlot, line: Series, look: dict[str, Any]) -> None:
    """Draw dots, open ones for values that are partial or have no high end, and whiskers for ranges."""
    figure, places = plot.figure, across.places(plot.figure.across)
    drawn = range(line.start, len(places)) if isinstance(figure.across, Names) else range(len(places))[-1:]
    closed: dict[float, float] = {}
    opened: dict[float, float] = {}
    for at in drawn:
        low, high = ends(line.values[at - line.start])
        is_open = at in figure.partial or (low is not None and high is None)
        (opened if is_open else closed)[places[at]] = line.heights[at - line.start]
        if low is not None and high is not None and low != high:
            wide = 0.6 * look["markersize"]
            axes.vlines(places[at], low, high, color=look["color"], alpha=0.5, linewidth=wide, clip_on=False)
    look = look | {"marker": "o", "linestyle": "none", "clip_on": False}
    axes.plot([*closed], [*closed.values()], **look)
    if opened:
        ring = plot.design.ring() | {"markersize": max(look["markersize"], 0.5 * plot.design.points)}
        axes.plot([*opened], [*opened.values()], **(look | ring))


def draw_mark(axes: Axes, plot: LinePlot, mark: Mark) -> None:
    """Ring the marked point, with a leader line to its label above the plot."""
    design, points = plot.design, plot.design.points * SMALL
    room = plot.width + plot.right - PAD
    (text,) = fitted(sanitize(mark_text(plot.figure, mark)), room, points, 1)
    place = axes.transLimits.transform((across.places(plot.figure.across)[mark.at], mark.value))
    wide = width(text, points)
    most = max(plot.width, wide) - wide
    start = min(max(0.0, place[0] * plot.width - wide / 2), most)
    strip = design.em / plot.height
    look: dict[str, Any] = {"transform": axes.transAxes, "color": design.theme.ink, "clip_on": False}
    axes.plot([place[0]] * 2, [place[1], 1 + _GAP * strip], linewidth=0.6, zorder=2.5, **look)
    axes.plot(*place, marker="o", zorder=5, **look, **design.ring())
    axes.text(start / plot.width, 1 + 2 * _GAP * strip, text, size=points, **look)


def mark_text(figure: LineFigure, mark: Mark) -> str:
    """Return the label of the mark."""
    return f"{mark.text} {across.place_text(figure.across, mark.at)}"
