"""Tornado chart: effect of each assumption, changed down and up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from routecost.model.report.cells import Unit
from routecost.model.report.sensitivity_figures import TornadoBar, TornadoFigure
from routecost.records import dataclass
from routecost.render.charts.page.alt_text import lowest_and_highest, sentences
from routecost.render.charts.page.design import SMALL, Design
from routecost.render.charts.page.legend import Entry, Key
from routecost.render.charts.page.text_width import fitted, width
from routecost.render.charts.page.title_block import PAD, Frame, framed
from routecost.render.charts.page.value_axis import fitting_ticks
from routecost.render.escape import sanitize
from routecost.render.rounding import shown, shown_column

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = TornadoFigure

# In em (the size of running text).
_ROW, _AXIS_ROOM, _GAP = 2.6, 3.8, 0.4
_THICK, _SMALL, _HALF_LETTER, _APART = 0.52, 0.85, 0.36, 0.68


@dataclass(frozen=True, slots=True)
class _Rows:
    """Layout of bars and labels; ``height`` in inches per bar, ``points`` of the names."""

    figure: TornadoFigure
    design: Design
    names: list[list[str]]
    height: float
    points: float

    @property
    def em(self) -> float:
        return self.points / 72

    @property
    def names_width(self) -> float:
        return max(width(line, self.points) for name in self.names for line in name)


def draw(figure: TornadoFigure, design: Design) -> Figure:
    """Return the matplotlib figure, to be saved within ``design.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, design)
    key = _key(figure, design)
    rows = _rows(figure, frame, key.height)
    height = rows.height * max(1, len(figure.bars))
    page = frame.page(key.height + height + _AXIS_ROOM * design.em)
    left = PAD + rows.names_width + _GAP * rows.em
    axes = frame.axes(page, left, height, PAD, key.height)
    _scale(axes, rows, design.width - left - PAD)
    _draw_bars(axes, rows)
    _dress(axes, figure, design)
    key.write(page, frame)
    return page


def described(figure: TornadoFigure) -> str:
    """Return the text alternative, with all values."""
    values_text, named = [f"unchanged: {shown(figure.base, figure.unit, figure.currency)}"], []
    share = shown(figure.by, Unit.SHARE)
    for bar in figure.bars:
        down, up = (shown(value, figure.unit, figure.currency) for value in (bar.down, bar.up))
        values_text.append(f"{bar.name}: {down} if {share} less, {up} if {share} more")
        for value, side in _ends(bar):
            text = shown(value, figure.unit, figure.currency)
            named.append((f"with {share} {'less' if side < 0 else 'more'} {bar.name}", value, text))
    return sentences(figure.alt, lowest_and_highest(figure.axis, named), values_text)


def _rows(figure: TornadoFigure, frame: Frame, key: float) -> _Rows:
    em, room = frame.design.em, 0.34 * frame.design.width
    height = _ROW * em
    if frame.room is not None:
        height = min((frame.room - key - _AXIS_ROOM * em) / max(1, len(figure.bars)), 2 * _ROW * em)
    points = min(frame.design.points, height * 72 / _ROW)
    names = [fitted(sanitize(bar.name), room, points, 2) for bar in figure.bars] or [[""]]
    return _Rows(figure, frame.design, names, height, points)


def _ends(bar: TornadoBar) -> Iterator[tuple[float, int]]:
    """Yield the values of a bar with their direction: -1 or 1."""
    for value, side in ((bar.down, -1), (bar.up, 1)):
        if value is not None:
            yield value, side


def _labels(figure: TornadoFigure) -> dict[tuple[int, int], str]:
    """Return the label of each end of each bar, by position and direction."""
    ends = [(at, side, value) for at, bar in enumerate(figure.bars) for value, side in _ends(bar)]
    texts = shown_column([value for _, _, value in ends], figure.unit, figure.currency)
    return {(at, side): text for (at, side, _), text in zip(ends, texts, strict=True)}


