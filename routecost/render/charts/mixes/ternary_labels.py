"""The corners of a ternary map, and its named mixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.model.report.mix_figures import MixPoint
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

# In em, the size of running text.
_BELOW, _BESIDE, _LEADING = 1.5, 0.9, 1.25

_SAME = 1e-9
_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class _Named:
    """All named mixes at one place: ``lines`` say their names and values."""

    place: Place
    lines: Sequence[str]
    is_inside: bool
    emphasis: bool


def draw_points(axes: Axes, made: TernaryMap, taken: list[Box]) -> None:
    """Mark the named mixes and label each; adds the labels to ``taken``."""
    corners = [made.triangle.place(corner) for corner in made.triangle.corners]
    named = list(_named(made))
    board = Board(axes, made.theme, (made.width, made.height), made.body, taken)
    for each in named:
        _dot(axes, made, each)
        board.take_dot(each.place, 0.4 * made.em)
    for at, corner in enumerate(corners):
        own = next((each for each in named if _is_same(each.place, corner)), None)
        taken.append(_label_corner(axes, made, at, own or _unnamed(made, at, corner)))
    for each in sorted(named, key=lambda each: not each.emphasis):
        if not any(_is_same(each.place, corner) for corner in corners):
            board.write(each.place, made.points, each.lines, [" ".join(each.lines)], bold=each.emphasis)


def _named(made: TernaryMap) -> Iterator[_Named]:
    groups: dict[tuple[float, ...], list[MixPoint]] = {}
    for point in made.figure.points:
        groups.setdefault(tuple(round(share, 9) for share in point.shares), []).append(point)
    window = [(base, base + made.triangle.spare) for base in made.triangle.bases]
    for shares, points in groups.items():
        if made.holds(shares, window):
            emphasis, is_inside = (
                any(point.emphasis for point in points),
                made.holds(shares, made.figure.bounds),
            )
            yield _Named(made.triangle.place(shares), _lines(made, points, emphasis), is_inside, emphasis)


def _lines(made: TernaryMap, points: Sequence[MixPoint], bold: bool) -> list[str]:
    """Return the names at one place, with what they cost: nearly always the same."""
    names: dict[str, list[str]] = {}
    for point in points:
        names.setdefault(shown(point.value, made.figure.unit, made.figure.currency), []).append(point.name)
    room, lines = _corner_room(made), []
    for value, alike in names.items():
        lines += [*fitted(sanitize(", ".join(alike)), room, made.points, 2, bold), value]
    return lines[:_MOST_LINES]


def _unnamed(made: TernaryMap, at: int, corner: Place) -> _Named:
    """Return what a corner says where no strategy stands on it."""
    shares = made.triangle.corners[at]
    name = f"{shown(shares[at], Unit.SHARE)} {sanitize(made.figure.tiers[at])}"
    value = shown(made.value(shares), made.figure.unit, made.figure.currency)
    return _Named(corner, [*fitted(name, _corner_room(made), made.points, 2), value], False, False)


def _corner_room(made: TernaryMap) -> float:
    """Return how wide a text at a corner may be, beside the name of the side at the foot."""
    left, side = made.triangle.origin[0], made.triangle.side
    inner = (0.5 - SIDE_ROOM / 2) * side - made.em / 2
    return min(left - made.body.left + inner, 2 * inner)


def _label_corner(axes: Axes, made: TernaryMap, at: int, named: _Named) -> Box:
    """Write at a corner: below those at the foot, to the left of the one on top. Return where."""
    x, y = named.place
    weight, text = "bold" if named.emphasis else "normal", "\n".join(named.lines)
    half = max(width(line, made.points, named.emphasis) for line in named.lines) / 2
    tall = _LEADING * len(named.lines) * made.em
    if at == len(made.triangle.corners) - 1:
        ha, va, place = "right", "center", (x - _BESIDE * made.em, y)
        box = Box(place[0] - 2 * half, y - tall / 2, place[0], y + tall / 2)
    else:
        middle = min(max(x, made.body.left + half), made.body.right - half)
        ha, va, place = "center", "top", (middle, y - _BELOW * made.em)
        box = Box(middle - half, place[1] - tall, middle + half, place[1])
    look: dict[str, Any] = {"size": made.points, "weight": weight, "linespacing": _LEADING}
    axes.text(*place, text, ha=ha, va=va, multialignment=ha, **look)
    return box


def _dot(axes: Axes, made: TernaryMap, named: _Named) -> None:
    face = made.theme.accent if named.emphasis else made.theme.ink
    look: dict[str, Any] = {"markersize": 0.75 * made.points, "markeredgewidth": 1.3}
    look |= {"markerfacecolor": face if named.is_inside else made.theme.page}
    look |= {"markeredgecolor": made.theme.page if named.is_inside else face}
    axes.plot(*named.place, marker="o", linestyle="none", zorder=8, clip_on=False, **look)


def _is_same(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) < _SAME and abs(one[1] - other[1]) < _SAME
