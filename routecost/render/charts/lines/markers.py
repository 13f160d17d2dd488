"""Crossover points and dots of known values, with labels in free space."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.model.report.line_figure import LineFigure, Numbers, Points, Spot
from routecost.render.charts.lines import x_axis as across
from routecost.render.charts.lines.plot import LinePlot
from routecost.render.charts.page.design import SMALL
from routecost.render.charts.page.label_axes import Board
from routecost.render.charts.page.label_boxes import Box, Place
from routecost.render.charts.page.text_width import fitted
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROOM, _DOT = 0.5, 0.55


def spot_text(figure: LineFigure, spot: Spot) -> str:
    """Return the label of a crossover point."""
    unit = figure.across.unit if isinstance(figure.across, Numbers) else Unit.NUMBER
    place = shown(spot.place, unit)
    if spot.value is None:
        return f"a price step beyond {place} changes the order"
    cost = shown(spot.value, figure.unit, figure.currency)
    return f"{' = '.join(map(sanitize, spot.names))} at {place}: {cost}"


def draw_spots(axes: Axes, plot: LinePlot) -> None:
    """Draw crossover points and known values, with labels that overlap neither lines nor each other."""
    figure, em = plot.figure, plot.points / 72
    page = Box(0, 0.2 * em, plot.width, plot.height + em)
    board = Board(axes, plot.design.theme, (plot.width, plot.height), page)
    named = [((spot.place, _height(axes, spot)), spot_text(figure, spot)) for spot in figure.spots]
    for spot in figure.spots:
        _draw_spot(axes, plot, spot)
    if figure.points is not None:
        dots = _draw_points(axes, plot, figure.points)
        named.append((dots[-1], _points_text(figure, figure.points)))
    for line in _lines(figure):
        board.take_line((board.place(*place) for place in line), em)
    if figure.mark is not None:  # the leader line to its label
        at, value = across.places(figure.across)[figure.mark.at], figure.mark.value
        board.take_line((board.place(at, height) for height in (value, axes.get_ylim()[1])), em)
    for place, _ in named:
        board.take_dot(board.place(*place), 0.5 * em)
    for place, text in named:
        small = plot.points * SMALL
        board.write(board.place(*place), small, fitted(text, _ROOM * plot.width, small, 2))


def _points_text(figure: LineFigure, points: Points) -> str:
    """Return the label of known values, with the last of those that are a line."""
    last = f"  {shown(points.values[-1], figure.unit, figure.currency)}" if points.is_line else ""
    return sanitize(points.name) + last


def _lines(figure: LineFigure) -> Iterator[list[Place]]:
    """Yield the obstacles of labels: lines, edges of bands, dots."""
    places = across.places(figure.across)
    for line in figure.lines:
        least = zip(places[line.start :], line.least, strict=True)
        yield [(place, value) for place, value in least if value is not None]
    for band in figure.bands:
        for values in (band.low, band.high):
            yield list(zip(places[band.start :], values, strict=True))
    if figure.points is not None:
        yield list(zip(places[figure.points.start :], figure.points.values, strict=False))


def _height(axes: Axes, spot: Spot) -> float:
    """Return the position of a crossover label; a price step has no height, so near the bottom."""
    low, high = axes.get_ylim()
    return low + 0.12 * (high - low) if spot.value is None else spot.value


def _draw_spot(axes: Axes, plot: LinePlot, spot: Spot) -> None:
    theme = plot.design.theme
    if spot.value is None:
        axes.axvline(spot.place, color=theme.soft, linewidth=0.9, dashes=(3, 3), zorder=2.5)
        return
    ring = plot.design.ring()
    axes.plot(spot.place, spot.value, marker="o", zorder=5, color=theme.ink, clip_on=False, **ring)


def _draw_points(axes: Axes, plot: LinePlot, points: Points) -> list[Place]:
    """Draw dots and return their positions; raises ValueError for more dots than places."""
    places = across.places(plot.figure.across)[points.start :]
    if not 0 < len(points.values) <= len(places):
        raise ValueError(f'"{points.name}" has {len(points.values)} values for {len(places)} places')
    dots = list(zip(places, points.values, strict=False))
    theme = plot.design.theme
    look: dict[str, Any] = {"markersize": _DOT * plot.design.points, "markeredgewidth": 0.9}
    look |= {"color": theme.ink, "markeredgecolor": theme.page, "linestyle": "none", "clip_on": False}
    if points.is_line:
        thick = 0.27 * plot.design.points
        axes.plot(*zip(*dots, strict=True), color=theme.strong, linewidth=thick, zorder=4, clip_on=False)
        dots, look["color"] = dots[-1:], theme.strong
    axes.plot(*zip(*dots, strict=True), marker="o", zorder=6, **look)
    return dots
