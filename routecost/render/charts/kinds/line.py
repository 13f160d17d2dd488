"""Line chart over months, a number or names; lines are labelled at their ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from routecost.model.report.line_figure import LineFigure
from routecost.render.charts.lines import x_axis as across
from routecost.render.charts.lines.bands import draw_bands
from routecost.render.charts.lines.end_labels import write_labels
from routecost.render.charts.lines.line_summary import line_summaries
from routecost.render.charts.lines.markers import draw_spots, spot_text
from routecost.render.charts.lines.marks import draw_lines, draw_mark, mark_text
from routecost.render.charts.lines.plot import LinePlot, end_values, planned
from routecost.render.charts.page.alt_text import lowest_and_highest, sentences
from routecost.render.charts.page.amounts import amount_texts
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.text_width import fitted
from routecost.render.charts.page.title_block import framed
from routecost.render.rounding import shown_column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = LineFigure


def draw(figure: LineFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design, figure.footnote)
    plot, places = planned(figure, frame), across.places(figure.across)
    page = frame.page(plot.above + plot.height + plot.below)
    axes = frame.axes(page, plot.left, plot.height, plot.right, plot.above)
    _dress(axes, plot)
    draw_bands(axes, figure, places, [look["color"] for look in plot.looks])
    draw_lines(axes, plot)
    write_labels(axes, plot.labels, plot.points, (plot.width, plot.height))
    if figure.mark is not None:
        draw_mark(axes, plot, figure.mark)
    draw_spots(axes, plot)
    plot.key.write(page, frame)
    return page


def described(figure: LineFigure) -> str:
    """Return the text alternative, with the first and last value of each line."""
    ends = [line.values[-1] for line in figure.lines]
    texts = amount_texts(ends, figure.unit, figure.currency)
    least = [(line.name, line.least[-1], text) for line, text in zip(figure.lines, texts, strict=True)]
    named = [(name, value, text) for name, value, text in least if value is not None]
    summary = lowest_and_highest(figure.axis, named, across.at_the_end(figure.across))
    return sentences(figure.alt, summary, _line_texts(figure), figure.footnote)


def _line_texts(figure: LineFigure) -> Iterator[str]:
    for line, summary_text in zip(figure.lines, line_summaries(figure, figure.lines), strict=True):
        yield f"{line.name}: {summary_text}"
    for band in figure.bands:
        ends = shown_column([band.low[-1], band.high[-1]], figure.unit, figure.currency)
        yield f"{band.meaning} of {band.line} at the end: {ends[0]} to {ends[1]}"
    if figure.points is not None:
        yield f"{figure.points.name}: {next(line_summaries(figure, [figure.points]))}"
    if figure.reference is not None:
        yield f"{figure.reference.name}: {end_values(figure)[-1]}"
    if figure.mark is not None:
        yield mark_text(figure, figure.mark)
    yield from (spot_text(figure, spot) for spot in figure.spots)


def _dress(axes: Axes, plot: LinePlot) -> None:
    figure, small = plot.figure, plot.design.points * SMALL
    axes.set(xlim=across.ends(figure.across), ylim=(plot.low, plot.high))
    axes.set_yticks(*plot.ticks)
    ticks = across.ticks(figure.across, plot.width, small)
    axes.set_xticks(*ticks)
    for label, side in zip(axes.get_xticklabels(), across.alignments(figure.across, ticks[0]), strict=True):
        label.set_horizontalalignment(side)
    axes.tick_params(axis="x", length=3, color=plot.design.theme.soft)
    axes.grid(axis="y")
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0, color=plot.design.theme.ink, linewidth=0.9)
    _name_across(axes, plot)


def _name_across(axes: Axes, plot: LinePlot) -> None:
    """Write the label of the horizontal axis."""
    title, small = across.title(plot.figure.across), plot.design.points * SMALL
    if title is not None:
        (line,) = fitted(title, plot.width, small, 1) or [""]
        axes.set_xlabel(line, labelpad=0.4 * plot.design.points)
