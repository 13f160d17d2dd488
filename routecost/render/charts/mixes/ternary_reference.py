"""Reference line of a ternary map, with the side that costs less."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2, cos, degrees, hypot, sin
from typing import TYPE_CHECKING

from routecost.records import dataclass
from routecost.render.charts.mixes.ternary_layout import TernaryMap
from routecost.render.charts.mixes.triangle import Place, level
from routecost.render.charts.page.label_boxes import Box, along
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In em (the size of running text).
_GAP, _LEADING, _BELOW_APEX = 0.8, 1.25, 2.5

_BESIDE = 0.25
"""Maximum width of a name beside a short line, as a fraction of the page."""

_ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)


@dataclass(frozen=True, slots=True)
class _Text:
    """A line of text, turned by ``angle`` (in radians) about its middle."""

    text: str
    middle: Place
    angle: float
    width: float

    @property
    def ends(self) -> tuple[Place, Place]:
        x, y = self.width / 2 * cos(self.angle), self.width / 2 * sin(self.angle)
        return (self.middle[0] - x, self.middle[1] - y), (self.middle[0] + x, self.middle[1] + y)

    def boxes(self, em: float) -> list[Box]:
        return list(along(*self.ends, 0.7 * em))


def draw_reference(axes: Axes, layout: TernaryMap, taken: list[Box]) -> None:
    """Draw and label the reference line; add the label to ``taken``."""
    line, reference = _line(layout), layout.figure.reference
    if line is None or reference is None:
        return
    for color, thick in ((layout.theme.page, 4.0), (layout.theme.ink, 1.8)):
        axes.plot(*zip(*line, strict=True), color=color, linewidth=thick, zorder=5, solid_capstyle="butt")
    taken.extend(along(*line, 0.3 * layout.em))
    short = (
        f"{sanitize(reference.name)}: {shown(reference.value, layout.figure.unit, layout.figure.currency)}"
    )
    for name in (f"costs as much as {short}", short):
        if width(name, layout.points, bold=True) < 0.95 * _length(line):
            (middle, *_) = _texts(layout, line, name, expensive=True)
            _write(axes, layout, middle, taken)
            return
    _write_beside(axes, layout, f"costs as much as {short}", line, taken)


def draw_cheaper(axes: Axes, layout: TernaryMap, taken: list[Box]) -> None:
    """Label the side of the reference where mixes cost less, if there is room."""
    line = _line(layout)
    if line is None:
        return
    arrow = "\N{DOWNWARDS ARROW}" if _expensive_side(layout, line) > 0 else "\N{UPWARDS ARROW}"
    for text in _texts(layout, line, f"{arrow} costs less {arrow}", expensive=False):
        is_free = not any(box.shared(other) for box in text.boxes(layout.em) for other in taken)
        shares = map(layout.triangle.shares, text.ends)
        if is_free and all(layout.holds(share, layout.figure.bounds) for share in shares):
            _write(axes, layout, text, taken)
            return


def _line(layout: TernaryMap) -> tuple[Place, Place] | None:
    """Return the ends of the reference's line within the region, from left to right."""
    reference = layout.figure.reference
    ends = (
        None if reference is None or layout.is_flat else level(layout.region, layout.value, reference.value)
    )
    if ends is None:
        return None
    start, end = sorted(map(layout.triangle.place, ends))
    return start, end


def _length(line: tuple[Place, Place]) -> float:
    return hypot(line[1][0] - line[0][0], line[1][1] - line[0][1])


def _expensive_side(layout: TernaryMap, line: tuple[Place, Place]) -> int:
    """Return 1 if mixes above the line (to the left of its direction) cost more, else -1."""
    (x, y), (right, high) = line
    beside = layout.triangle.shares((x - (high - y), y + (right - x)))
    return 1 if layout.value(beside) > layout.value(layout.triangle.shares((x, y))) else -1


def _texts(layout: TernaryMap, line: tuple[Place, Place], text: str, expensive: bool) -> Iterator[_Text]:
    """Yield positions for a text along a line, on its expensive or cheap side, best first."""
    (x, y), (right, high) = line
    angle = atan2(high - y, right - x)
    side = _expensive_side(layout, line) * (1 if expensive else -1) * _GAP * layout.em
    for part in _ALONG:
        middle = (x + part * (right - x) - side * sin(angle), y + part * (high - y) + side * cos(angle))
        yield _Text(text, middle, angle, width(text, layout.points, bold=True))


def _write(axes: Axes, layout: TernaryMap, text: _Text, taken: list[Box]) -> None:
    axes.text(
        *text.middle,
        text.text,
        ha="center",
        va="center",
        rotation=degrees(text.angle),
        rotation_mode="anchor",
        zorder=8,
        **layout.theme.haloed(size=layout.points, weight="bold"),
    )
    taken.extend(text.boxes(layout.em))


def _write_beside(
    axes: Axes, layout: TernaryMap, name: str, line: tuple[Place, Place], taken: list[Box]
) -> None:
    """Write the name at the upper left, where the page is empty, with a leader line."""
    lines = fitted(name, _BESIDE * layout.width, layout.points, 3, bold=True)
    left, top = layout.body.left, layout.apex[1] - _BELOW_APEX * layout.em
    wide = max(width(text, layout.points, bold=True) for text in lines)
    low = top - _LEADING * len(lines) * layout.em
    axes.text(
        left,
        top,
        "\n".join(lines),
        va="top",
        linespacing=_LEADING,
        zorder=8,
        **layout.theme.haloed(size=layout.points, weight="bold"),
    )
    (x, y), (right, high) = line
    end = ((x + right) / 2, (y + high) / 2)
    axes.plot([left + wide / 2, end[0]], [low, end[1]], color=layout.theme.ink, linewidth=0.7, zorder=5)
    taken.append(Box(left, low, left + wide, top))
