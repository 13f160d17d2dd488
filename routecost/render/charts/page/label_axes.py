"""Axes that place labels in free space, with leader lines if they are far from their points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from itertools import islice, pairwise
from math import hypot
from typing import TYPE_CHECKING, Any

from routecost.records import dataclass
from routecost.render.charts.page.label_boxes import Box, Place, along, around, everywhere, freest, hidden
from routecost.render.charts.page.style import Theme
from routecost.render.charts.page.text_width import width

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# All in em, the size of the text.
LEADING = 1.2
_GAP, _LINE, _CAPITALS, _DOT, _BESIDE, _ABOVE = 0.6, 0.25, 0.95, 0.75, 0.6, 0.2

_ON_TEXT = 10.0
"""How much more a label costs that hides others, or, on a clear board, whose leader line crosses them."""


_TRIED = 60
"""How many free places far from its point are tried for a label that has none near it."""


@dataclass(frozen=True, slots=True)
class Board:
    """Axes that are ``inches`` wide and high; texts stay within ``page``.

    ``taken`` has the boxes that are already occupied; with ``clear``, leader lines avoid them, too. All
    lengths are inches from the lower left corner.
    """

    axes: Axes
    theme: Theme
    inches: tuple[float, float]
    page: Box
    taken: list[Box] = field(default_factory=list)
    _texts: list[Box] = field(default_factory=list)
    clear: bool = False

    def place(self, x: float, y: float) -> Place:
        """Return the page position of a point of the axes."""
        across, up = self.axes.transLimits.transform((x, y))
        return float(across) * self.inches[0], float(up) * self.inches[1]

    def take_line(self, places: Iterable[Place], em: float) -> None:
        """Keep labels off a line through points, if possible."""
        for start, end in pairwise(places):
            self.taken.extend(along(start, end, _LINE * em))

    def take_dot(self, place: Place, reach: float) -> None:
        """Keep labels off a dot."""
        x, y = place
        self.taken.append(Box(x - reach, y - reach, x + reach, y + reach))

    def dot(
        self, x: float, y: float, points: float, emphasis: bool = False, ringed: str | None = None
    ) -> None:
        """Draw a dot at a point, in the accent colour if emphasized; keep labels off it.

        If it is ``ringed``, it has that colour and a ring of the colour of text.
        """
        look: dict[str, Any] = {"markersize": _DOT * points, "markeredgewidth": 1.1}
        look["markerfacecolor"] = self.theme.accent if emphasis else self.theme.ink
        look["markeredgecolor"] = self.theme.page
        if ringed is not None:
            look = {"markersize": points, "markeredgewidth": 0.2 * points}
            look |= {"markerfacecolor": ringed, "markeredgecolor": self.theme.ink}
        self.axes.plot(x, y, "o", zorder=6, clip_on=False, **look)
        self.take_dot(self.place(x, y), 0.4 * points / 72)

    def write(self, place: Place, points: float, *options: Sequence[str], bold: bool = False) -> None:
        """Write the option that hides least beside a point."""
        em = points / 72
        placed = [(lines, self._box(place, points, lines, bold)) for lines in options]
        lines, box = min(placed, key=lambda option: self._cost(place, option[1], em))
        weight = "bold" if bold else "normal"
        look = self.theme.haloed(size=points, weight=weight, linespacing=LEADING)
        middle = self._part((box.left, (box.low + box.high) / 2))
        across = self.axes.transAxes
        self.axes.text(*middle, "\n".join(lines), transform=across, va="center", zorder=9, **look)
        self.taken.append(box)
        beside, above = _BESIDE * em, _ABOVE * em
        self._texts.append(Box(box.left - beside, box.low - above, box.right + beside, box.high + above))
        self._lead(place, box, em)

    def _box(self, place: Place, points: float, lines: Sequence[str], bold: bool) -> Box:
        wide = max(width(line, points, bold) for line in lines)
        high = (LEADING * (len(lines) - 1) + _CAPITALS) * points / 72
        em = points / 72
        box = freest(around(place, wide, high, _GAP * em), lambda box: self._cost(place, box, em))
        if not self._on_text(box) and not box.outside(self.page):
            return box
        free = (box for box in everywhere(place, wide, high, em, self.page) if not self._on_text(box))
        return freest([*islice(free, _TRIED)] or [box], lambda box: self._cost(place, box, em))

    def _cost(self, place: Place, box: Box, em: float) -> float:
        """Return the cost of a box: what it hides and what its leader line crosses."""
        parts = [*along(place, box.nearest(place), em)] if _is_far(place, box, em) else []
        crossed = [text.shared(part) for part in parts for text in self._texts]
        crossed += [_ON_TEXT * text.shared(box) for text in self._texts]
        if self.clear:
            away = [part for part in parts if _is_far(place, part, em)]
            crossed += [other.shared(part) for part in away for other in self.taken]
            crossed += [_ON_TEXT * text.shared(part) for part in parts for text in self._texts]
        return hidden(box, self.taken, self.page) + sum(crossed)

    def _on_text(self, box: Box) -> bool:
        return any(text.shared(box) for text in self._texts)

    def _lead(self, place: Place, box: Box, em: float) -> None:
        if _is_far(place, box, em):
            end = box.nearest(place)
            look: dict[str, Any] = {"color": self.theme.ink, "linewidth": 0.7, "zorder": 7, "clip_on": False}
            ends = zip(self._part(place), self._part(end), strict=True)
            self.axes.plot(*ends, transform=self.axes.transAxes, **look)
            self.take_line((place, end), em)

    def _part(self, place: Place) -> Place:
        """Return a position as fractions of the axes."""
        return place[0] / self.inches[0], place[1] / self.inches[1]


def _is_far(place: Place, box: Box, em: float) -> bool:
    x, y = box.nearest(place)
    return hypot(x - place[0], y - place[1]) > 2 * _GAP * em
