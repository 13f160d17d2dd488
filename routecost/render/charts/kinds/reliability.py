"""Reliability diagrams: a square panel per model, of the observed by the predicted success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.model.report.reliability_figure import ReliabilityFigure, ReliabilityPanel
from routecost.records import dataclass
from routecost.render.charts.page.alt_text import sentences
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.legend import Entry, Key
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.title_block import PAD, Frame, framed
from routecost.render.charts.page.value_axis import Side
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = ReliabilityFigure

# In em (the size of running text).
_ABOVE, _BELOW, _LABEL, _BETWEEN, _GAP = 3.2, 2.2, 1.7, 1.6, 0.5
_MOST_SIDE, _LEAST_SIDE = 20.0, 8.0

_MOST_COLUMNS = 3
"""The most columns of a page whose height grows."""
_SMALLER, _LEAST_POINTS = 0.9, 2.0
_PLACES, _TEXTS = (0.0, 0.5, 1.0), ("0%", "50%", "100%")
_ALIGNED: tuple[Side, ...] = ("left", "center", "right")
_OBSERVED, _PREDICTED = "observed success", "predicted success"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Square panels in rows; ``side`` is the inches of one."""

    design: Design
    key: Key
    columns: int
    rows: int
    side: float

    @property
    def left(self) -> float:
        """Inches from the page's edge to the first panel of a row."""
        return PAD + width("100%", self.design.points * SMALL) + _GAP * self.design.em

    @property
    def height(self) -> float:
        """Inches of all of it."""
        around = self.rows * (_ABOVE + _BELOW) + _LABEL
        return self.key.height + around * self.design.em + self.rows * self.side

    def place(self, at: int) -> tuple[float, float]:
        """Return the inches left of a panel, and above it."""
        row, column = divmod(at, self.columns)
        em = self.design.em
        above = self.key.height + row * (self.side + (_ABOVE + _BELOW) * em) + _ABOVE * em
        return self.left + column * (self.side + _BETWEEN * em), above


def draw(figure: ReliabilityFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    layout = _layout(figure, frame)
    page = frame.page(layout.height)
    for at, panel in enumerate(figure.panels):
        left, above = layout.place(at)
        axes = frame.axes(page, left, layout.side, design.width - left - layout.side, above)
        _dress(axes, layout.design, is_first=at % layout.columns == 0)
        _draw_points(axes, panel, layout.design)
        _write_heading(axes, panel, layout)
    layout.key.write(page, frame)
    _write_across(page, frame, layout)
    return page


def described(figure: ReliabilityFigure) -> str:
    """Return the text alternative of the figure."""
    texts = []
    for panel in figure.panels:
        pairs = (
            f"{shown(bin_point.predicted, Unit.SHARE)} observed {shown(bin_point.observed, Unit.SHARE)}"
            for bin_point in panel.points
        )
        texts.append(f"{panel.name}, {_error(panel)}: predicted {', '.join(pairs)}")
    worst = max(figure.panels, key=lambda panel: panel.error)
    return sentences(figure.alt, f"Greatest {_error(worst)}, of {worst.name}.", texts)


def _error(panel: ReliabilityPanel) -> str:
    return f"calibration error {shown(panel.error, Unit.SHARE)}"


def _layout(figure: ReliabilityFigure, frame: Frame) -> _Layout:
    """Return the layout with the largest panels; with smaller text if these are small."""
    design, count = frame.design, len(figure.panels)
    most = count if frame.room is not None else min(count, _MOST_COLUMNS)
    least = 1 if frame.room is not None else most
    while True:
        tries = [_sized(figure, design, frame, columns) for columns in range(least, most + 1)]
        best = max(tries, key=lambda layout: layout.side)
        if best.side >= _LEAST_SIDE * design.em or design.points < _LEAST_POINTS:
            return best
        design = design.scaled(_SMALLER)


def _sized(figure: ReliabilityFigure, design: Design, frame: Frame, columns: int) -> _Layout:
    rows = -(-len(figure.panels) // columns)
    layout = _Layout(design, _key(figure, design), columns, rows, 0.0)
    side = (design.width - layout.left - PAD - (columns - 1) * _BETWEEN * design.em) / columns
    if frame.room is not None:
        side = min(side, (frame.room - layout.height) / rows)
    return _Layout(design, layout.key, columns, rows, min(side, _MOST_SIDE * design.em))


def _key(figure: ReliabilityFigure, design: Design) -> Key:
    theme, points = design.theme, design.points
    return Key.of(
        design,
        _OBSERVED,
        Entry("as predicted", _diagonal(design)),
        Entry(figure.meaning, {"color": theme.edge, "linewidth": 0.15 * points}, upright=True),
    )


def _diagonal(design: Design) -> dict[str, Any]:
    return {"color": design.theme.soft, "linewidth": 0.11 * design.points, "linestyle": (0, (5, 2))}


def _dress(axes: Axes, design: Design, *, is_first: bool) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_xticks(_PLACES, _TEXTS)
    axes.set_yticks(_PLACES, _TEXTS if is_first else [""] * len(_TEXTS))
    axes.tick_params(labelsize=design.points * SMALL)
    for side, label in zip(_ALIGNED, axes.get_xticklabels(), strict=True):
        label.set_horizontalalignment(side)
    axes.grid()
    axes.plot([0, 1], [0, 1], zorder=2, **_diagonal(design))


def _draw_points(axes: Axes, panel: ReliabilityPanel, design: Design) -> None:
    theme, points = design.theme, design.points
    for bin_point in panel.points:
        place = [bin_point.predicted] * 2
        bar: dict[str, Any] = {"color": theme.edge, "linewidth": 0.15 * points, "solid_capstyle": "butt"}
        axes.plot(place, [bin_point.low, bin_point.high], zorder=3, clip_on=False, **bar)
    across = [bin_point.predicted for bin_point in panel.points]
    look: dict[str, Any] = {"color": theme.strong, "linewidth": 0.17 * points}
    look |= {"marker": "o", "markersize": 0.4 * points}
    axes.plot(across, [bin_point.observed for bin_point in panel.points], zorder=4, clip_on=False, **look)


def _write_heading(axes: Axes, panel: ReliabilityPanel, layout: _Layout) -> None:
    small = layout.design.points * SMALL
    error = _error(panel)
    if width(error, small) > layout.side:
        error = error.removeprefix("calibration ")
    lines = ((sanitize(panel.name), "bold", 1.7), (error, "normal", 0.5))
    for text, weight, raised in lines:
        (line,) = fitted(text, layout.side, small, 1, weight == "bold") or [""]
        place = (0, raised * layout.design.points)
        look: dict[str, Any] = {"size": small, "weight": weight}
        axes.annotate(line, (0, 1), place, "axes fraction", "offset points", **look)


def _write_across(page: Figure, frame: Frame, layout: _Layout) -> None:
    """Write the label of the horizontal axes below the last row."""
    wide, high = page.get_size_inches()
    design = layout.design
    top = high - frame.top - layout.height + _LABEL * design.em
    look: dict[str, Any] = {"size": design.points * SMALL, "color": design.theme.soft, "va": "top"}
    page.text(layout.left / wide, top / high, _PREDICTED, **look)
