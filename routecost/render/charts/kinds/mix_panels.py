"""Panels of the cost range of mixes by the share of a tier."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import TYPE_CHECKING

from routecost.model.report.cells import Unit
from routecost.model.report.mix_figures import MixPanel, MixPanelsFigure
from routecost.records import dataclass
from routecost.render.charts.mixes.panel import Canvas, draw_panel, panel_key
from routecost.render.charts.page.alt_text import lowest_and_highest, sentences
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.label_axes import Board
from routecost.render.charts.page.label_boxes import Box
from routecost.render.charts.page.text_width import width
from routecost.render.charts.page.title_block import PAD, Frame, framed
from routecost.render.charts.page.value_axis import value_ticks
from routecost.render.rounding import shown, shown_column

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURE = MixPanelsFigure

# In em (the size of running text).
_GAP, _LABEL, _TICKS, _BETWEEN = 0.5, 1.6, 2.0, 1.4
_ONE_HIGH, _MANY_HIGH = 22.0, 11.0


@dataclass(frozen=True, slots=True)
class _Grid:
    """Layout of panels, ``columns`` per row.

    ``wide`` and ``high`` are inches of one's plot, ``key`` those of the strip above all of them.
    """

    columns: int
    rows: int
    left: float
    wide: float
    high: float
    em: float
    key: float

    @property
    def row(self) -> float:
        """Inches from the top of one row to the top of the next."""
        return self.high + (_LABEL + _TICKS) * self.em

    @property
    def height(self) -> float:
        return self.key + self.rows * self.row

    def box(self, at: int) -> Box:
        """Return the plot of a panel, from the body's upper left corner: x to the right, y down."""
        row, column = divmod(at, self.columns)
        left = self.left + column * (self.wide + _BETWEEN * self.em)
        top = self.key + row * self.row + _LABEL * self.em
        return Box(left, top, left + self.wide, top + self.high)


def draw(figure: MixPanelsFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    values = _values(figure)
    ticks = value_ticks(0.0, max(values), figure.unit, figure.currency)
    key = panel_key(figure, design)
    grid = _grid(figure, frame, ticks[1], key.height)
    page = frame.page(grid.height)
    wide, high = page.get_size_inches()
    for at, panel in enumerate(figure.panels):
        box = grid.box(at)
        axes = page.add_axes(
            (box.left / wide, (high - frame.top - box.high) / high, grid.wide / wide, grid.high / high)
        )
        axes.set_ylim(0, max(values) * 1.04 or 1.0)
        labels = ticks[1] if at % grid.columns == 0 else [""] * len(ticks[0])
        axes.set_yticks(ticks[0], labels)
        texts = Box(0.5 * design.em, 0, grid.wide, grid.high)
        draw_panel(Canvas(figure, panel, design, Board(axes, design.theme, (grid.wide, grid.high), texts)))
    key.write(page, frame)
    return page


def described(figure: MixPanelsFigure) -> str:
    """Return the text alternative: the ends of each panel, named mixes and the reference."""
    values_text = [text for panel in figure.panels for text in _panel_texts(figure, panel)]
    if figure.reference is not None:
        values_text.append(f"{figure.reference.name}: {_money(figure, figure.reference.value)}")
    named = [
        (f"{shown(share, Unit.SHARE)} {panel.label}", value, _money(figure, value))
        for panel in figure.panels
        for values in (panel.low, panel.high)
        for share, value in zip(panel.shares, values, strict=True)
    ]
    return sentences(figure.alt, lowest_and_highest(figure.axis, named), dict.fromkeys(values_text))


def _panel_texts(figure: MixPanelsFigure, panel: MixPanel) -> Iterator[str]:
    for at in (0, -1):
        low, high = shown_column([panel.low[at], panel.high[at]], figure.unit, figure.currency)
        share = shown(panel.shares[at], Unit.SHARE)
        yield f"{panel.label}, {share}: " + (low if low == high else f"{low} to {high}")
    for point in panel.points:
        yield f"{point.name}: {_money(figure, point.value)}"


def _money(figure: MixPanelsFigure, value: float) -> str:
    return shown(value, figure.unit, figure.currency)


def _values(figure: MixPanelsFigure) -> list[float]:
    reference = [] if figure.reference is None else [figure.reference.value]
    points = [point.value for panel in figure.panels for point in panel.points]
    return [*reference, *points, *(value for panel in figure.panels for value in panel.high)]


def _grid(figure: MixPanelsFigure, frame: Frame, labels: list[str], key: float) -> _Grid:
    design, em, count = frame.design, frame.design.em, len(figure.panels)
    columns = count if count < 3 else ceil(count / 2) if count < 7 else ceil(count / 3)
    rows = ceil(count / columns)
    left = PAD + max(width(label, design.points * SMALL) for label in labels) + _GAP * em
    wide = (design.width - left - PAD - _GAP * em - (columns - 1) * _BETWEEN * em) / columns
    high = (_ONE_HIGH if count == 1 else _MANY_HIGH) * em
    if frame.room is not None:
        high = (frame.room - key) / rows - (_LABEL + _TICKS) * em
    return _Grid(columns, rows, left, wide, high, em, key)
