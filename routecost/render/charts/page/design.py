"""Chart designs: page size, theme, and the style derived from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from typing import Any

from routecost.records import dataclass
from routecost.render.charts.page.style import DASHES, Dashes, Size, Theme
from routecost.render.plotting import import_matplotlib

SMALL = 0.9
"""Font size of titles and sources, relative to running text."""
_TICK_PAD = 0.5


@dataclass(frozen=True, slots=True)
class Design:
    """The page size and theme of a chart."""

    size: Size
    theme: Theme

    @property
    def width(self) -> float:
        """Page width in inches."""
        return self.size.width

    @property
    def height(self) -> float | None:
        """Page height in inches, None if it grows with the content."""
        return self.size.height

    @property
    def points(self) -> float:
        """The size of running text, in points."""
        return self.size.points

    @property
    def em(self) -> float:
        """The size of running text, in inches."""
        return self.size.points / 72

    def scaled(self, factor: float) -> Design:
        """Return the design with larger or smaller text on the same page."""
        return replace(self, size=replace(self.size, points=self.points * factor))

    def ring(self) -> dict[str, Any]:
        """Return the style of a ring around a point."""
        return {
            "markersize": 0.6 * self.points,
            "markerfacecolor": self.theme.page,
            "markeredgewidth": 1.2,
        }

    def line_looks(self, emphases: Sequence[bool]) -> list[dict[str, Any]]:
        """Return the styles of lines, given which of them are emphasized."""
        others = cycle(zip(self.theme.lines, DASHES, strict=True))
        return [
            _line_look(self.theme.strong, (), 0.27 * self.points)
            if emphasis
            else _line_look(*next(others), 0.17 * self.points)
            for emphasis in emphases
        ]


@contextmanager
def house_style(design: Design) -> Iterator[None]:
    """Apply the house style, independent of user settings of matplotlib, and restore them."""
    mpl = import_matplotlib()

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_settings(design))
        yield


def _settings(design: Design) -> dict[Any, Any]:
    theme, small = design.theme, SMALL * design.points
    return {
        "font.family": ["DejaVu Sans"],  # ships with matplotlib, so output is the same on every machine
        "text.parse_math": False,  # two dollar signs are two prices, not a formula
        "text.color": theme.ink,
        "svg.fonttype": "path",  # the labels fit their bars also where DejaVu Sans is not installed
        "svg.hashsalt": "routecost",
        "pdf.fonttype": 42,
        "hatch.linewidth": 0.7,
        "figure.facecolor": theme.page,
        "axes.facecolor": theme.page,
        "axes.edgecolor": theme.ink,
        "axes.spines.left": False,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.axisbelow": True,
        "axes.labelcolor": theme.soft,
        "grid.color": theme.grid,
        "grid.linewidth": 0.7,
        "xtick.labelcolor": theme.soft,
        "ytick.labelcolor": theme.soft,
        "axes.labelsize": small,
        "xtick.labelsize": small,
        "ytick.labelsize": small,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.major.pad": _TICK_PAD * design.points,
        "ytick.major.pad": _TICK_PAD * design.points,
    }


def _line_look(color: str, dashes: Dashes, width: float) -> dict[str, Any]:
    return {"color": color, "linewidth": width, "linestyle": (0, dashes) if dashes else "-"}
