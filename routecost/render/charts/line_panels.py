"""Small panels of lines on one scale, each under its heading, the lines named beside the last of a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from routecost.model.line_figure import LinePanel, LinePanelsFigure, Names
from routecost.model.report import Quantity
from routecost.render.cells import shown, shown_column
from routecost.render.charts import across, style
from routecost.render.charts.end_labels import EndLabel, write_labels
from routecost.render.charts.frame import PAD, Frame, framed
from routecost.render.charts.measure import fitted, width
from routecost.render.charts.value_axis import value_ticks
from routecost.render.escape import harmless, one_paragraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = LinePanelsFigure

# All in em, the size of running text.
_STRIP, _HEADING, _PLOT, _TICKS, _TITLE, _BETWEEN, _GAP = 1.8, 3.0, 11.0, 2.0, 2.2, 1.8, 0.5
_SMALL = 0.9
_NAME_ROOM = 0.24


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where panels stand; all in inches."""

    figure: LinePanelsFigure
    design: style.Design
    columns: int
    rows: int
    high: float
    plot: float
    left: float
    right: float

    @property
    def row(self) -> float:
        return self.plot + (_HEADING + _TICKS) * self.design.em

    @property
    def wide(self) -> float:
        room = self.design.width - self.left - self.right
        return (room - (self.columns - 1) * _BETWEEN * self.design.em) / self.columns

    def place(self, at: int) -> tuple[float, float]:
        """Return the inches left of a panel's plot, and above it."""
        row, column = divmod(at, self.columns)
        em = self.design.em
        left = self.left + column * (self.wide + _BETWEEN * em)
        return left, _STRIP * em + row * self.row + _HEADING * em

    def is_last(self, at: int) -> bool:
        return (at + 1) % self.columns == 0 or at + 1 == len(self.figure.panels)


def draw(figure: LinePanelsFigure, design: style.Design) -> Figure:
    """Return the chart as a matplotlib figure, to be saved within ``style.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    layout = _layout(figure, frame)
    em = design.em
    page = frame.page(_STRIP * em + layout.rows * layout.row + _TITLE * em)
    for at, panel in enumerate(figure.panels):
        left, above = layout.place(at)
        axes = frame.axes(page, left, layout.plot, design.width - left - layout.wide, above)
        _draw_panel(axes, layout, panel, at)
    _write_titles(page, layout)
    return page


def described(figure: LinePanelsFigure) -> str:
    """Return the figure in words, with where each line begins and ends, for those who cannot see it."""
    told = []
    for panel in figure.panels:
        values = [value for line in panel.lines for value in (line.values[0], line.values[-1])]
        texts = iter(shown_column(values, figure.unit, figure.currency))
        ends = ", ".join(f"{line.name} {next(texts)} to {next(texts)}" for line in panel.lines)
        told.append(f"{_heading(panel)}: {ends}")
    return one_paragraph(f"{figure.alt} {'; '.join(told)}.")


def _layout(figure: LinePanelsFigure, frame: Frame) -> _Layout:
    design, em = frame.design, frame.design.em
    rows = -(-len(figure.panels) // figure.columns)
    high = max([0.0, *(value for panel in figure.panels for line in panel.lines for value in line.values)])
    plot = _PLOT * em
    if frame.room is not None:
        plot = max(em, (frame.room - (_STRIP + _TITLE) * em) / rows - (_HEADING + _TICKS) * em)
    ticks = value_ticks(0, high or 1.0, figure.unit, figure.currency, 4)[1]
    left = PAD + max(width(text, design.points * _SMALL) for text in ticks) + _GAP * em
    labels = max(label.width(design.points * _SMALL) for label in _labels(figure.panels[-1], design, 1.0))
    return _Layout(figure, design, figure.columns, rows, high or 1.0, plot, left, PAD + labels)


def _labels(panel: LinePanel, design: style.Design, high: float) -> list[EndLabel]:
    looks = design.line_looks([line.emphasis for line in panel.lines])
    return [
        EndLabel(
            fitted(harmless(line.name), _NAME_ROOM * design.width, design.points * _SMALL, 1, line.emphasis),
            max(0.0, line.values[-1] / high),
            look["color"],
            line.emphasis,
        )
        for line, look in zip(panel.lines, looks, strict=True)
    ]


def _draw_panel(axes: Axes, layout: _Layout, panel: LinePanel, at: int) -> None:
    figure, design = layout.figure, layout.design
    places = across.places(figure.across)
    looks = design.line_looks([line.emphasis for line in panel.lines])
    for line, look in zip(panel.lines, looks, strict=True):
        over = 4 if line.emphasis else 3
        axes.plot(
            places, line.values, zorder=over, clip_on=False, **{**look, "linewidth": 0.8 * look["linewidth"]}
        )
        dots = places if isinstance(figure.across, Names) else places[-1:]
        dot = {"color": look["color"], "markersize": 1.6 * look["linewidth"], "clip_on": False}
        axes.plot(dots, line.values[-len(dots) :], marker="o", linestyle="none", zorder=over, **dot)
    _dress(axes, layout, at)
    heading = fitted(harmless(_heading(panel)), layout.wide, design.points * _SMALL, 2, bold=True)
    look = {"size": design.points * _SMALL, "weight": "bold", "color": design.theme.ink, "linespacing": 1.15}
    axes.annotate(
        "\n".join(heading), (0, 1), (0, 0.5 * design.points), "axes fraction", "offset points", **look
    )
    if layout.is_last(at):
        labels = _labels(panel, design, layout.high)
        needed = sum(label.height(design.points * _SMALL) for label in labels)
        points = design.points * _SMALL * min(1.0, (layout.plot + 1.6 * design.em) / needed)
        write_labels(axes, labels, points, (layout.wide, layout.plot))


def _dress(axes: Axes, layout: _Layout, at: int) -> None:
    figure, design = layout.figure, layout.design
    small = design.points * _SMALL
    places = across.places(figure.across)
    first, last = places[0], places[-1]
    axes.set(xlim=(first, last) if first < last else (first - 1, first), ylim=(0, layout.high))
    values, texts = value_ticks(0, layout.high, figure.unit, figure.currency, 4)
    axes.set_yticks(values, texts if at % layout.columns == 0 else [""] * len(texts))
    ticks = across.ticks(figure.across, layout.wide, small)
    axes.set_xticks(*ticks)
    for place, label in zip(ticks[0], axes.get_xticklabels(), strict=True):
        ends: across.Side = "right" if place == last else "left" if place == first else "center"
        label.set_horizontalalignment(ends)  # neighbours stand close
    axes.tick_params(labelsize=small)
    axes.grid(axis="y")


def _heading(panel: LinePanel) -> str:
    return "".join(shown(part, part.unit) if isinstance(part, Quantity) else part for part in panel.heading)


def _write_titles(page: Any, layout: _Layout) -> None:
    """Write what is measured above the panels, and what the ticks count below them."""
    design = layout.design
    wide, high = page.get_size_inches()
    look: dict[str, Any] = {"size": design.points * _SMALL, "color": design.theme.soft}
    top = max(axes.get_position().y1 for axes in page.axes)
    page.text(
        PAD / wide,
        top + (_HEADING + 0.35) * design.em / high,
        harmless(layout.figure.axis),
        va="bottom",
        **look,
    )
    title = across.title(layout.figure.across)
    if title is not None:
        low = min(axes.get_position().y0 for axes in page.axes)
        (line,) = fitted(title, wide - layout.left - layout.right, design.points * _SMALL, 1) or [""]
        page.text(layout.left / wide, low - (_TICKS) * design.em / high, line, va="top", **look)
