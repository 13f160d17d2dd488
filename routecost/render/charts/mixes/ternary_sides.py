"""Sides of a ternary map: round shares and the name of their tier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.records import dataclass
from routecost.render.charts.mixes.ternary_layout import TernaryMap
from routecost.render.charts.mixes.triangle import HEIGHT, Place
from routecost.render.charts.page.label_boxes import Box, along
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.value_axis import value_ticks
from routecost.render.escape import sanitize

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In em (the size of running text).
_TICK, _TICK_GAP, _NAME_GAP, _FOOT_NAME, _CLEAR = 0.4, 0.9, 1.4, 2.5, 3.0

_SMALL = 0.85

SIDE_ROOM = 0.4
"""Maximum width of a side name, as a fraction of the side."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A share marked at a position; ``direction`` is that of the line of that share."""

    label: str
    place: Place
    direction: Place


def draw_sides(axes: Axes, layout: TernaryMap, taken: list[Box]) -> None:
    """Draw the shares along the three sides with the names of their tiers; add them to ``taken``."""
    marks = list(_marks(layout))
    taken.extend(_draw_mark(axes, layout, mark) for mark in marks)
    widest = max((width(mark.label, layout.points * _SMALL) for mark in marks), default=0.0)
    for text, place, turn in _names(layout, widest):
        (line,) = fitted(text, SIDE_ROOM * layout.triangle.side, layout.points, 1) or [""]
        look: dict[str, Any] = {"rotation": turn, "rotation_mode": "anchor", "ha": "center", "va": "center"}
        axes.text(*place, line, size=layout.points, color=layout.theme.soft, **look)
        taken.extend(_turned(place, width(line, layout.points) / 2, radians(turn), layout.em))
    corners = [layout.triangle.place(corner) for corner in layout.triangle.corners]
    for at, corner in enumerate(corners):
        taken.extend(along(corners[at - 1], corner, 0.1 * layout.em))


def _names(layout: TernaryMap, widest: float) -> Iterator[tuple[str, Place, float]]:
    """Yield the names of the sides with their middles and turns, beyond marks of that width."""
    side, (left, low) = layout.triangle.side, layout.triangle.origin
    far = (widest + (_TICK_GAP / 2 + _NAME_GAP) * layout.em) * HEIGHT
    middle, high = left + side / 2, low + side * HEIGHT / 2
    one, two, three = (sanitize(tier) for tier in layout.figure.tiers)
    out = far * HEIGHT
    yield f"\N{LEFTWARDS ARROW} share of {one}", (left + side / 4 - out, high + far / 2), 60
    yield f"share of {two} \N{RIGHTWARDS ARROW}", (middle, low - _FOOT_NAME * layout.em), 0
    yield f"\N{LEFTWARDS ARROW} share of {three}", (left + 3 * side / 4 + out, high + far / 2), -60


def _turned(middle: Place, half: float, angle: float, em: float) -> Iterator[Box]:
    """Yield boxes that cover a line of text."""
    x, y = half * cos(angle), half * sin(angle)
    yield from along((middle[0] - x, middle[1] - y), (middle[0] + x, middle[1] + y), em)


def _marks(layout: TernaryMap) -> Iterator[_Mark]:
    """Yield round shares of each tier, on the side on which the tier after it has its least share."""
    bases, spare = layout.triangle.bases, layout.triangle.spare
    clear = _CLEAR * layout.em / layout.triangle.side * spare  # corners have texts of their own
    for tier, direction in enumerate(((-0.5, HEIGHT), (-0.5, -HEIGHT), (1.0, 0.0))):
        base = bases[tier]
        for share, label in zip(*value_ticks(base, base + spare, Unit.SHARE, None), strict=True):
            if clear < share - base < spare - clear:
                shares = list(bases)
                shares[tier], shares[tier - 1] = share, bases[tier - 1] + spare - (share - base)
                yield _Mark(label, layout.triangle.place(shares), direction)


def _draw_mark(axes: Axes, layout: TernaryMap, mark: _Mark) -> Box:
    (x, y), direction, em = mark.place, mark.direction, layout.em
    end = (x + direction[0] * _TICK * em, y + direction[1] * _TICK * em)
    axes.plot(*zip((x, y), end, strict=True), color=layout.theme.edge, linewidth=0.7, zorder=2)
    place = (x + direction[0] * _TICK_GAP * em, y + direction[1] * _TICK_GAP * em)
    ha = "left" if direction[0] > 0 else "right" if direction[1] > 0 else "center"
    va = "top" if direction[1] < 0 else "center"
    axes.text(*place, mark.label, size=layout.points * _SMALL, color=layout.theme.soft, ha=ha, va=va)
    return _box(place, width(mark.label, layout.points * _SMALL), em, ha, va)


def _box(place: Sequence[float], wide: float, em: float, ha: str, va: str) -> Box:
    left = place[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * wide
    low = place[1] - {"center": 0.5, "top": 1.0}[va] * em
    return Box(left, low, left + wide, low + em)
