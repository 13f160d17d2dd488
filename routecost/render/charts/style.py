"""The one style of all charts: sizes, colours in light and in dark, fonts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any


@dataclass(frozen=True, slots=True)
class Size:
    """A preset: inches, dots per inch of a PNG, and the size of running text in points.

    A ``height`` of None grows with the content.
    """

    width: float
    height: float | None
    dpi: int
    points: float


SIZES = {
    "doc": Size(width=6.5, height=None, dpi=200, points=9),
    "slide": Size(width=10, height=5.625, dpi=192, points=13),
    "square": Size(width=6, height=6, dpi=180, points=11),
}
"""A column of a letter or A4 page, a 16:9 slide (1920 x 1080), a square post (1080 x 1080)."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a chart, all on ``page``.

    ``ink`` and ``soft`` are for text and thin rules, ``grid`` for lines in the background. ``strong``
    is what the chart is about, ``muted`` what that is held against, ``accent`` the one point to look at.
    ``area`` fills, ``edge`` outlines. ``scale`` goes from little to much, further and further from the
    page, so that grey print and all eyes keep the order. ``lines`` are for those beside the strong one.
    """

    page: str
    ink: str
    soft: str
    grid: str
    strong: str
    muted: str
    accent: str
    area: str
    edge: str
    scale: tuple[str, ...]
    lines: tuple[str, ...]

    def haloed(self, **look: Any) -> dict[str, Any]:
        """Return the look of a text that stays legible on any colour."""
        from matplotlib.patheffects import withStroke

        return {
            "color": self.ink,
            **look,
            "path_effects": [withStroke(linewidth=2.6, foreground=self.page)],
        }


THEMES = {
    "light": Theme(
        page="#ffffff",
        ink="#1b242c",
        soft="#56626d",
        grid="#dde2e6",
        strong="#00609f",
        muted="#8494a1",
        accent="#d55e00",
        area="#e6ebef",
        edge="#75838f",
        scale=("#f1f6fa", "#bcd7e8", "#6ba6cc", "#2f73a8", "#0d3f6e"),
        lines=("#46525c", "#d55e00", "#008a62", "#c46a9b", "#8a6d00", "#3b90c6", "#7f8b95", "#7b3f9e"),
    ),
    "dark": Theme(
        page="#14191e",
        ink="#e6eaee",
        soft="#a3aeb8",
        grid="#2b343c",
        strong="#4fb3f6",
        muted="#5c6e7c",
        accent="#ff8a3c",
        area="#262f37",
        edge="#8794a0",
        scale=("#1d2a36", "#1f4a70", "#2f73a8", "#6ba6cc", "#c3dff0"),
        lines=("#b9c4cc", "#ff8a3c", "#2fc596", "#cc6ca6", "#d9b63a", "#9ad6fa", "#8c97a1", "#b58be0"),
    ),
}

Dashes = tuple[float, ...]

DASHES: tuple[Dashes, ...] = (
    (),
    (5, 1.5),
    (7, 1.5, 1.5, 1.5),
    (),
    (1.5, 1),
    (9, 1.5),
    (3, 1.5),
    (3, 1, 1, 1, 1, 1),
)
"""Dashes, in line widths, of a theme's ``lines``: neighbours differ in both dash and colour."""


@dataclass(frozen=True, slots=True)
class Design:
    """What a chart is made for: a size of page, and a theme."""

    size: Size
    theme: Theme

    @property
    def width(self) -> float:
        """Inches of the page."""
        return self.size.width

    @property
    def height(self) -> float | None:
        """Inches of the page, None if it grows with the content."""
        return self.size.height

    @property
    def points(self) -> float:
        """The size of running text, in points."""
        return self.size.points

    @property
    def em(self) -> float:
        """The size of running text, in inches."""
        return self.size.points / 72

    def ring(self) -> dict[str, Any]:
        """Return the look of a ring around a point."""
        return {
            "markersize": 0.6 * self.points,
            "markerfacecolor": self.theme.page,
            "markeredgewidth": 1.2,
        }

    def line_looks(self, emphases: Sequence[bool]) -> list[dict[str, Any]]:
        """Return how lines are drawn, given which of them stand out."""
        others = cycle(zip(self.theme.lines, DASHES, strict=True))
        return [
            _line_look(self.theme.strong, (), 0.27 * self.points)
            if emphasis
            else _line_look(*next(others), 0.17 * self.points)
            for emphasis in emphases
        ]


@contextmanager
def house_style(theme: Theme) -> Iterator[None]:
    """Draw in the house style whatever the user's own matplotlib settings are, then restore them."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_settings(theme))
        yield


def _settings(theme: Theme) -> dict[Any, Any]:
    return {
        "font.family": ["DejaVu Sans"],  # ships with matplotlib, so that every machine draws the same
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
        "xtick.major.size": 0,
        "ytick.major.size": 0,
    }


def _line_look(color: str, dashes: Dashes, width: float) -> dict[str, Any]:
    return {"color": color, "linewidth": width, "linestyle": (0, dashes) if dashes else "-"}
