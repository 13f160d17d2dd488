"""The one style of all charts: sizes, colours, fonts, and axes that read as money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

from routecost.model.report import Unit
from routecost.render.cells import shown_column

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Size:
    """A preset: inches, dots per inch of a PNG, and the size of running text in points.

    A ``height`` of None grows with the content.
    """

    width: float
    height: float | None
    dpi: int
    points: float

    @property
    def em(self) -> float:
        """The size of running text, in inches."""
        return self.points / 72


SIZES = {
    "doc": Size(width=6.5, height=None, dpi=200, points=9),
    "slide": Size(width=10, height=5.625, dpi=192, points=13),
    "square": Size(width=6, height=6, dpi=180, points=11),
}
"""A column of a letter or A4 page, a 16:9 slide (1920 x 1080), a square post (1080 x 1080)."""

INK = "#1b242c"
SOFT = "#5b6771"
GRID = "#dde2e6"
STRONG = "#0072b2"
MUTED = "#a8bccb"
HATCH_FILL = "#e6ebef"
HATCH_LINE = "#7c8a96"
ACCENT = "#d55e00"
SCALE = ("#f1f6fa", "#bcd7e8", "#6ba6cc", "#2f73a8", "#0d3f6e")
"""From little to much: lighter to darker, so that grey print and all eyes keep the order."""

Dashes = tuple[float, ...]

LINES: tuple[tuple[str, Dashes], ...] = (
    ("#46525c", ()),
    ("#d55e00", (5, 1.5)),
    ("#009e73", (7, 1.5, 1.5, 1.5)),
    ("#cc79a7", ()),
    ("#8a6d00", (1.5, 1)),
    ("#56b4e9", (9, 1.5)),
    ("#9aa5ae", ()),
    ("#7b3f9e", (3, 1, 1, 1, 1, 1)),
)
"""Colours and dashes (in line widths) of lines beside the STRONG one; neighbours differ in both."""

_SETTINGS: Any = {
    "font.family": ["DejaVu Sans"],  # ships with matplotlib, so that every machine draws the same
    "text.parse_math": False,  # two dollar signs are two prices, not a formula
    "text.color": INK,
    "svg.fonttype": "path",  # the labels fit their bars also where DejaVu Sans is not installed
    "svg.hashsalt": "routecost",
    "pdf.fonttype": 42,
    "hatch.linewidth": 0.7,
    "figure.facecolor": "white",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style whatever the user's own matplotlib settings are, then restore them."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def mark_values(axes: Axes, high: float, unit: Unit, currency: str | None) -> None:
    """Put a few round ticks on the horizontal axis, up to ``high``, labelled as people read them."""
    axes.set_xticks(*value_ticks(axes.get_xlim()[0], high, unit, currency))


def value_ticks(
    low: float, high: float, unit: Unit, currency: str | None, most: int = 5
) -> tuple[list[float], list[str]]:
    """Return about ``most`` round values from ``low`` to ``high``, and how people read them."""
    from matplotlib.ticker import MaxNLocator

    places = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    # 12 digits take away the noise of floats, such as 0.30000000000000004
    ticks = [float(f"{place:.12g}") for place in places if low <= place <= high]
    return ticks, _tick_labels(ticks, unit, currency)


def line_looks(emphases: Sequence[bool], points: float) -> list[dict[str, Any]]:
    """Return how lines are drawn beside text of that size, given which of them stand out."""
    others = cycle(LINES)
    return [
        _line_look(STRONG, (), 0.27 * points) if emphasis else _line_look(*next(others), 0.17 * points)
        for emphasis in emphases
    ]


def haloed(**look: Any) -> dict[str, Any]:
    """Return the look of a text that stays legible on any colour."""
    from matplotlib.patheffects import withStroke

    return {**look, "path_effects": [withStroke(linewidth=2.6, foreground="white")]}


def _line_look(color: str, dashes: Dashes, width: float) -> dict[str, Any]:
    return {"color": color, "linewidth": width, "linestyle": (0, dashes) if dashes else "-"}


def _tick_labels(ticks: list[float], unit: Unit, currency: str | None) -> list[str]:
    """Return aligned labels, without cents where all of them are whole."""
    labels = shown_column(ticks, unit, currency)
    is_whole = all(label.endswith(".00") for label in labels)
    return [label.removesuffix(".00") for label in labels] if is_whole else labels
