"""Spots on lines, ringed, and dots of known values, named where there is room beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from routecost.model.line_figure import LineFigure, Numbers, Points, Spot
from routecost.model.report import Unit
from routecost.render.cells import shown
from routecost.render.charts import across
from routecost.render.charts.boxes import Box, Place, along, around, freest
from routecost.render.charts.key import SMALL
from routecost.render.charts.line_plot import LinePlot
from routecost.render.charts.measure import fitted, width
from routecost.render.escape import harmless

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GAP, _LEADING, _ROOM, _DOT = 0.7, 1.2, 0.5, 0.55


def spot_text(figure: LineFigure, spot: Spot) -> str:
    """Return what is so at a spot, in words."""
    unit = figure.across.unit if isinstance(figure.across, Numbers) else Unit.NUMBER
    place = shown(spot.place, unit)
    if spot.value is None:
        return f"a price step beyond {place} changes the order"
    cost = shown(spot.value, figure.unit, figure.currency)
    return f"{' = '.join(map(harmless, spot.names))} at {place}: {cost}"


def draw_spots(axes: Axes, plot: LinePlot) -> None:
    """Ring the spots, dot the known values, and write their texts off the lines and off each other."""
    figure, em = plot.figure, plot.points / 72
    named = [((spot.place, _height(axes, spot)), spot_text(figure, spot)) for spot in figure.spots]
    for spot in figure.spots:
        _draw_spot(axes, plot, spot)
    if figure.points is not None:
        dots = _draw_points(axes, plot, figure.points)
        named.append((dots[-1], harmless(figure.points.name)))
    taken = [box for line in _lines(figure) for box in _along(axes, plot, line)]
    if figure.mark is not None:  # the line that leads up to its text
        mark = (across.places(figure.across)[figure.mark.at], figure.mark.value)
        taken += _along(axes, plot, [mark, (mark[0], axes.get_ylim()[1])])
    centres = [_on_page(axes, plot, place) for place, _ in named]
    taken += [Box(x - 0.5 * em, y - 0.5 * em, x + 0.5 * em, y + 0.5 * em) for x, y in centres]
    for centre, (_, text) in zip(centres, named, strict=True):
        taken.append(_write(axes, plot, text, centre, taken))


def _lines(figure: LineFigure) -> Iterator[list[Place]]:
    places = across.places(figure.across)
    for line in figure.lines:
        yield list(zip(places[line.start :], line.values, strict=True))
    if figure.points is not None:
        yield list(zip(places[figure.points.start :], figure.points.values, strict=False))


def _along(axes: Axes, plot: LinePlot, line: Sequence[Place]) -> Iterator[Box]:
    for start, end in pairwise(_on_page(axes, plot, place) for place in line):
        yield from along(start, end, 0.25 * plot.points / 72)


def _height(axes: Axes, spot: Spot) -> float:
    """Return where a spot's text belongs: a step has no height of its own, so near the bottom."""
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
    """Draw dots and return where they are; raises ValueError for more of them than there are places."""
    places = across.places(plot.figure.across)[points.start :]
    if not 0 < len(points.values) <= len(places):
        raise ValueError(f'"{points.name}" has {len(points.values)} values for {len(places)} places')
    dots = list(zip(places, points.values, strict=False))
    theme = plot.design.theme
    look: dict[str, Any] = {"markersize": _DOT * plot.design.points, "markeredgewidth": 0.9}
    look |= {"color": theme.ink, "markeredgecolor": theme.page, "linestyle": "none", "clip_on": False}
    axes.plot(*zip(*dots, strict=True), marker="o", zorder=6, **look)
    return dots


def _on_page(axes: Axes, plot: LinePlot, place: Place) -> Place:
    x, y = axes.transLimits.transform(place)
    return float(x) * plot.width, float(y) * plot.height


def _write(axes: Axes, plot: LinePlot, text: str, centre: Place, taken: Sequence[Box]) -> Box:
    small, em, wide, high = plot.points * SMALL, plot.points / 72, plot.width, plot.height
    folded = fitted(text, _ROOM * wide, small, 2)
    room = max(width(line, small) for line in folded)
    tall = (_LEADING * (len(folded) - 1) + 0.95) * small / 72
    page = Box(0, 0.2 * em, wide, high + em)
    box = freest(around(centre, room, tall, _GAP * em), taken, page)
    look = plot.design.theme.haloed(size=small, linespacing=_LEADING)
    place = (box.left / wide, (box.low + box.high) / 2 / high)
    axes.text(*place, "\n".join(folded), transform=axes.transAxes, va="center", zorder=7, **look)
    return box
