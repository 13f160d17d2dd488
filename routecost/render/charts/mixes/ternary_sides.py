"""The sides of a ternary map: round shares along them, and the tier whose share each shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.render.charts.mixes.ternary_layout import TernaryMap
from routecost.render.charts.mixes.triangle import HEIGHT, Place
from routecost.render.charts.page.label_boxes import Box, along
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.value_axis import value_ticks
from routecost.render.escape import sanitize

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In em, the size of running text.
_TICK, _TICK_GAP, _NAME_GAP, _FOOT_NAME, _CLEAR = 0.4, 0.9, 1.4, 2.5, 3.0

_SMALL = 0.85

SIDE_ROOM = 0.4
"""The part of a side that its name may take."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """A share to be marked at a place; ``way`` is where lines of that share leave the triangle."""

    label: str
    place: Place
    way: Place


def draw_sides(axes: Axes, made: TernaryMap, taken: list[Box]) -> None:
    """Mark the shares along the three sides, each with the tier whose share it shows; adds to ``taken``."""
    marks = list(_marks(made))
    taken.extend(_draw_mark(axes, made, mark) for mark in marks)
    widest = max((width(mark.label, made.points * _SMALL) for mark in marks), default=0.0)
    for text, place, turn in _names(made, widest):
        (line,) = fitted(text, SIDE_ROOM * made.triangle.side, made.points, 1) or [""]
        look: dict[str, Any] = {"rotation": turn, "rotation_mode": "anchor", "ha": "center", "va": "center"}
        axes.text(*place, line, size=made.points, color=made.theme.soft, **look)
        taken.extend(_turned(place, width(line, made.points) / 2, radians(turn), made.em))
    corners = [made.triangle.place(corner) for corner in made.triangle.corners]
    for at, corner in enumerate(corners):
        taken.extend(along(corners[at - 1], corner, 0.1 * made.em))


def _names(made: TernaryMap, widest: float) -> Iterator[tuple[str, Place, float]]:
    """Yield the names of the sides with their middles and turns, beyond marks of that width."""
    side, (left, low) = made.triangle.side, made.triangle.origin
    far = (widest + (_TICK_GAP / 2 + _NAME_GAP) * made.em) * HEIGHT
    middle, high = left + side / 2, low + side * HEIGHT / 2
    one, two, three = (sanitize(tier) for tier in made.figure.tiers)
    out = far * HEIGHT
    yield f"\N{LEFTWARDS ARROW} share of {one}", (left + side / 4 - out, high + far / 2), 60
    yield f"share of {two} \N{RIGHTWARDS ARROW}", (middle, low - _FOOT_NAME * made.em), 0
    yield f"\N{LEFTWARDS ARROW} share of {three}", (left + 3 * side / 4 + out, high + far / 2), -60


def _turned(middle: Place, half: float, angle: float, em: float) -> Iterator[Box]:
    """Yield boxes that cover a line of text."""
    x, y = half * cos(angle), half * sin(angle)
    yield from along((middle[0] - x, middle[1] - y), (middle[0] + x, middle[1] + y), em)


def _marks(made: TernaryMap) -> Iterator[_Mark]:
    """Yield round shares of each tier, on the side on which the tier after it has its least share."""
    bases, spare = made.triangle.bases, made.triangle.spare
    clear = _CLEAR * made.em / made.triangle.side * spare  # corners have texts of their own
    for tier, way in enumerate(((-0.5, HEIGHT), (-0.5, -HEIGHT), (1.0, 0.0))):
        base = bases[tier]
        for share, label in zip(*value_ticks(base, base + spare, Unit.SHARE, None), strict=True):
            if clear < share - base < spare - clear:
                shares = list(bases)
                shares[tier], shares[tier - 1] = share, bases[tier - 1] + spare - (share - base)
                yield _Mark(label, made.triangle.place(shares), way)


def _draw_mark(axes: Axes, made: TernaryMap, mark: _Mark) -> Box:
    (x, y), way, em = mark.place, mark.way, made.em
    end = (x + way[0] * _TICK * em, y + way[1] * _TICK * em)
    axes.plot(*zip((x, y), end, strict=True), color=made.theme.edge, linewidth=0.7, zorder=2)
    place = (x + way[0] * _TICK_GAP * em, y + way[1] * _TICK_GAP * em)
    ha = "left" if way[0] > 0 else "right" if way[1] > 0 else "center"
    va = "top" if way[1] < 0 else "center"
    axes.text(*place, mark.label, size=made.points * _SMALL, color=made.theme.soft, ha=ha, va=va)
    return _box(place, width(mark.label, made.points * _SMALL), em, ha, va)


def _box(place: Sequence[float], wide: float, em: float, ha: str, va: str) -> Box:
    left = place[0] - {"left": 0.0, "center": 0.5, "right": 1.0}[ha] * wide
    low = place[1] - {"center": 0.5, "top": 1.0}[va] * em
    return Box(left, low, left + wide, low + em)
