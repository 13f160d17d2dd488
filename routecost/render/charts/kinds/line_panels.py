"""Small multiples of line charts on one scale, with lines labelled at the last panel of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Quantity
from routecost.model.report.line_figure import LinePanel, LinePanelsFigure, Names
from routecost.render.charts.lines import x_axis as across
from routecost.render.charts.lines.end_labels import write_labels
from routecost.render.charts.lines.line_summary import line_summaries
from routecost.render.charts.lines.panel_grid import PanelsLayout, panels_layout
from routecost.render.charts.page.alt_text import Named, lowest_and_highest, sentences
from routecost.render.charts.page.amounts import amount_texts
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.text_width import fitted
from routecost.render.charts.page.title_block import Frame, framed
from routecost.render.escape import sanitize
from routecost.render.rounding import shown

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = LinePanelsFigure

_THIN = 0.8
"""Line width relative to a single line chart."""


def draw(figure: LinePanelsFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    layout = panels_layout(figure, frame)
    page = frame.page(layout.height)
    for at, panel in enumerate(figure.panels):
        left, above = layout.place(at)
        axes = frame.axes(page, left, layout.plot, design.width - left - layout.wide, above)
        _draw_lines(axes, layout, panel)
        _dress(axes, layout, at)
        _write_heading(axes, layout, panel)
        if layout.is_last(at):
            _write_names(axes, layout, panel)
    layout.key.write(page, frame)
    _name_across(page, frame, layout)
    return page


def described(figure: LinePanelsFigure) -> str:
    """Return the text alternative, with the first and last value of each line."""
    values_text: list[str] = []
    named: list[Named] = []
    for panel in figure.panels:
        heading, ends = _heading(panel), [line.values[-1] for line in panel.lines]
        texts = amount_texts(ends, figure.unit, figure.currency)
        names = (f"{line.name} with {heading}" for line in panel.lines)
        least = [line.level for line in panel.lines]
        named += zip(names, least, texts, strict=True)
        parts = zip(panel.lines, line_summaries(figure, panel.lines), strict=True)
        values_text.append(
            f"{heading}: {', '.join(f'{line.name} {summary_text}' for line, summary_text in parts)}"
        )
    return sentences(
        figure.alt, lowest_and_highest(figure.axis, named, across.at_the_end(figure.across)), values_text
    )


def _draw_lines(axes: Axes, layout: PanelsLayout, panel: LinePanel) -> None:
    figure, places = layout.figure, across.places(layout.figure.across)
    looks = layout.design.line_looks([line.emphasis for line in panel.lines])
    for line, look in zip(panel.lines, looks, strict=True):
        over, own = 4 if line.emphasis else 3, places[line.start :]
        thin = look | {"linewidth": _THIN * look["linewidth"]}
        axes.plot(own, line.heights, zorder=over, clip_on=False, **thin)
        dots = own if isinstance(figure.across, Names) else own[-1:]
        dot = {"color": look["color"], "markersize": 2 * _THIN * look["linewidth"], "clip_on": False}
        axes.plot(dots, line.heights[-len(dots) :], marker="o", linestyle="none", zorder=over, **dot)


def _dress(axes: Axes, layout: PanelsLayout, at: int) -> None:
    figure = layout.figure
    axes.set(xlim=across.ends(figure.across), ylim=(0, layout.high))
    values, texts = layout.values
    axes.set_yticks(values, texts if at % layout.columns == 0 else [""] * len(texts))
    axes.set_xticks(*layout.ticks)
    axes.tick_params(labelsize=layout.design.points * SMALL)
    aligned = across.alignments(figure.across, layout.ticks[0], inside=True)
    for side, label in zip(aligned, axes.get_xticklabels(), strict=True):
        label.set_horizontalalignment(side)
    axes.grid(axis="y")


def _write_heading(axes: Axes, layout: PanelsLayout, panel: LinePanel) -> None:
    small = layout.design.points * SMALL
    lines = fitted(sanitize(_heading(panel)), layout.wide, small, 2, bold=True)
    look: dict[str, Any] = {"size": small, "weight": "bold", "linespacing": 1.15}
    raised = (0, 0.5 * layout.design.points)
    axes.annotate("\n".join(lines), (0, 1), raised, "axes fraction", "offset points", **look)


def _write_names(axes: Axes, layout: PanelsLayout, panel: LinePanel) -> None:
    labels, small = layout.labels(panel), layout.design.points * SMALL
    needed = sum(label.height(small) for label in labels)
    points = small * min(1.0, (layout.plot + 1.6 * layout.design.em) / needed)
    write_labels(axes, labels, points, (layout.wide, layout.plot))


def _heading(panel: LinePanel) -> str:
    return "".join(shown(part, part.unit) if isinstance(part, Quantity) else part for part in panel.heading)


def _name_across(page: Figure, frame: Frame, layout: PanelsLayout) -> None:
    """Write the label of the horizontal axis below the last row."""
    title, design = across.title(layout.figure.across), layout.design
    if title is None:
        return
    wide, high = page.get_size_inches()
    small, top = design.points * SMALL, high - frame.top - layout.height + layout.below
    (line,) = fitted(title, wide - 2 * layout.left, small, 1) or [""]
    page.text(layout.left / wide, top / high, line, va="top", size=small, color=design.theme.soft)
