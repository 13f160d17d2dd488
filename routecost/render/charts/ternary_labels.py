"""The texts of a ternary map: the shares along its sides, its corners, and the named mixes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin
from typing import TYPE_CHECKING, Any

from routecost.model.mix_figures import MixPoint
from routecost.model.report import Unit
from routecost.render.cells import shown
from routecost.render.charts.boxes import Box, along, around, freest, hidden
from routecost.render.charts.measure import fitted, width
from routecost.render.charts.ternary_map import TernaryMap
from routecost.render.charts.triangle import HEIGHT, Place
from routecost.render.charts.value_axis import value_ticks
from routecost.render.escape import harmless

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In em, the size of running text.
_TICK, _TICK_GAP, _SIDE_NAME, _FOOT_NAME, _CORNER_ROW = 0.4, 0.9, 3.1, 2.5, 2.1
_LEADING, _GAP = 1.25, 0.7

_SMALL = 0.85
_SIDE_ROOM = 0.4
_SAME = 1e-9
_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class _Named:
    """All named mixes at one place: ``lines`` say their names and values."""

    place: Place
    lines: Sequence[str]
    is_inside: bool
    emphasis: bool


def draw_sides(axes: Axes, made: TernaryMap, taken: list[Box]) -> None:
    """Mark the shares along the three sides, each with the tier whose share it shows; adds to ``taken``."""
    side, (left, low) = made.triangle.side, made.triangle.origin
    far = _SIDE_NAME * made.em
    middle, high = left + side / 2, low + side * HEIGHT / 2
    names = [harmless(tier) for tier in made.figure.tiers]
    sides = (
        (f"\N{LEFTWARDS ARROW} share of {names[0]}", (left + side / 4 - far * HEIGHT, high + far / 2), 60),
        (f"share of {names[1]} \N{RIGHTWARDS ARROW}", (middle, low - _FOOT_NAME * made.em), 0),
        (
            f"\N{LEFTWARDS ARROW} share of {names[2]}",
            (left + 3 * side / 4 + far * HEIGHT, high + far / 2),
            -60,
        ),
    )
    for text, place, turn in sides:
        (line,) = fitted(text, _SIDE_ROOM * side, made.points, 1) or [""]
        look: dict[str, Any] = {"rotation": turn, "rotation_mode": "anchor", "ha": "center", "va": "center"}
        axes.text(*place, line, size=made.points, color=made.theme.soft, **look)
        taken.extend(_turned(place, width(line, made.points) / 2, radians(turn), made.em))
    _mark_shares(axes, made, taken)
    corners = [made.triangle.place(corner) for corner in made.triangle.corners]
    for at, corner in enumerate(corners):
        taken.extend(along(corners[at - 1], corner, 0.1 * made.em))


def _turned(middle: Place, half: float, angle: float, em: float) -> Iterator[Box]:
    """Yield boxes that cover a line of text."""
    x, y = half * cos(angle), half * sin(angle)
    yield from along((middle[0] - x, middle[1] - y), (middle[0] + x, middle[1] + y), em)


def _mark_shares(axes: Axes, made: TernaryMap, taken: list[Box]) -> None:
    """Mark round shares of each tier, on the side on which the tier after it has its least share."""
    bases, spare = made.triangle.bases, made.triangle.spare
    for tier, way in enumerate(((-0.5, HEIGHT), (-0.5, -HEIGHT), (1.0, 0.0))):
        base = bases[tier]
        for share, label in zip(*value_ticks(base, base + spare, Unit.SHARE, None), strict=True):
            if _SAME < share - base < spare - _SAME:
                shares = list(bases)
                shares[tier], shares[tier - 1] = share, bases[tier - 1] + spare - (share - base)
                taken.append(_mark_share(axes, made, label, shares, way))


def _mark_share(axes: Axes, made: TernaryMap, label: str, at: Sequence[float], way: Place) -> Box:
    """Mark a share on a side; ``way`` is the direction in which lines of that share leave the triangle."""
    (x, y), em = made.triangle.place(at), made.em
    end = (x + way[0] * _TICK * em, y + way[1] * _TICK * em)
    axes.plot(*zip((x, y), end, strict=True), color=made.theme.edge, linewidth=0.7, zorder=2)
    place = (x + way[0] * _TICK_GAP * em, y + way[1] * _TICK_GAP * em)
    ha = "left" if way[0] > 0 else "right" if way[1] > 0 else "center"
    va = "top" if way[1] < 0 else "center"
    axes.text(*place, label, size=made.points * _SMALL, color=made.theme.soft, ha=ha, va=va)
    return Box(place[0] - em, place[1] - em, place[0] + em, place[1] + em)


def draw_points(axes: Axes, made: TernaryMap, taken: list[Box]) -> None:
    """Mark the named mixes and label each; adds the labels to ``taken``."""
    corners = [made.triangle.place(corner) for corner in made.triangle.corners]
    named = list(_named(made))
    taken.extend(_dot_box(made, each.place) for each in named)
    for each in named:
        _dot(axes, made, each)
    for at, corner in enumerate(corners):
        at_corner = [each for each in named if _is_same(each.place, corner)]
        _label_corner(axes, made, at, at_corner[0] if at_corner else _unnamed(made, at, corner))
    for each in named:
        if not any(_is_same(each.place, corner) for corner in corners):
            _label_inside(axes, made, each, taken)


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
        lines += [*fitted(harmless(", ".join(alike)), room, made.points, 2, bold), value]
    return lines[:_MOST_LINES]


def _unnamed(made: TernaryMap, at: int, corner: Place) -> _Named:
    """Return what a corner says where no strategy stands on it."""
    shares = made.triangle.corners[at]
    name = f"{shown(shares[at], Unit.SHARE)} {harmless(made.figure.tiers[at])}"
    value = shown(made.value(shares), made.figure.unit, made.figure.currency)
    return _Named(corner, [*fitted(name, _corner_room(made), made.points, 2), value], False, False)


def _corner_room(made: TernaryMap) -> float:
    """Return how wide a text at a corner may be, beside the name of the side at the foot."""
    left, side = made.triangle.origin[0], made.triangle.side
    return left - made.body.left + (0.5 - _SIDE_ROOM / 2) * side - made.em


def _label_corner(axes: Axes, made: TernaryMap, at: int, named: _Named) -> None:
    """Write at a corner: below those at the foot, to the left of the one on top."""
    x, y = named.place
    down = _CORNER_ROW * made.em
    weight, text = "bold" if named.emphasis else "normal", "\n".join(named.lines)
    half = max(width(line, made.points, named.emphasis) for line in named.lines) / 2
    middle = min(max(x, made.body.left + half), made.body.right - half)
    ha, place, va = ("center", (middle, y - down + 0.6 * made.em), "top")
    if at == len(made.triangle.corners) - 1:
        ha, place, va = ("right", (x - 0.9 * made.em, y), "center")
    look: dict[str, Any] = {
        "size": made.points,
        "color": made.theme.ink,
        "weight": weight,
        "linespacing": _LEADING,
    }
    axes.text(*place, text, ha=ha, va=va, multialignment=ha, **look)


def _label_inside(axes: Axes, made: TernaryMap, named: _Named, taken: list[Box]) -> None:
    """Write beside a point what it is, on one line where that hides less; from afar, with a thin line."""
    options = []
    for lines in (named.lines, [" ".join(named.lines)]):
        wide = max(width(line, made.points, named.emphasis) for line in lines)
        high = (_LEADING * (len(lines) - 1) + 0.95) * made.em
        options.append((lines, freest(around(named.place, wide, high, _GAP * made.em), taken, made.body)))
    lines, box = min(options, key=lambda option: hidden(option[1], taken, made.body))
    weight = "bold" if named.emphasis else "normal"
    look = made.theme.haloed(size=made.points, weight=weight, linespacing=_LEADING)
    axes.text(box.left, (box.low + box.high) / 2, "\n".join(lines), va="center", zorder=9, **look)
    taken.append(box)
    end = box.nearest(named.place)
    if hypot(end[0] - named.place[0], end[1] - named.place[1]) > 2 * _GAP * made.em:
        axes.plot(*zip(named.place, end, strict=True), color=made.theme.ink, linewidth=0.7, zorder=7)


def _dot(axes: Axes, made: TernaryMap, named: _Named) -> None:
    face = made.theme.accent if named.emphasis else made.theme.ink
    look: dict[str, Any] = {"markersize": 0.75 * made.points, "markeredgewidth": 1.3}
    look |= {"markerfacecolor": face if named.is_inside else made.theme.page}
    look |= {"markeredgecolor": made.theme.page if named.is_inside else face}
    axes.plot(*named.place, marker="o", linestyle="none", zorder=8, clip_on=False, **look)


def _dot_box(made: TernaryMap, place: Place) -> Box:
    reach = 0.4 * made.em
    return Box(place[0] - reach, place[1] - reach, place[0] + reach, place[1] + reach)


def _is_same(one: Place, other: Place) -> bool:
    return abs(one[0] - other[0]) < _SAME and abs(one[1] - other[1]) < _SAME
