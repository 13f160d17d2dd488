"""Spots on lines, ringed, and named where there is room beside them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from routecost.model.line_figure import LineFigure, Numbers, Spot
from routecost.model.report import Unit
from routecost.render.cells import shown
from routecost.render.charts import style
from routecost.render.charts.boxes import Box, Place, along, around, freest
from routecost.render.charts.measure import fitted, width
from routecost.render.escape import harmless

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALL, _GAP, _LEADING, _ROOM = 0.9, 0.7, 1.2, 0.5


def spot_text(figure: LineFigure, spot: Spot) -> str:
    """Return what is so at a spot, in words."""
    unit = figure.across.unit if isinstance(figure.across, Numbers) else Unit.NUMBER
    place = shown(spot.place, unit)
    if spot.value is None:
        return f"a price step beyond {place} changes the order"
    cost = shown(spot.value, figure.unit, figure.currency)
    return f"{' = '.join(map(harmless, spot.names))} at {place}: {cost}"


def draw_spots(
    axes: Axes,
    spots: Sequence[tuple[Spot, str]],
    lines: Sequence[Sequence[Place]],
    points: float,
    inches: tuple[float, float],
) -> None:
    """Ring spots and write their texts on axes that measure so many ``inches``, off the ``lines``."""
    em = points / 72
    taken: list[Box] = []
    for line in lines:
        for start, end in pairwise(_on_page(axes, place, inches) for place in line):
            taken.extend(along(start, end, 0.25 * em))
    centres = [_on_page(axes, (spot.place, _height(axes, spot)), inches) for spot, _ in spots]
    taken += [Box(x - 0.5 * em, y - 0.5 * em, x + 0.5 * em, y + 0.5 * em) for x, y in centres]
    for (spot, text), centre in zip(spots, centres, strict=True):
        _drawn(axes, spot, points)
        taken.append(_written(axes, text, centre, taken, (points, inches)))


def _height(axes: Axes, spot: Spot) -> float:
    """Return where a spot's text belongs: a step has no height of its own, so near the bottom."""
    low, high = axes.get_ylim()
    return low + 0.12 * (high - low) if spot.value is None else spot.value


def _drawn(axes: Axes, spot: Spot, points: float) -> None:
    if spot.value is None:
        axes.axvline(spot.place, color=style.SOFT, linewidth=0.9, dashes=(3, 3), zorder=2.5)
        return
    look: dict[str, Any] = {"markersize": 0.6 * points, "markerfacecolor": "white", "markeredgewidth": 1.2}
    axes.plot(spot.place, spot.value, marker="o", zorder=5, color=style.INK, clip_on=False, **look)


def _on_page(axes: Axes, place: Place, inches: tuple[float, float]) -> Place:
    x, y = axes.transLimits.transform(place)
    return float(x) * inches[0], float(y) * inches[1]


def _written(
    axes: Axes, text: str, centre: Place, taken: Sequence[Box], measures: tuple[float, tuple[float, float]]
) -> Box:
    points, (wide, high) = measures
    small, em = points * _SMALL, points / 72
    folded = fitted(text, _ROOM * wide, small, 2)
    room = max(width(line, small) for line in folded)
    tall = (_LEADING * (len(folded) - 1) + 0.95) * small / 72
    page = Box(0, 0.2 * em, wide, high + em)
    box = freest(around(centre, room, tall, _GAP * em), taken, page)
    look = style.haloed(size=small, color=style.INK, linespacing=_LEADING)
    place = (box.left / wide, (box.low + box.high) / 2 / high)
    axes.text(*place, "\n".join(folded), transform=axes.transAxes, va="center", zorder=7, **look)
    return box
