"""Figures as columns of values that a chart of Excel draws: bars, lines and tornados."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from routecost.model.report.cells import Amount, Unit
from routecost.model.report.line_figure import Across, LineFigure, Months, Numbers, Series
from routecost.model.report.report import Bar, BarFigure, Figure
from routecost.model.report.sensitivity_figures import TornadoFigure
from routecost.records import dataclass
from routecost.render.charts.kinds.bar_texts import bar_texts
from routecost.render.charts.page.amounts import UNKNOWN
from routecost.render.charts.page.style import THEMES
from routecost.render.rounding import shown

_THEME = THEMES["light"]
_MOST_SERIES = 255

Drawn = BarFigure | LineFigure | TornadoFigure


@dataclass(frozen=True, slots=True)
class Column:
    """A column of values, from the first place on; ``look`` has options of XlsxWriter for its series.

    ``texts`` are shown in place of the values, if there are any.
    """

    name: str
    values: tuple[Amount, ...]
    look: Mapping[str, object]
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure as a chart of some ``kind`` of XlsxWriter: ``columns`` over ``places`` called ``label``.

    Bars start at ``base``.
    """

    figure: Drawn
    kind: Mapping[str, str]
    label: str
    places: tuple[str | float | date, ...]
    columns: tuple[Column, ...]
    place_unit: Unit = Unit.TEXT
    base: float | None = None


def plot_of(figure: Figure | None) -> Plot | None:
    """Return the columns of a figure, or None for a kind of figure that Excel cannot draw."""
    match figure:
        case BarFigure():
            plot = _bars(figure)
        case TornadoFigure():
            plot = _tornado(figure)
        case LineFigure():
            plot = _lines(figure)
        case _:
            return None
    return plot if plot.places and 0 < len(plot.columns) <= _MOST_SERIES else None


def _bars(figure: BarFigure) -> Plot:
    values = tuple(bar.value for bar in figure.bars)
    labels = bar_texts(figure)
    look = {
        "points": list(map(_bar_look, figure.bars)),
        "data_labels": {"value": True, "custom": [{"value": f" {label}"} for label in labels]},
        "gap": 60,
    }
    column = Column(figure.axis, values, look, labels)
    return Plot(figure, {"type": "bar"}, "", tuple(map(_bar_name, figure.bars)), (column,))


def _bar_name(bar: Bar) -> str:
    """Return the name of a bar; Excel has no label for one without a value."""
    return f"{bar.name} ({bar.label or UNKNOWN})" if bar.value is None else bar.name


def _bar_look(bar: Bar) -> dict[str, object]:
    color = _THEME.strong if bar.emphasis else _THEME.muted
    if not bar.is_baseline:
        return {"fill": {"color": color}}
    pattern = {"pattern": "wide_upward_diagonal", "fg_color": color, "bg_color": _THEME.page}
    return {"pattern": pattern, "border": {"color": color}}


def _tornado(figure: TornadoFigure) -> Plot:
    share = shown(figure.by, Unit.SHARE)
    sides = (("less", "down", _THEME.muted), ("more", "up", _THEME.strong))
    columns = (
        Column(
            f"{share} {word}",
            tuple(getattr(bar, key) for bar in figure.bars),
            {"fill": {"color": color}, "overlap": 100, "gap": 60},
        )
        for word, key, color in sides
    )
    names = tuple(bar.name for bar in figure.bars)
    return Plot(figure, {"type": "bar"}, "", names, tuple(columns), base=figure.base)


def _lines(figure: LineFigure) -> Plot:
    label, unit, places = _places(figure.across)
    is_numeric = isinstance(figure.across, Numbers)
    kind = {"type": "scatter", "subtype": "straight"} if is_numeric else {"type": "line"}
    return Plot(figure, kind, label, places, tuple(_line_columns(figure)), unit)


def _places(across: Across) -> tuple[str, Unit, tuple[str | float | date, ...]]:
    match across:
        case Months():
            return "month", Unit.DATE, across.days
        case Numbers():
            return across.label, across.unit, across.values
        case _:
            return across.label, Unit.TEXT, across.names


def _line_columns(figure: LineFigure) -> Iterator[Column]:
    colors = dict(zip((line.name for line in figure.lines), _colors(figure.lines), strict=True))
    for line in figure.lines:
        look = {"line": {"color": colors[line.name], "width": 2.75 if line.emphasis else 1.75}}
        if line.is_dashed:
            look["line"]["dash_type"] = "dash"
        yield Column(line.name, (None,) * line.start + line.values, look)
    for band in figure.bands:
        for end, values in (("low", band.low), ("high", band.high)):
            look = {"line": {"color": colors[band.line], "width": 0.75, "dash_type": "round_dot"}}
            yield Column(f"{band.line}: {band.meaning}, {end}", (None,) * band.start + values, look)
    if figure.points is not None:
        dots = {"marker": {"type": "circle"}, **({} if figure.points.is_line else {"line": {"none": True}})}
        yield Column(figure.points.name, (None,) * figure.points.start + figure.points.values, dots)
    if figure.reference is not None:
        count = len(_places(figure.across)[2])
        values = figure.reference.steps or (figure.reference.value,) * count
        yield Column(figure.reference.name, values, {"line": {"color": _THEME.ink, "dash_type": "dash"}})


def _colors(lines: tuple[Series, ...]) -> Iterator[str]:
    """Yield a colour for each line: the strong one for those with emphasis."""
    at = 0
    for line in lines:
        yield _THEME.strong if line.emphasis else _THEME.lines[at % len(_THEME.lines)]
        at += not line.emphasis
