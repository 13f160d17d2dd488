"""Bar chart: strategies, the proposed one in colour, the baseline hatched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import ends
from routecost.model.report.report import Bar, BarFigure
from routecost.records import dataclass
from routecost.render.charts.kinds.bar_texts import bar_texts
from routecost.render.charts.page.alt_text import lowest_and_highest, sentences
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.style import Theme
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.title_block import PAD, Frame, framed
from routecost.render.charts.page.value_axis import fitting_ticks
from routecost.render.escape import sanitize

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = BarFigure

_BASELINE = "baseline"

# In em (the size of running text).
_GAP = 0.5
_ROW, _TWO_LINE_ROW, _MOST_ROW, _MOST_THICKNESS = 2.1, 2.7, 8.0, 3.0
_AXIS_ROOM = 3.8
_LEADING = 1.2
_HALF_LETTER = 0.36  # centres capital letters on the bar

_LEAST = 0.2
"""The least fraction of the axis that the longest bar has; its label has the rest."""
_MEDIUM = 0.6
"""Opacity of the part of a bar that pays for failures."""
_LIGHT = 0.4
"""Opacity of the part of a bar beyond its low end."""
_FADING, _STEP = (0.5, 0.3, 0.14), 0.45
"""Opacities of the steps of an open end, and the em of each."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Layout of bars and labels: ``height`` in inches per bar, ``points`` of the text."""

    design: Design
    bars: Sequence[Bar]
    names: list[list[str]]
    labels: list[str]
    height: float
    points: float

    @property
    def em(self) -> float:
        return self.points / 72

    @property
    def thickness(self) -> float:
        """Fraction of a row filled by its bar."""
        return min(0.68, _MOST_THICKNESS * self.em / self.height)

    @property
    def names_width(self) -> float:
        """Width in inches of the longest name, or of half the tick label at 0."""
        lines = (line for name in self.names for line in name)
        return max(2 * self.em, *(width(line, self.points, bold=True) for line in lines))

    def label_width(self, at: int) -> float:
        """Return the width in inches of the text beside a bar, including its gaps."""
        beside = self.labels[at] + (f"  {_BASELINE}" if self.bars[at].is_baseline else "")
        return width(beside, self.points, bold=True) + 2 * _GAP * self.em + self.open_end(at)

    def open_end(self, at: int) -> float:
        """Return the inches that a bar without a high end fades out on."""
        low, high = ends(self.bars[at].value)
        return len(_FADING) * _STEP * self.em if high is None and low is not None else 0.0


def draw(figure: BarFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design, figure.footnote)
    rows = _rows(figure, frame)
    height = rows.height * len(rows.bars)
    page = frame.page(height + _AXIS_ROOM * design.em)
    axes = frame.axes(page, PAD + rows.names_width + _GAP * rows.em, height)
    _scale(axes, rows, design.width)
    _draw_bars(axes, rows)
    _dress(axes, figure, design)
    return page


def described(figure: BarFigure) -> str:
    """Return the text alternative, with all values."""
    labels = bar_texts(figure)
    values = (
        f"{bar.name}: {label}" + (f" ({_BASELINE})" if bar.is_baseline else "")
        for bar, label in zip(figure.bars, labels, strict=True)
    )
    least = [ends(bar.value)[0] for bar in figure.bars]
    known = [
        (bar.name, low, label)
        for bar, low, label in zip(figure.bars, least, labels, strict=True)
        if low is not None
    ]
    return sentences(figure.alt, lowest_and_highest(figure.axis, known), values, figure.footnote)


def _rows(figure: BarFigure, frame: Frame) -> _Rows:
    em, room, texts = frame.design.em, 0.36 * frame.design.width, [sanitize(bar.name) for bar in figure.bars]
    is_long = any(width(text, frame.design.points, bold=True) > room for text in texts)
    wanted = _TWO_LINE_ROW if is_long else _ROW
    height = wanted * em
    if frame.room is not None:
        height = min((frame.room - _AXIS_ROOM * em) / max(1, len(texts)), _MOST_ROW * em)
    points = min(frame.design.points, height * 72 / wanted)
    names = [fitted(text, room, points, 1 + is_long, bold=True) for text in texts]
    rows = _Rows(frame.design, figure.bars, names, bar_texts(figure), height, points)
    widest = max((rows.label_width(at) for at in range(len(rows.bars))), default=0.0)
    left = (1 - _LEAST) * (frame.design.width - 2 * PAD - rows.names_width - _GAP * rows.em)
    return rows if widest <= left else replace(rows, points=points * left / widest)


def _scale(axes: Axes, rows: _Rows, page_width: float) -> None:
    """Set axis limits so that all labels end within the page."""
    inches = axes.get_position().width * page_width
    low = min([0.0, *(end for bar in rows.bars for end in ends(bar.value) if end is not None)])
    spans = [
        (_tip(bar) - low) * inches / max(inches - rows.label_width(at), _LEAST * inches)
        for at, bar in enumerate(rows.bars)
    ]
    axes.set_xlim(low, low + (max(spans, default=0.0) or 1.0))
    axes.set_ylim(len(rows.bars) - 0.5, -0.5)


