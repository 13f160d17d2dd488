"""Layout of line panels on a page."""

from __future__ import annotations

from dataclasses import replace

from routecost.model.report.line_figure import LinePanel, LinePanelsFigure
from routecost.records import dataclass
from routecost.render.charts.lines import x_axis as across
from routecost.render.charts.lines.end_labels import EndLabel
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.legend import Key
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.title_block import PAD, Frame
from routecost.render.charts.page.value_axis import Ticks, value_ticks
from routecost.render.escape import sanitize

# In em (the size of running text).
_HEADING, _PLOT, _LEAST_PLOT, _TICK_ROW, _BETWEEN, _GAP = 3.0, 11.0, 5.0, 1.15, 1.8, 0.5
_BELOW, _TITLE, _LEAST_WIDE = 0.85, 1.7, 8.0

_MOST_VALUES = 4
_NAME_ROOM = 0.24
"""Maximum width of a line name, as a fraction of the page."""


@dataclass(frozen=True, slots=True)
class PanelsLayout:
    """Panels in rows, on one scale from 0 to ``high``; ``plot`` is the inches of one's plot.

    ``design`` has smaller text than the page's where the page is low and panels are many.
    """

    figure: LinePanelsFigure
    design: Design
    key: Key
    high: float
    plot: float
    columns: int

    @property
    def rows(self) -> int:
        """Number of rows."""
        return -(-len(self.figure.panels) // self.columns)

    @property
    def values(self) -> Ticks:
        """Ticks of the vertical axes: values and labels."""
        return value_ticks(0, self.high, self.figure.unit, self.figure.currency, _MOST_VALUES)

    @property
    def left(self) -> float:
        """Inches from the page's edge to the first plot of a row."""
        text = max(width(text, self.design.points * SMALL) for text in self.values[1])
        return PAD + text + _GAP * self.design.em

    @property
    def wide(self) -> float:
        """Inches of one's plot."""
        labels = max(label.width(self.design.points * SMALL) for label in self.labels(self.figure.panels[-1]))
        columns, between = self.columns, _BETWEEN * self.design.em
        return (self.design.width - self.left - PAD - labels - (columns - 1) * between) / columns

    @property
    def ticks(self) -> Ticks:
        """Ticks of the horizontal axes: positions and labels."""
        return across.ticks(self.figure.across, self.wide, self.design.points * SMALL, inside=True)

    @property
    def row(self) -> float:
        """Inches from the top of one row to the top of the next."""
        return self.plot + self.around

    @property
    def around(self) -> float:
        """Inches of the heading above a plot, and of the ticks below it."""
        lines = max((text.count("\n") + 1 for text in self.ticks[1]), default=1)
        return (_HEADING + _BELOW + lines * _TICK_ROW) * self.design.em

    @property
    def height(self) -> float:
        """Inches of all of it."""
        return self.key.height + self.rows * self.row + self.below

    @property
    def below(self) -> float:
        """Height in inches of the axis label below the last row."""
        return (across.title(self.figure.across) is not None) * _TITLE * self.design.em

    def place(self, at: int) -> tuple[float, float]:
        """Return the inches left of a panel's plot, and above it."""
        row, column = divmod(at, self.columns)
        left = self.left + column * (self.wide + _BETWEEN * self.design.em)
        return left, self.key.height + row * self.row + _HEADING * self.design.em

    def is_last(self, at: int) -> bool:
        """Return whether a panel ends its row."""
        return (at + 1) % self.columns == 0 or at + 1 == len(self.figure.panels)

    def labels(self, panel: LinePanel) -> list[EndLabel]:
        """Return the names of a panel's lines at their ends."""
        design, points = self.design, self.design.points * SMALL
        looks = design.line_looks([line.emphasis for line in panel.lines])
        return [
            EndLabel(
                fitted(sanitize(line.name), _NAME_ROOM * design.width, points, 1, line.emphasis),
                max(0.0, line.level / self.high),
                look["color"],
                line.emphasis,
            )
            for line, look in zip(panel.lines, looks, strict=True)
        ]


def panels_layout(figure: LinePanelsFigure, frame: Frame) -> PanelsLayout:
    """Return the layout that fits a frame."""
    design = frame.design
    high = max([0.0, *(value for panel in figure.panels for line in panel.lines for value in line.known)])
    key = Key.of(design, sanitize(figure.axis))
    layout = PanelsLayout(figure, design, key, high or 1.0, _PLOT * design.em, figure.columns)
    if frame.room is None:
        return layout
    shared = [replace(layout, columns=figure.columns * rows) for rows in (1, 2) if _divides(figure, rows)]
    tries = [_squeezed(layout, frame.room) for layout in shared]
    return max(tries, key=lambda layout: (layout.design.points, layout.wide))


def _divides(figure: LinePanelsFigure, rows: int) -> bool:
    """Return whether the panels fill complete rows when that many rows are joined."""
    return figure.columns * rows <= len(figure.panels) or rows == 1


def _squeezed(layout: PanelsLayout, room: float) -> PanelsLayout:
    """Return a layout whose plots fill the given inches, with smaller text if needed."""
    above = layout.key.height
    least = replace(layout, plot=_LEAST_PLOT * layout.design.em).height - above
    narrow = layout.wide / (_LEAST_WIDE * layout.design.em)
    smaller = replace(layout, design=layout.design.scaled(min(1.0, (room - above) / least, narrow)), plot=0.0)
    return replace(smaller, plot=(room - smaller.height) / smaller.rows)
