"""Chart of cost and quality: outline of all mixes and frontier, or curves; and named points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.model.report.mix_figures import MixPoint
from routecost.model.report.sensitivity_figures import FrontierFigure
from routecost.render.charts.page.alt_text import lowest_and_highest, sentences
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.label_axes import Board
from routecost.render.charts.page.label_boxes import Box
from routecost.render.charts.page.legend import Entry, Key
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.title_block import PAD, Frame, framed
from routecost.render.charts.page.value_axis import fitting_ticks, value_ticks
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = FrontierFigure

# In em (the size of running text).
_ABOVE, _ABOVE_CURVES, _PLOT, _BELOW, _GAP = 0.6, 1.6, 24.0, 4.6, 0.5

_NAME_ROOM = 0.4
"""Maximum width of a name, as a fraction of the plot."""


def draw(figure: FrontierFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    key = _key(figure, design)
    above = _ABOVE_CURVES if figure.curves else _ABOVE
    body = key.height + (above + _PLOT + _BELOW) * design.em
    page = frame.page(body)
    high = (frame.room or body) - key.height - (above + _BELOW) * design.em
    board = _laid_out(page, figure, frame, key.height + above * design.em, high)
    for curve, look in zip(figure.curves, _looks(figure, design), strict=True):
        _draw_curve(board, curve.points, design, look)
        _draw_dots(board, curve.others, design, look["color"])
    if not figure.curves:
        _draw_mixes(board, figure, design)
    for point in figure.points:
        ringed = _ring_colour(figure, design) if point.emphasis and figure.curves else None
        board.dot(point.shares[0], point.value, design.points, point.emphasis, ringed)
    for point in sorted(figure.points, key=lambda point: not point.emphasis):
        _name(board, figure, point, design.points)
    key.write(page, frame)
    return page


def _draw_mixes(board: Board, figure: FrontierFigure, design: Design) -> None:
    """Draw the area of all mixes and the frontier."""
    corners = [(quality, cost) for cost, quality in figure.outline]
    board.axes.fill(*zip(*corners, strict=True), color=design.theme.area, linewidth=0, zorder=1)
    look = {"color": design.theme.strong, "linewidth": 0.2 * design.points}
    _draw_curve(board, figure.frontier, design, look)


def _draw_curve(
    board: Board, points: tuple[tuple[float, float], ...], design: Design, look: dict[str, Any]
) -> None:
    edge = [(quality, cost) for cost, quality in sorted(points)]
    board.axes.plot(*zip(*edge, strict=True), zorder=3, clip_on=False, **look)
    board.take_line((board.place(*point) for point in edge), design.em)


def _draw_dots(board: Board, points: tuple[tuple[float, float], ...], design: Design, colour: str) -> None:
    """Draw the points beside a curve; a label may hide them."""
    if points:
        costs, qualities = zip(*points, strict=True)
        look: dict[str, Any] = {
            "color": colour,
            "markersize": 0.3 * design.points,
            "markeredgewidth": 0,
            "alpha": 0.6,
        }
        board.axes.plot(qualities, costs, "o", zorder=2, clip_on=False, **look)


def _ring_colour(figure: FrontierFigure, design: Design) -> str:
    """Return the colour within the ring of the emphasized point: that of its curve, else of points."""
    looks = zip(figure.curves, _looks(figure, design), strict=True)
    return next((look["color"] for curve, look in looks if curve.name == figure.emphasized), design.theme.ink)


def _looks(figure: FrontierFigure, design: Design) -> list[dict[str, Any]]:
    """Return the style of each curve; markers show one of few points."""
    looks = design.line_looks([False] * len(figure.curves))
    return [
        {**look, "marker": "." if len(curve.points) < 3 else None}
        for curve, look in zip(figure.curves, looks, strict=True)
    ]


def described(figure: FrontierFigure) -> str:
    """Return the text alternative of the figure."""
    values_text = [f"{point.name}: {_value(figure, point)}" for point in figure.points]
    named = [(point.name, point.value, _value(figure, point)) for point in figure.points]
    ends = [_point_text(figure, *end) for end in (figure.frontier[0], figure.frontier[-1])]
    values_text.append(f"frontier: {ends[0]} to {ends[1]}")
    return sentences(figure.alt, lowest_and_highest(f"{figure.axis}, by {figure.across}", named), values_text)


def _point_text(figure: FrontierFigure, cost: float, quality: float) -> str:
    amount = shown(cost, figure.unit, figure.currency, figure.places)
    return f"{shown(quality, Unit.SHARE)} for {amount}"


def _value(figure: FrontierFigure, point: MixPoint) -> str:
    return _point_text(figure, point.value, point.shares[0])


def _laid_out(page: Figure, figure: FrontierFigure, frame: Frame, strip: float, height: float) -> Board:
    design, em = frame.design, frame.design.em
    costs = [*(cost for cost, _ in figure.outline), *(point.value for point in figure.points)]
    costs += [cost for cost, _ in figure.frontier]
    high = max(costs) or 1.0
    ticks = value_ticks(0, high, figure.unit, figure.currency)
    left = PAD + max(width(text, design.points * SMALL) for text in ticks[1]) + _GAP * em
    axes = frame.axes(page, left, height, PAD + 1.5 * em, strip)
    axes.set(xlim=_span(figure), ylim=(0, high))
    axes.set_yticks(*ticks)
    _dress(axes, figure, design)
    inches = (design.width - left - PAD - 1.5 * em, height)
    above = _ABOVE_CURVES if figure.curves else _ABOVE
    texts = Box(0.2 * em, 0.3 * em, inches[0] + em, height + above * em)
    return Board(axes, design.theme, inches, texts, clear=True)


def _span(figure: FrontierFigure) -> tuple[float, float]:
    rates = [quality for _, quality in (*figure.outline, *figure.frontier)]
    rates += [point.shares[0] for point in figure.points]
    low, high = min(rates), max(rates)
    return (low, high) if high > low else (low - 0.01, high + 0.01)


def _dress(axes: Axes, figure: FrontierFigure, design: Design) -> None:
    inches = axes.get_position().width * design.width
    axes.set_xticks(*fitting_ticks(axes.get_xlim(), inches, design.points * SMALL, Unit.SHARE))
    axes.grid()
    axes.set_xlabel(sanitize(figure.across), labelpad=0.4 * design.points)


def _key(figure: FrontierFigure, design: Design) -> Key:
    """Return the legend: the measure, and the curves, or the frontier and the area of all mixes."""
    theme, points = design.theme, design.points
    if figure.curves:
        looks = zip(figure.curves, _looks(figure, design), strict=True)
        return Key.of(design, sanitize(figure.axis), *(Entry(curve.name, look) for curve, look in looks))
    return Key.of(
        design,
        sanitize(figure.axis),
        Entry("mixes that no other beats", {"color": theme.strong, "linewidth": 0.2 * points}),
        Entry("all mixes", {"color": theme.area, "linewidth": 0.6 * points}),
    )


def _name(board: Board, figure: FrontierFigure, point: MixPoint, points: float) -> None:
    room, value = _NAME_ROOM * board.inches[0], _value(figure, point)
    options = [[*fitted(sanitize(point.name), room, points, most, point.emphasis), value] for most in (2, 1)]
    place = board.place(point.shares[0], point.value)
    if figure.curves and not point.emphasis:  # of many models on curves, some have room for their name only
        options.append([*fitted(sanitize(point.name), room, points, 1, point.emphasis)])
    board.write(place, points, *options, bold=point.emphasis)
