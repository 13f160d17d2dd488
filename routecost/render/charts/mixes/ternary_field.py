"""Field of a ternary map: colour bands, lines of equal value, and the colour scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from routecost.render.charts.mixes.ternary_layout import TernaryMap
from routecost.render.charts.mixes.triangle import HEIGHT, Place, Shares, clipped, level
from routecost.render.charts.page.label_boxes import Box, hidden
from routecost.render.charts.page.style import Theme
from routecost.render.charts.page.text_width import width
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALL = 0.85
_BAR_WIDTH, _BAR_HEIGHT, _GAP = 1.3, 0.48, 0.5
_NEAR = 0.3
_ALONG = (0.5, 0.38, 0.62, 0.26, 0.74, 0.14, 0.86)


def draw_field(axes: Axes, layout: TernaryMap) -> None:
    """Fill the region with a colour per band, and outline the triangle around it."""
    for band, color in zip(_bands(layout), _colors(layout.theme, len(layout.levels) + 1), strict=True):
        _polygon(axes, layout, band, facecolor=color, edgecolor=color, linewidth=0.4, zorder=1)
    outline: dict[str, Any] = {"fill": False, "joinstyle": "miter"}
    _polygon(
        axes, layout, layout.triangle.corners, edgecolor=layout.theme.edge, linewidth=0.7, zorder=2, **outline
    )
    _polygon(axes, layout, layout.region, edgecolor=layout.theme.ink, linewidth=0.9, zorder=4, **outline)


def draw_lines(axes: Axes, layout: TernaryMap, taken: list[Box]) -> None:
    """Draw the lines of equal value and label those that have room; adds their labels to ``taken``."""
    for value, text in zip(layout.levels, layout.labels, strict=True):
        ends = level(layout.region, layout.value, value)
        if ends is None:
            continue
        start, end = map(layout.triangle.place, ends)
        axes.plot(*zip(start, end, strict=True), color=layout.theme.ink, alpha=0.45, linewidth=0.5, zorder=2)
        if not _is_near_reference(layout, value):
            _label_line(axes, layout, text, (start, end), taken)


def draw_scale(axes: Axes, layout: TernaryMap) -> None:
    """Draw the scale of colours at the upper right, with its round values and the reference."""
    em, (_, top) = layout.em, layout.apex
    labels = layout.labels or [shown(layout.range[0], layout.figure.unit, layout.figure.currency)]
    room = max(width(label, layout.points * _SMALL) for label in labels) + (_BAR_WIDTH + _GAP) * em
    left = min(layout.triangle.origin[0] + layout.triangle.side, layout.body.right - room)
    high = top - 1.2 * em
    low = high - _BAR_HEIGHT * layout.triangle.side * HEIGHT
    text: dict[str, Any] = {"size": layout.points * _SMALL, "color": layout.theme.soft}
    axes.text(left, top, sanitize(layout.figure.axis), va="center", **text)
    least, most = layout.range
    span = (most - least) or 1.0
    edges = [low + (value - least) / span * (high - low) for value in layout.levels]
    for (start, end), color in zip(
        pairwise([low, *edges, high]), _colors(layout.theme, len(edges) + 1), strict=True
    ):
        axes.fill_between([left, left + _BAR_WIDTH * em], start, end, color=color, linewidth=0)
    for place, label in zip(edges or [(low + high) / 2], labels, strict=True):
        axes.text(left + (_BAR_WIDTH + _GAP) * em, place, label, va="center_baseline", **text)
    reference = layout.figure.reference
    if reference is not None and least <= reference.value <= most and not layout.is_flat:
        place = low + (reference.value - least) / span * (high - low)
        axes.plot([left, left + _BAR_WIDTH * em], [place, place], color=layout.theme.ink, linewidth=2.2)


def _bands(layout: TernaryMap) -> Iterator[list[Shares]]:
    for low, high in pairwise([None, *layout.levels, None]):
        band = list(layout.region)
        if low is not None:
            band = clipped(band, lambda shares, low=low: layout.value(shares) - low)  # type: ignore[misc]
        if high is not None:
            band = clipped(band, lambda shares, high=high: high - layout.value(shares))  # type: ignore[misc]
        yield band


def _colors(theme: Theme, count: int) -> list[Any]:
    from matplotlib.colors import LinearSegmentedColormap

    scale = LinearSegmentedColormap.from_list("scale", theme.scale)
    return [scale((at + 0.5) / count) if count > 1 else scale(0.3) for at in range(count)]


def _polygon(axes: Axes, layout: TernaryMap, corners: Sequence[Shares], **look: Any) -> None:
    from matplotlib.patches import Polygon

    if len(corners) > 2:
        axes.add_patch(Polygon([layout.triangle.place(corner) for corner in corners], **look))


def _is_near_reference(layout: TernaryMap, value: float) -> bool:
    reference = layout.figure.reference
    interval = layout.levels[1] - layout.levels[0] if len(layout.levels) > 1 else 0.0
    return reference is not None and abs(reference.value - value) < _NEAR * interval


def _label_line(
    axes: Axes, layout: TernaryMap, text: str, line: tuple[Place, Place], taken: list[Box]
) -> None:
    points = layout.points * _SMALL
    wide, high = width(text, points), points / 72
    start, end = line
    if hypot(end[0] - start[0], end[1] - start[1]) < wide:
        return
    middles = [
        tuple(one + (two - one) * part for one, two in zip(start, end, strict=True)) for part in _ALONG
    ]
    boxes = [Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2) for x, y in middles]
    box = next((box for box in boxes if not hidden(box, taken, layout.body)), None)
    if box is not None:
        x, y = (box.left + box.right) / 2, (box.low + box.high) / 2
        axes.text(x, y, text, ha="center", va="center", zorder=7, **layout.theme.haloed(size=points))
        taken.append(box)
