"""The one style of all charts: sizes, colours, fonts, and axes that read as money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
    from matplotlib.ticker import MaxNLocator

    low = axes.get_xlim()[0]
    places = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    # 12 digits take away the noise of floats, such as 0.30000000000000004
    ticks = [float(f"{place:.12g}") for place in places if low <= place <= high]
    axes.set_xticks(ticks, _tick_labels(ticks, unit, currency))


def _tick_labels(ticks: list[float], unit: Unit, currency: str | None) -> list[str]:
    """Return aligned labels, without cents where all of them are whole."""
    labels = shown_column(ticks, unit, currency)
    is_whole = all(label.endswith(".00") for label in labels)
    return [label.removesuffix(".00") for label in labels] if is_whole else labels
