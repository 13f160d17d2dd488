"""One panel of a chart of mixes, and the key to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from routecost.model.mix_figures import MixPanel, MixPanelsFigure, MixPoint
from routecost.model.report import Unit
from routecost.render.cells import shown
from routecost.render.charts import style
from routecost.render.charts.boxes import Box, Place, along, around, freest
from routecost.render.charts.key import SMALL, Entry, Key
from routecost.render.charts.measure import fitted, width
from routecost.render.charts.value_axis import value_ticks
from routecost.render.escape import harmless

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# All in em, the size of running text.
_GAP, _LEADING = 0.5, 1.2

_NAME_ROOM = 0.55
_SAME = 1e-9

Look = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Canvas:
    """A panel's axes, whose vertical scale is set, ``inches`` wide and high.

    ``taken`` are the places where something stands, in inches from the lower left corner.
    """

    axes: Axes
    figure: MixPanelsFigure
    panel: MixPanel
    design: style.Design
    inches: tuple[float, float]
    taken: list[Box] = field(default_factory=list)

    def place(self, share: float, value: float) -> Place:
        """Return where a value at a share is, in inches."""
        (left, right), (low, high) = self.axes.get_xlim(), self.axes.get_ylim()
        wide, tall = self.inches
        return (share - left) / (right - left) * wide, (value - low) / (high - low) * tall

    def money(self, value: float) -> str:
        """Return a value as people read it."""
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
        _draw_point(canvas, point)
    for point in points:
        _name_point(canvas, point)
    if len(canvas.figure.panels) == 1:
        _name_ends(canvas)


def _cheapest(theme: style.Theme) -> Look:
    return {"color": theme.strong, "linewidth": 2.2}


def _dearest(theme: style.Theme) -> Look:
    return {"color": theme.edge, "linewidth": 1.4}


def _level(theme: style.Theme) -> Look:
    """Return the look of the line of the reference."""
    return {"color": theme.ink, "linewidth": 1.1, "linestyle": (0, (5, 2))}


def panel_key(figure: MixPanelsFigure, design: style.Design) -> Key:
    """Return what is measured and what the lines are."""
    theme, entries = design.theme, []
    if _has_range(figure.panels):
        entries = [Entry("cheapest mix", _cheapest(theme)), Entry("dearest", _dearest(theme))]
    if figure.reference is not None:
        value = shown(figure.reference.value, figure.unit, figure.currency)
        text = f"costs as much as {harmless(figure.reference.name)}: {value}"
        entries.append(Entry(text, _level(theme)))
    return Key.of(design, harmless(figure.axis), *entries)


def _has_range(panels: Sequence[MixPanel]) -> bool:
    return any(panel.low != panel.high for panel in panels)


def _dress(canvas: Canvas) -> None:
    axes, panel, design = canvas.axes, canvas.panel, canvas.design
    axes.set_xlim(panel.shares[0], panel.shares[-1])
    most = 5 if len(canvas.figure.panels) == 1 else 2
    ticks = value_ticks(panel.shares[0], panel.shares[-1], Unit.SHARE, None, most)
    axes.set_xticks(*ticks)
    for at, label in zip(ticks[0], axes.get_xticklabels(), strict=True):
        is_end = (at - panel.shares[0] < _SAME) - (panel.shares[-1] - at < _SAME)
        label.set_horizontalalignment(("center", "left", "right")[is_end])  # neighbours stand close
    axes.tick_params(labelsize=design.points * SMALL)
    axes.grid(axis="y")
    (heading,) = fitted(harmless(panel.label), canvas.inches[0], design.points, 1, bold=True) or [""]
    look: dict[str, Any] = {"size": design.points, "weight": "bold", "color": design.theme.ink}
    axes.annotate(heading, (0, 1), (0, _GAP * design.points), "axes fraction", "offset points", **look)


def _draw_range(canvas: Canvas) -> None:
    axes, panel, theme = canvas.axes, canvas.panel, canvas.design.theme
    if _has_range([panel]):
        axes.fill_between(panel.shares, panel.low, panel.high, color=theme.area, linewidth=0, zorder=1)
        axes.plot(panel.shares, panel.high, zorder=2, clip_on=False, **_dearest(theme))
    axes.plot(panel.shares, panel.low, zorder=2.5, clip_on=False, **_cheapest(theme))
    for values in (panel.low, panel.high):
        places = [canvas.place(*point) for point in zip(panel.shares, values, strict=True)]
        for start, end in pairwise(places):
            canvas.taken.extend(along(start, end, 0.2 * canvas.design.em))


def _draw_reference(canvas: Canvas, value: float) -> None:
    canvas.axes.axhline(value, zorder=3, **_level(canvas.design.theme))
    level = canvas.place(canvas.panel.shares[0], value)[1]
    canvas.taken.extend(along((0, level), (canvas.inches[0], level), 0.2 * canvas.design.em))


def _draw_point(canvas: Canvas, point: MixPoint) -> None:
    x, y = canvas.place(point.shares[0], point.value)
    reach = 0.4 * canvas.design.em
    canvas.taken.append(Box(x - reach, y - reach, x + reach, y + reach))
    theme = canvas.design.theme
    look: dict[str, Any] = {"markersize": 0.7 * canvas.design.points, "markeredgewidth": 1.1}
    look["markerfacecolor"] = theme.accent if point.emphasis else theme.ink
    canvas.axes.plot(
        point.shares[0], point.value, "o", markeredgecolor=theme.page, zorder=6, clip_on=False, **look
    )


def _name_ends(canvas: Canvas) -> None:
    """Write the values at the ends of the line, where no named mix says them."""
    panel = canvas.panel
    for share, value in ((panel.shares[0], panel.low[0]), (panel.shares[-1], panel.low[-1])):
        if all(abs(point.shares[0] - share) > _SAME for point in panel.points):
            _name_point(canvas, MixPoint("", (share,), value))


def _name_point(canvas: Canvas, point: MixPoint) -> None:
    design, wide = canvas.design, canvas.inches[0]
    points = design.points * (1 if len(canvas.figure.panels) == 1 else SMALL)
    lines = fitted(harmless(point.name), _NAME_ROOM * wide, points, 2, point.emphasis)
    if len(canvas.figure.panels) == 1:
        lines = [*lines, canvas.money(point.value)]
    room = max(width(line, points, point.emphasis) for line in lines)
    high = (_LEADING * (len(lines) - 1) + 0.95) * points / 72
    place = canvas.place(point.shares[0], point.value)
    page = Box(_GAP * design.em, 0, *canvas.inches)
    box = freest(around(place, room, high, _GAP * design.em), canvas.taken, page)
    canvas.taken.append(box)
    weight = "bold" if point.emphasis else "normal"
    look = design.theme.haloed(size=points, weight=weight, linespacing=_LEADING)
    spot = (box.left / wide, (box.low + box.high) / 2 / canvas.inches[1])
    canvas.axes.text(*spot, "\n".join(lines), transform=canvas.axes.transAxes, va="center", zorder=7, **look)
    _lead(canvas, place, box.nearest(place))


def _lead(canvas: Canvas, place: Place, end: Place) -> None:
    """Draw a thin line from a point to its name, if that stands far from it."""
    if hypot(end[0] - place[0], end[1] - place[1]) > 2 * _GAP * canvas.design.em:
        wide, tall = canvas.inches
        ends = [(x / wide, y / tall) for x, y in (place, end)]
        look: dict[str, Any] = {"color": canvas.design.theme.ink, "linewidth": 0.7, "zorder": 5}
        canvas.axes.plot(*zip(*ends, strict=True), transform=canvas.axes.transAxes, **look)
