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
from routecost.render.charts.key import SMALL, Entry, Key
from routecost.render.charts.measure import fitted, width
from routecost.render.charts.value_axis import value_ticks
from routecost.render.escape import harmless, one_paragraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = FrontierFigure

# All in em, the size of running text.
_ABOVE, _PLOT, _BELOW, _GAP = 0.6, 24.0, 4.6, 0.5
_LEADING, _NAME_ROOM = 1.2, 0.4


@dataclass(frozen=True, slots=True)
class _Plot:
    """The plot; ``inches`` are its width and height, ``taken`` is where something stands already."""

    axes: Axes
    figure: FrontierFigure
    design: style.Design
    inches: tuple[float, float]
    taken: list[Box]

    def place(self, quality: float, cost: float) -> Place:
        x, y = self.axes.transLimits.transform((quality, cost))
        return float(x) * self.inches[0], float(y) * self.inches[1]


def draw(figure: FrontierFigure, design: style.Design) -> Figure:
    """Return the chart as a matplotlib figure, to be saved within ``style.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    key = _key(figure, design)
    body = key.height + (_ABOVE + _PLOT + _BELOW) * design.em
    page = frame.page(body)
    high = (frame.room or body) - key.height - (_ABOVE + _BELOW) * design.em
    plot = _laid_out(page, figure, frame, key.height + _ABOVE * design.em, high)
    _draw_mixes(plot)
    for point in figure.points:
        _dot(plot, point)
    for point in sorted(figure.points, key=lambda point: not point.emphasis):
        _name(plot, point)
    key.write(page, frame)
    return page


def _draw_mixes(plot: _Plot) -> None:
    """Draw the area of all mixes, and the line of those that no other beats."""
    axes, figure, design = plot.axes, plot.figure, plot.design
    corners = [(quality, cost) for cost, quality in figure.outline]
    axes.fill(*zip(*corners, strict=True), color=design.theme.area, linewidth=0, zorder=1)
    edge = [(quality, cost) for cost, quality in figure.frontier]
    axes.plot(
        *zip(*edge, strict=True),
        color=design.theme.strong,
        linewidth=0.2 * design.points,
        zorder=3,
        clip_on=False,
    )
    for start, end in pairwise(plot.place(*point) for point in edge):
        plot.taken.extend(along(start, end, 0.2 * design.em))


def described(figure: FrontierFigure) -> str:
    """Return the figure in words, for those who cannot see it."""
    told = [f"{point.name}: {_value(figure, point)}" for point in figure.points]
    ends = [_told(figure, *end) for end in (figure.frontier[0], figure.frontier[-1])]
    return one_paragraph(f"{figure.alt} {'; '.join([*told, f'frontier: {ends[0]} to {ends[1]}'])}.")


def _told(figure: FrontierFigure, cost: float, quality: float) -> str:
    return f"{shown(quality, Unit.SHARE)} for {shown(cost, figure.unit, figure.currency)}"


def _value(figure: FrontierFigure, point: MixPoint) -> str:
    return _told(figure, point.value, point.shares[0])


def _laid_out(page: Figure, figure: FrontierFigure, frame: Frame, strip: float, height: float) -> _Plot:
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
    above = Box(-left, height + _ABOVE * em, design.width, height + strip)
    return _Plot(axes, figure, design, inches, [above])


def _span(figure: FrontierFigure) -> tuple[float, float]:
    found = [quality for _, quality in figure.outline]
    found += [point.shares[0] for point in figure.points]
    low, high = min(found), max(found)
    return (low, high) if high > low else (low - 0.01, high + 0.01)


def _dress(axes: Axes, figure: FrontierFigure, design: style.Design) -> None:
    small = design.points * SMALL
    axes.set_xticks(*value_ticks(*axes.get_xlim(), Unit.SHARE, None))
    axes.tick_params(labelsize=small)
    axes.grid()
    axes.set_xlabel(harmless(figure.across), size=small, labelpad=0.4 * design.points)


def _key(figure: FrontierFigure, design: style.Design) -> Key:
    """Say what is measured, and what the line and the area are."""
    theme, points = design.theme, design.points
    return Key.of(
        design,
        harmless(figure.axis),
        Entry("mixes that no other beats", {"color": theme.strong, "linewidth": 0.2 * points}),
        Entry("all mixes", {"color": theme.area, "linewidth": 0.6 * points}),
    )


def _dot(plot: _Plot, point: MixPoint) -> None:
    theme = plot.design.theme
    look: dict[str, Any] = {"markersize": 0.75 * plot.design.points, "markeredgewidth": 1.1}
    look["markerfacecolor"] = theme.accent if point.emphasis else theme.ink
    where = (point.shares[0], point.value)
    plot.axes.plot(*where, "o", markeredgecolor=theme.page, zorder=6, clip_on=False, **look)
    (x, y), reach = plot.place(*where), 0.4 * plot.design.em
    plot.taken.append(Box(x - reach, y - reach, x + reach, y + reach))


def _name(plot: _Plot, point: MixPoint) -> None:
    design, (wide, high) = plot.design, plot.inches
    name = fitted(harmless(point.name), _NAME_ROOM * wide, design.points, 2, point.emphasis)
    lines: Sequence[str] = [*name, _value(plot.figure, point)]
    room = max(width(line, design.points, point.emphasis) for line in lines)
    tall = (_LEADING * (len(lines) - 1) + 0.95) * design.em
    page = Box(0.2 * design.em, 0.3 * design.em, wide + design.em, high + 1.3 * design.em)
    box = freest(
        around(plot.place(point.shares[0], point.value), room, tall, 0.6 * design.em), plot.taken, page
    )
    plot.taken.append(box)
    weight = "bold" if point.emphasis else "normal"
    look = design.theme.haloed(size=design.points, weight=weight, linespacing=_LEADING)
    spot = (box.left / wide, (box.low + box.high) / 2 / high)
    plot.axes.text(*spot, "\n".join(lines), transform=plot.axes.transAxes, va="center", zorder=7, **look)