def _scale(axes: Axes, rows: _Rows, inches: float) -> None:
    """Set axis limits that leave room for the labels of the bars."""
    figure = rows.figure
    values = [figure.base, *(value for bar in figure.bars for value, _ in _ends(bar))]
    low, high = min(values), max(values)
    texts = _labels(figure).values()
    room = max((width(text, rows.points * _SMALL) for text in texts), default=0.0) + _GAP * rows.em * 2
    room = min(room, 0.45 * inches)
    per_inch = ((high - low) or abs(high) or 1.0) / (inches - 2 * room)
    axes.set_xlim(low - room * per_inch, high + room * per_inch)
    axes.set_ylim(max(1, len(figure.bars)), 0)


def _draw_bars(axes: Axes, rows: _Rows) -> None:
    figure, labels = rows.figure, _labels(rows.figure)
    small = rows.points * _SMALL
    for at, (bar, name) in enumerate(zip(figure.bars, rows.names, strict=False)):
        is_split = _is_one_sided(figure, bar)
        for value, side in _ends(bar):
            color = rows.design.theme.muted if side < 0 else rows.design.theme.strong
            shift, thick = (side * _THICK / 4, _THICK / 2) if is_split else (0.0, _THICK)
            look: dict[str, Any] = {"height": thick, "align": "center", "color": color, "zorder": 2}
            axes.barh(at + 0.5 + shift, value - figure.base, left=figure.base, **look)
            is_left = value < figure.base or (value == figure.base and side < 0)
            up = (-side * _SMALL * _APART if is_split else 0.0) - _HALF_LETTER * _SMALL
            place = ((-1 if is_left else 1) * _GAP * rows.points, up * rows.points)
            side_of = "right" if is_left else "left"
            text: dict[str, Any] = rows.design.theme.haloed(size=small, ha=side_of, zorder=4)
            if value != figure.base:
                axes.annotate(labels[at, side], (value, at + 0.5), place, textcoords="offset points", **text)
        _write_name(axes, rows, at, name)
    axes.axvline(figure.base, color=rows.design.theme.ink, linewidth=0.9, zorder=3)


def _is_one_sided(figure: TornadoFigure, bar: TornadoBar) -> bool:
    """Return whether both ends of a bar are on one side of the middle, so that they need a row each."""
    down, up = bar.down, bar.up
    return down is not None and up is not None and (down - figure.base) * (up - figure.base) > 0


def _write_name(axes: Axes, rows: _Rows, at: int, name: Sequence[str]) -> None:
    look: dict[str, Any] = {
        "size": rows.points,
        "color": rows.design.theme.ink,
        "ha": "right",
        "va": "center",
    }
    place = (-_GAP * rows.points, 0)
    axes.annotate(
        "\n".join(name),
        (0, at + 0.5),
        place,
        axes.get_yaxis_transform(),
        "offset points",
        linespacing=1.15,
        **look,
    )


def _dress(axes: Axes, figure: TornadoFigure, design: Design) -> None:
    low, high = axes.get_xlim()
    inches = axes.get_position().width * design.width
    small = design.points * SMALL
    places, texts = fitting_ticks((low, high), inches, small, figure.unit, figure.currency)
    room = [inches + PAD - (place - low) / (high - low) * inches for place in places]
    kept = [at for at, text in enumerate(texts) if width(text, small) / 2 <= room[at]]
    axes.set_xticks([places[at] for at in kept], [texts[at] for at in kept])
    axes.set_yticks([])
    axes.grid(axis="x")
    axes.set_xlabel(sanitize(figure.axis), labelpad=0.3 * design.points)
    axes.spines["bottom"].set_visible(False)


def _key(figure: TornadoFigure, design: Design) -> Key:
    """Return the legend: the colours and the middle line."""
    share, base = shown(figure.by, Unit.SHARE), shown(figure.base, figure.unit, figure.currency)
    thick = 0.55 * design.points
    return Key.of(
        design,
        "",
        Entry(f"{share} less", {"color": design.theme.muted, "linewidth": thick}),
        Entry(f"{share} more", {"color": design.theme.strong, "linewidth": thick}),
        Entry(f"unchanged: {base}", {"color": design.theme.ink, "linewidth": 0.9}, upright=True),
    )
