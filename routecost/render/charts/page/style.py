"""Style of all charts: page sizes, and light and dark colours."""

from __future__ import annotations

from typing import Any

from routecost.records import dataclass


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
    is the subject of the chart, ``muted`` the comparison, ``accent`` the highlighted point.
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
        """Return the style of text that is legible on any colour."""
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
