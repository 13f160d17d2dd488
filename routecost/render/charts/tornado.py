"""Bars on both sides of a figure: what each assumption, moved down and up, makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from routecost.model.report import Unit
from routecost.model.sensitivity_figures import TornadoBar, TornadoFigure
from routecost.render.cells import shown, shown_column
from routecost.render.charts import style
from routecost.render.charts.frame import PAD, Frame, framed
from routecost.render.charts.measure import fitted, width
from routecost.render.escape import harmless, one_paragraph

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = TornadoFigure

# All in em, the size of running text.
_ROW, _KEY, _AXIS_ROOM, _GAP = 2.6, 1.9, 3.8, 0.4
_THICK, _SMALL, _HALF_LETTER, _SAMPLE = 0.52, 0.85, 0.36, 1.2

LESS, MORE = style.MUTED, style.STRONG
"""Colours of an assumption moved down and up: light and dark, for grey print too."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """The bars with their texts; ``height`` is inches per bar, ``points`` the size of the names."""

    figure: TornadoFigure
    names: list[list[str]]
    height: float
    points: float

    @property
    def em(self) -> float:
        return self.points / 72

    @property
    def names_width(self) -> float:
        return max(width(line, self.points) for name in self.names for line in name)


def draw(figure: TornadoFigure, size: style.Size) -> Figure:
    """Return the chart as a matplotlib figure, to be saved within ``style.house_style``."""
    frame = framed(figure.title, figure.subtitle, figure.source, size)
    rows = _rows(figure, frame)
    height = rows.height * max(1, len(figure.bars))
    key = _KEY * size.em
    page = frame.page(key + height + _AXIS_ROOM * size.em)
    left = PAD + rows.names_width + _GAP * rows.em
    axes = frame.axes(page, left, height, PAD, key)
    _scale(axes, rows, size.width - left - PAD)
    _draw_bars(axes, rows)
    _dress(axes, figure, size)
    _draw_key(frame.axes(page, PAD, key), figure, size)
    return page


def described(figure: TornadoFigure) -> str:
    """Return the figure in words, all its values included, for those who cannot see it."""
    told = [f"as it is: {shown(figure.base, figure.unit, figure.currency)}"]
    for bar in figure.bars:
        down, up = (shown(value, figure.unit, figure.currency) for value in (bar.down, bar.up))
        told.append(f"{bar.name}: {down} if less, {up} if more")
    return one_paragraph(f"{figure.alt} {'; '.join(told)}.")


def _rows(figure: TornadoFigure, frame: Frame) -> _Rows:
    em, room = frame.size.em, 0.34 * frame.size.width
    height = _ROW * em
    if frame.room is not None:
        height = min((frame.room - (_AXIS_ROOM + _KEY) * em) / max(1, len(figure.bars)), 2 * _ROW * em)
    points = min(frame.size.points, height * 72 / _ROW)
    names = [fitted(harmless(bar.name), room, points, 2) for bar in figure.bars] or [[""]]
    return _Rows(figure, names, height, points)


def _ends(bar: TornadoBar) -> Iterator[tuple[float, str, int]]:
    """Yield the values of a bar, each with its colour and its side: which move it was, -1 or 1."""
    for value, color, side in ((bar.down, LESS, -1), (bar.up, MORE, 1)):
        if value is not None:
            yield value, color, side


def _labels(figure: TornadoFigure) -> dict[tuple[int, int], str]:
    """Return the text at each end of each bar, by the bar's place and the move."""
    ends = [(at, side, value) for at, bar in enumerate(figure.bars) for value, _, side in _ends(bar)]
    texts = shown_column([value for _, _, value in ends], figure.unit, figure.currency)
    return {(at, side): text for (at, side, _), text in zip(ends, texts, strict=True)}


def _scale(axes: Axes, rows: _Rows, inches: float) -> None:
    """Set limits that leave room for the texts at the ends of the bars."""
    figure = rows.figure
    values = [figure.base, *(value for bar in figure.bars for value, _, _ in _ends(bar))]
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
        for value, color, side in _ends(bar):
            look: dict[str, Any] = {"height": _THICK, "align": "center", "color": color, "zorder": 2}
            axes.barh(at + 0.5, value - figure.base, left=figure.base, **look)
            is_left = value < figure.base or (value == figure.base and side < 0)
            place = ((-1 if is_left else 1) * _GAP * rows.points, -_HALF_LETTER * small)
            side_of = "right" if is_left else "left"
            text: dict[str, Any] = style.haloed(size=small, ha=side_of, color=style.INK, zorder=4)
            if value != figure.base:
                axes.annotate(labels[at, side], (value, at + 0.5), place, textcoords="offset points", **text)
        _write_name(axes, rows, at, name)
    axes.axvline(figure.base, color=style.INK, linewidth=0.9, zorder=3)


def _write_name(axes: Axes, rows: _Rows, at: int, name: Sequence[str]) -> None:
    look: dict[str, Any] = {"size": rows.points, "color": style.INK, "ha": "right", "va": "center"}
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


def _dress(axes: Axes, figure: TornadoFigure, size: style.Size) -> None:
    low, high = axes.get_xlim()
    inches = axes.get_position().width * size.width
    most = max(2, min(5, int(inches / (6 * size.em))))
    axes.set_xticks(*style.value_ticks(low, high, figure.unit, figure.currency, most))
    axes.set_yticks([])
    axes.tick_params(length=0, labelsize=size.points * 0.9, labelcolor=style.SOFT)
    axes.grid(axis="x", color=style.GRID, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel(
        harmless(figure.axis), size=size.points * 0.9, color=style.SOFT, labelpad=0.3 * size.points
    )
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)


def _draw_key(axes: Axes, figure: TornadoFigure, size: style.Size) -> None:
    """Say what the colours mean, and what the line in the middle is."""
    wide, high = axes.bbox.width / axes.figure.dpi, axes.bbox.height / axes.figure.dpi
    axes.set_axis_off()
    axes.set(xlim=(0, wide), ylim=(0, high))
    small, em = size.points * 0.9, size.em
    share, base = shown(figure.by, Unit.SHARE), shown(figure.base, figure.unit, figure.currency)
    at = 0.0
    for text, color in ((f"{share} less", LESS), (f"{share} more", MORE), (f"as it is: {base}", style.INK)):
        if color == style.INK:
            axes.plot(
                [at + _SAMPLE * em / 2] * 2, [high / 2 - em / 2, high / 2 + em / 2], color=color, lw=0.9
            )
        else:
            axes.plot(
                [at, at + _SAMPLE * em],
                [high / 2] * 2,
                color=color,
                lw=0.55 * size.points,
                solid_capstyle="butt",
            )
        at += (_SAMPLE + _GAP) * em
        axes.text(at, high / 2, text, size=small, color=style.INK, va="center")
        at += width(text, small) + 1.6 * em
