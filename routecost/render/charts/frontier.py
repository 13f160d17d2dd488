"""Cost against quality: the outline of all mixes, the frontier along its edge, the strategies by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from routecost.model.mix_figures import MixPoint
from routecost.model.report import Unit
from routecost.model.sensitivity_figures import FrontierFigure
from routecost.render.cells import shown
from routecost.render.charts import style
from routecost.render.charts.boxes import Box, Place, along, around, freest
from routecost.render.charts.frame import PAD, Frame, framed
from routecost.render.charts.measure import fitted, width
from routecost.render.escape import harmless, one_paragraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = FrontierFigure

# All in em, the size of running text.
_STRIP, _PLOT, _BELOW, _GAP = 2.2, 24.0, 4.6, 0.5
_SMALL, _LEADING, _NAME_ROOM = 0.9, 1.2, 0.4


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plot; ``inches`` are its width and height, ``taken`` is where something stands already."""

    axes: Axes
    figure: FrontierFigure
    size: style.Size
    inches: tuple[float, float]
    taken: list[Box]

    def place(self, quality: float, cost: float) -> Place:
        x, y = self.axes.transLimits.transform((quality, cost))
        return float(x) * self.inches[0], float(y) * self.inches[1]


def draw(figure: FrontierFigure, size: style.Size) -> Figure:
    """Return the chart as a matplotlib figure, to be saved within ``style.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, size)
    plot = _laid_out(figure, frame)
    axes, em = plot.axes, size.em
    corners = [(quality, cost) for cost, quality in figure.outline]
    axes.fill(*zip(*corners, strict=True), color=style.HATCH_FILL, linewidth=0, zorder=1)
    edge = [(quality, cost) for cost, quality in figure.frontier]
    axes.plot(
        *zip(*edge, strict=True), color=style.STRONG, linewidth=0.2 * size.points, zorder=3, clip_on=False
    )
    for start, end in pairwise(plot.place(*point) for point in edge):
        plot.taken.extend(along(start, end, 0.2 * em))
    for point in figure.points:
        _dot(plot, point)
    for point in sorted(figure.points, key=lambda point: not point.emphasis):
        _name(plot, point)
    return axes.get_figure()  # type: ignore[return-value]


def described(figure: FrontierFigure) -> str:
    """Return the figure in words, for those who cannot see it."""
    told = [f"{point.name}: {_value(figure, point)}" for point in figure.points]
    ends = [_told(figure, *end) for end in (figure.frontier[0], figure.frontier[-1])]
    return one_paragraph(f"{figure.alt} {'; '.join([*told, f'frontier: {ends[0]} to {ends[1]}'])}.")


def _told(figure: FrontierFigure, cost: float, quality: float) -> str:
    return f"{shown(quality, Unit.SHARE)} for {shown(cost, figure.unit, figure.currency)}"


def _value(figure: FrontierFigure, point: MixPoint) -> str:
    return _told(figure, point.value, point.shares[0])


def _laid_out(figure: FrontierFigure, frame: Frame) -> _Plot:
    size, em = frame.size, frame.size.em
    height = _PLOT * em if frame.room is None else frame.room - (_STRIP + _BELOW) * em
    costs = [*(cost for cost, _ in figure.outline), *(point.value for point in figure.points)]
    costs += [cost for cost, _ in figure.frontier]
    high = max(costs) or 1.0
    ticks = style.value_ticks(0, high, figure.unit, figure.currency)
    left = PAD + max(width(text, size.points * _SMALL) for text in ticks[1]) + _GAP * em
    page = frame.page((_STRIP + _BELOW) * em + height)
    axes = frame.axes(page, left, height, PAD + 1.5 * em, _STRIP * em)
    axes.set(xlim=_span(figure), ylim=(0, high))
    axes.set_yticks(*ticks)
    _dress(axes, figure, size)
    inches = (size.width - left - PAD - 1.5 * em, height)
    _key(axes, figure, size, inches, left)
    strip = Box(-left, height + 0.6 * em, size.width, height + _STRIP * em)
    return _Plot(axes, figure, size, inches, [strip])


def _span(figure: FrontierFigure) -> tuple[float, float]:
    found = [quality for _, quality in figure.outline]
    found += [point.shares[0] for point in figure.points]
    low, high = min(found), max(found)
    return (low, high) if high > low else (low - 0.01, high + 0.01)


def _dress(axes: Axes, figure: FrontierFigure, size: style.Size) -> None:
    small = size.points * _SMALL
    axes.set_xticks(*style.value_ticks(*axes.get_xlim(), Unit.SHARE, None))
    axes.tick_params(length=0, labelsize=small, labelcolor=style.SOFT)
    axes.grid(color=style.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(harmless(figure.across), size=small, color=style.SOFT, labelpad=0.4 * size.points)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(style.INK)


def _key(axes: Axes, figure: FrontierFigure, size: style.Size, inches: Place, left: float) -> None:
    """Name the vertical axis, and say what the line and the area are, in the strip above the plot."""
    small, em, (wide, high) = size.points * _SMALL, size.em, inches
    level, at = 1 + 1.3 * em / high, PAD - left
    look: dict[str, Any] = {"size": small, "va": "center", "transform": axes.transAxes}
    axes.text(at / wide, level, harmless(figure.axis), color=style.SOFT, **look)
    at += width(harmless(figure.axis), small) + 2 * em
    for text, color, thick in (
        ("mixes that no other beats", style.STRONG, 0.2),
        ("all mixes", style.MUTED, 0.6),
    ):
        shade = style.HATCH_FILL if thick > 0.5 else color
        ends = [at / wide, (at + 1.4 * em) / wide]
        line: dict[str, Any] = {"transform": axes.transAxes, "clip_on": False, "solid_capstyle": "butt"}
        axes.plot(ends, [level] * 2, color=shade, linewidth=thick * size.points, **line)
        at += 1.9 * em
        axes.text(at / wide, level, text, color=style.INK, **look)
        at += width(text, small) + 1.6 * em


def _dot(plot: _Plot, point: MixPoint) -> None:
    look: dict[str, Any] = {"markersize": 0.75 * plot.size.points, "markeredgewidth": 1.1}
    look["markerfacecolor"] = style.ACCENT if point.emphasis else style.INK
    where = (point.shares[0], point.value)
    plot.axes.plot(*where, "o", markeredgecolor="white", zorder=6, clip_on=False, **look)
    (x, y), reach = plot.place(*where), 0.4 * plot.size.em
    plot.taken.append(Box(x - reach, y - reach, x + reach, y + reach))


def _name(plot: _Plot, point: MixPoint) -> None:
    size, (wide, high) = plot.size, plot.inches
    name = fitted(harmless(point.name), _NAME_ROOM * wide, size.points, 2, point.emphasis)
    lines: Sequence[str] = [*name, _value(plot.figure, point)]
    room = max(width(line, size.points, point.emphasis) for line in lines)
    tall = (_LEADING * (len(lines) - 1) + 0.95) * size.em
    page = Box(0.2 * size.em, 0.3 * size.em, wide + size.em, high + 1.3 * size.em)
    box = freest(
        around(plot.place(point.shares[0], point.value), room, tall, 0.6 * size.em), plot.taken, page
    )
    plot.taken.append(box)
    weight = "bold" if point.emphasis else "normal"
    look = style.haloed(size=size.points, color=style.INK, weight=weight, linespacing=_LEADING)
    spot = (box.left / wide, (box.low + box.high) / 2 / high)
    plot.axes.text(*spot, "\n".join(lines), transform=plot.axes.transAxes, va="center", zorder=7, **look)
