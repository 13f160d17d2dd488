"""Corners and named mixes of a ternary map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.model.report.mix_figures import MixPoint
from routecost.records import dataclass
from routecost.render.charts.mixes.ternary_layout import TernaryMap
from routecost.render.charts.mixes.ternary_sides import SIDE_ROOM
from routecost.render.charts.mixes.triangle import Place
from routecost.render.charts.page.label_axes import Board
from routecost.render.charts.page.label_boxes import Box
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In em (the size of running text).
_BELOW, _BESIDE, _LEADING = 1.5, 0.9, 1.25

_SAME = 1e-9
_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class _Named:
    """Named mixes at one position; ``lines`` has names and values."""

    place: Place
    lines: Sequence[str]
    is_inside: bool
    emphasis: bool


def draw_points(axes: Axes, layout: TernaryMap, taken: list[Box]) -> None:
    """Mark the named mixes and label each; adds the labels to ``taken``."""
    corners = [layout.triangle.place(corner) for corner in layout.triangle.corners]
    named = list(_named(layout))
    board = Board(axes, layout.theme, (layout.width, layout.height), layout.body, taken)
    for label in named:
        _dot(axes, layout, label)
        board.take_dot(label.place, 0.4 * layout.em)
    for at, corner in enumerate(corners):
        own = next((label for label in named if _is_same(label.place, corner)), None)
        taken.append(_label_corner(axes, layout, at, own or _unnamed(layout, at, corner)))
    for label in sorted(named, key=lambda label: not label.emphasis):
        if not any(_is_same(label.place, corner) for corner in corners):
            board.write(label.place, layout.points, label.lines, [" ".join(label.lines)], bold=label.emphasis)


def _named(layout: TernaryMap) -> Iterator[_Named]:
    groups: dict[tuple[float, ...], list[MixPoint]] = {}
    for point in layout.figure.points:
        groups.setdefault(tuple(round(share, 9) for share in point.shares), []).append(point)
    window = [(base, base + layout.triangle.spare) for base in layout.triangle.bases]
    for shares, points in groups.items():
        if layout.holds(shares, window):
            emphasis, is_inside = (
                any(point.emphasis for point in points),
                layout.holds(shares, layout.figure.bounds),
            )
            yield _Named(layout.triangle.place(shares), _lines(layout, points, emphasis), is_inside, emphasis)


def _lines(layout: TernaryMap, points: Sequence[MixPoint], bold: bool) -> list[str]:
    """Return the names at one position with their costs, usually the same."""
    names: dict[str, list[str]] = {}
    for point in points:
        names.setdefault(shown(point.value, layout.figure.unit, layout.figure.currency), []).append(
            point.name
        )
    room, lines = _corner_room(layout), []
    for value, alike in names.items():
        lines += [*fitted(sanitize(", ".join(alike)), room, layout.points, 2, bold), value]
    return lines[:_MOST_LINES]


def _unnamed(layout: TernaryMap, at: int, corner: Place) -> _Named:
    """Return the label of a corner without a strategy."""
    shares = layout.triangle.corners[at]
    name = f"{shown(shares[at], Unit.SHARE)} {sanitize(layout.figure.tiers[at])}"
    value = shown(layout.value(shares), layout.figure.unit, layout.figure.currency)
    return _Named(corner, [*fitted(name, _corner_room(layout), layout.points, 2), value], False, False)


def _corner_room(layout: TernaryMap) -> float:
    """Return the maximum width of a corner label, beside the name of the bottom side."""
    left, side = layout.triangle.origin[0], layout.triangle.side
    inner = (0.5 - SIDE_ROOM / 2) * side - layout.em / 2
    return min(left - layout.body.left + inner, 2 * inner)


def _label_corner(axes: Axes, layout: TernaryMap, at: int, named: _Named) -> Box:
    """Write a corner label, below the bottom corners or left of the top; return its box."""
    x, y = named.place
    weight, text = "bold" if named.emphasis else "normal", "\n".join(named.lines)
    half = max(width(line, layout.points, named.emphasis) for line in named.lines) / 2
    tall = _LEADING * len(named.lines) * layout.em
    if at == len(layout.triangle.corners) - 1:
        ha, va, place = "right", "center", (x - _BESIDE * layout.em, y)
        box = Box(place[0] - 2 * half, y - tall / 2, place[0], y + tall / 2)
    else:
        middle = min(max(x, layout.body.left + half), layout.body.right - half)
        ha, va, place = "center", "top", (middle, y - _BELOW * layout.em)
        box = Box(middle - half, place[1] - tall, middle + half, place[1])
    look: dict[str, Any] = {"size": layout.points, "weight": weight, "linespacing": _LEADING}
    axes.text(*place, text, ha=ha, va=va, multialignment=ha, **look)
    return box


def _dot(axes: Axes, layout: TernaryMap, named: _Named) -> None:
    face = layout.theme.accent if named.emphasis else layout.theme.ink
    look: dict[str, Any] = {"markersize": 0.75 * layout.points, "markeredgewidth": 1.3}
    look |= {"markerfacecolor": face if named.is_inside else layout.theme.page}
    look |= {"markeredgecolor": layout.theme.page if named.is_inside else face}
    axes.plot(*named.place, marker="o", linestyle="none", zorder=8, clip_on=False, **look)


def _is_same(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) < _SAME and abs(one[1] - other[1]) < _SAME
