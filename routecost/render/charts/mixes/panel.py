"""A panel of a chart of mixes, and the common legend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routecost.model.report.cells import Unit
from routecost.model.report.mix_figures import MixPanel, MixPanelsFigure, MixPoint
from routecost.records import dataclass
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.label_axes import Board
from routecost.render.charts.page.legend import Entry, Key
from routecost.render.charts.page.style import Theme
from routecost.render.charts.page.text_width import fitted
from routecost.render.charts.page.value_axis import fitting_ticks, sides
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

_GAP = 0.5
"""Space between a heading and its panel, in em."""

_NAME_ROOM = 0.55
_SAME = 1e-9

Look = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A panel and its axes, whose vertical scale is set."""

    figure: MixPanelsFigure
    panel: MixPanel
    design: Design
    board: Board

    @property
    def is_only(self) -> bool:
        """True for a single panel, which has room for values."""
        return len(self.figure.panels) == 1

    def money(self, value: float) -> str:
        """Return a formatted value."""
        return shown(value, self.figure.unit, self.figure.currency)


def draw_panel(canvas: Canvas) -> None:
    """Draw a panel: its range, the reference, and the named mixes that lie in it."""
    _dress(canvas)
    _draw_range(canvas)
    if canvas.figure.reference is not None:
        _draw_reference(canvas, canvas.figure.reference.value)
    low, high = canvas.panel.shares[0] - _SAME, canvas.panel.shares[-1] + _SAME
    points = [point for point in canvas.panel.points if low <= point.shares[0] <= high]
    for point in points:
        canvas.board.dot(point.shares[0], point.value, canvas.design.points, point.emphasis)
    for point in points:
        _name_point(canvas, point)
    if canvas.is_only:
        _name_ends(canvas)


def _cheapest(theme: Theme) -> Look:
    return {"color": theme.strong, "linewidth": 2.2}


def _most_expensive(theme: Theme) -> Look:
    return {"color": theme.edge, "linewidth": 1.4}


def _level(theme: Theme) -> Look:
    """Return the style of the reference line."""
    return {"color": theme.ink, "linewidth": 1.1, "linestyle": (0, (5, 2))}


def panel_key(figure: MixPanelsFigure, design: Design) -> Key:
    """Return the legend: the measure and the lines."""
    theme, entries = design.theme, []
    if _has_range(figure.panels):
        entries = [Entry("cheapest mix", _cheapest(theme)), Entry("most expensive", _most_expensive(theme))]
    if figure.reference is not None:
        value = shown(figure.reference.value, figure.unit, figure.currency)
        text = f"costs as much as {sanitize(figure.reference.name)}: {value}"
        entries.append(Entry(text, _level(theme)))
    return Key.of(design, sanitize(figure.axis), *entries)


def _has_range(panels: Sequence[MixPanel]) -> bool:
    return any(panel.low != panel.high for panel in panels)


def _dress(canvas: Canvas) -> None:
    axes, panel, design, wide = canvas.board.axes, canvas.panel, canvas.design, canvas.board.inches[0]
    ends = (panel.shares[0], panel.shares[-1])
    axes.set_xlim(*ends)
    most = 5 if canvas.is_only else 2
    small = design.points * SMALL
    ticks = fitting_ticks(ends, wide, small, Unit.SHARE, most=most, inside=True)
    axes.set_xticks(*ticks)
    aligned = sides([place - ends[0] for place in ticks[0]], ends[1] - ends[0])
    for side, label in zip(aligned, axes.get_xticklabels(), strict=True):
        label.set_horizontalalignment(side)
    axes.grid(axis="y")
    (heading,) = fitted(sanitize(panel.label), wide, design.points, 1, bold=True) or [""]
    look: dict[str, Any] = {"size": design.points, "weight": "bold", "color": design.theme.ink}
    axes.annotate(heading, (0, 1), (0, _GAP * design.points), "axes fraction", "offset points", **look)


def _draw_range(canvas: Canvas) -> None:
    board, panel, theme = canvas.board, canvas.panel, canvas.design.theme
    if _has_range([panel]):
        board.axes.fill_between(panel.shares, panel.low, panel.high, color=theme.area, linewidth=0, zorder=1)
        board.axes.plot(panel.shares, panel.high, zorder=2, clip_on=False, **_most_expensive(theme))
    board.axes.plot(panel.shares, panel.low, zorder=2.5, clip_on=False, **_cheapest(theme))
    for values in (panel.low, panel.high):
        places = [board.place(*point) for point in zip(panel.shares, values, strict=True)]
        board.take_line(places, canvas.design.em)


def _draw_reference(canvas: Canvas, value: float) -> None:
    board, shares = canvas.board, canvas.panel.shares
    board.axes.axhline(value, zorder=3, **_level(canvas.design.theme))
    board.take_line((board.place(shares[0], value), board.place(shares[-1], value)), canvas.design.em)


def _name_ends(canvas: Canvas) -> None:
    """Write the values at the ends of the line, unless a named mix shows them."""
    panel = canvas.panel
    for share, value in ((panel.shares[0], panel.low[0]), (panel.shares[-1], panel.low[-1])):
        if all(abs(point.shares[0] - share) > _SAME for point in panel.points):
            _name_point(canvas, MixPoint("", (share,), value))


def _name_point(canvas: Canvas, point: MixPoint) -> None:
    points = canvas.design.points * (1 if canvas.is_only else SMALL)
    room = _NAME_ROOM * canvas.board.inches[0]
    lines = fitted(sanitize(point.name), room, points, 2, point.emphasis)
    if canvas.is_only:
        lines = [*lines, canvas.money(point.value)]
    place = canvas.board.place(point.shares[0], point.value)
    canvas.board.write(place, points, lines, bold=point.emphasis)