def _draw_bars(axes: Axes, rows: _Rows) -> None:
    for at in range(len(rows.bars)):
        _draw_bar(axes, rows, at)
        _write_name(axes, rows, at)
        _write_label(axes, rows, at)


def _draw_bar(axes: Axes, rows: _Rows, at: int) -> None:
    """Draw a bar solid to its calls, paler to its low end and to its high end, faded out without one."""
    bar, theme = rows.bars[at], rows.design.theme
    low, high = ends(bar.value)
    if low is None:
        return
    calls = low if bar.calls is None else bar.calls
    axes.barh(at, calls, height=rows.thickness, zorder=2, **_look(bar, theme))
    look: dict[str, Any] = {"height": rows.thickness, "zorder": 2, "linewidth": 0}
    look["color"] = theme.strong if bar.emphasis else theme.muted
    if bar.calls is not None:
        axes.barh(at, low - calls, left=calls, **(look | {"color": theme.page}))  # covers grid lines
        axes.barh(at, low - calls, left=calls, alpha=_MEDIUM, **look)
    if high is None:
        step = rows.open_end(at) / len(_FADING) * _per_inch(axes, rows.design.width)
        for place, opaque in enumerate(_FADING):
            axes.barh(at, step, left=low + place * step, alpha=opaque, **look)
    elif high != low:
        axes.barh(at, high - low, left=low, alpha=_LIGHT, **look)


def _per_inch(axes: Axes, page_width: float) -> float:
    """Return the units of the value axis per inch."""
    low, high = axes.get_xlim()
    return (high - low) / (axes.get_position().width * page_width)


def _tip(bar: Bar) -> float:
    """Return where the label of a bar begins, without an open end."""
    return max([0.0, *(end for end in ends(bar.value) if end is not None)])


def _weight(bar: Bar) -> str:
    return "bold" if bar.emphasis else "normal"


def _look(bar: Bar, theme: Theme) -> dict[str, Any]:
    """Return fills that also differ in lightness, and a hatch that needs no colour."""
    color = theme.strong if bar.emphasis else theme.muted
    if not bar.is_baseline:
        return {"color": color, "linewidth": 0}
    line = theme.strong if bar.emphasis else theme.edge
    return {"facecolor": theme.area, "edgecolor": line, "hatch": "////", "linewidth": 0.7}


def _write_name(axes: Axes, rows: _Rows, at: int) -> None:
    name, start = rows.names[at], (axes.get_xlim()[0], at)
    look: dict[str, Any] = {"textcoords": "offset points", "size": rows.points, "ha": "right"}
    for line, text in enumerate(name):
        raised = _LEADING * ((len(name) - 1) / 2 - line) - _HALF_LETTER
        place = (-_GAP * rows.points, raised * rows.points)
        axes.annotate(text, start, place, color=rows.design.theme.ink, weight=_weight(rows.bars[at]), **look)


def _write_label(axes: Axes, rows: _Rows, at: int) -> None:
    bar, label = rows.bars[at], rows.labels[at]
    end = (_tip(bar), at)
    gap, drop = _GAP * rows.points + rows.open_end(at) * 72, -_HALF_LETTER * rows.points
    look: dict[str, Any] = {"textcoords": "offset points", "size": rows.points}
    look["bbox"] = {
        "color": rows.design.theme.page,
        "pad": 1,
        "linewidth": 0,
    }  # no grid line runs through a number
    color = rows.design.theme.soft if bar.value is None else rows.design.theme.ink
    axes.annotate(label, end, (gap, drop), color=color, weight=_weight(bar), **look)
    if bar.is_baseline:
        gap += width(label + "  ", rows.points, bar.emphasis) * 72
        axes.annotate(_BASELINE, end, (gap, drop), color=rows.design.theme.soft, **look)


def _dress(axes: Axes, figure: BarFigure, design: Design) -> None:
    high = max(map(_tip, figure.bars), default=0.0)
    low, end = axes.get_xlim()
    inches = axes.get_position().width * design.width * (high - low) / (end - low)
    axes.set_xticks(*fitting_ticks((low, high), inches, design.points * SMALL, figure.unit, figure.currency))
    _name_values(axes, sanitize(figure.axis), -low / (end - low), design)
    axes.set_yticks([])
    axes.grid(axis="x")
    axes.spines["bottom"].set_visible(False)
    axes.axvline(0, color=design.theme.ink, linewidth=0.9, zorder=3)


def _name_values(axes: Axes, text: str, zero: float, design: Design) -> None:
    """Write the name of the value axis under its zero line, on the side that has room."""
    room = (1 - zero) * axes.get_position().width * design.width
    side = "left" if width(text, design.points * SMALL) <= room or zero < 0.5 else "right"
    axes.set_xlabel(text, x=zero, horizontalalignment=side)
