"""Bands around lines, and dots of known values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from routecost.model.report.line_figure import Band, LineFigure
from routecost.render.charts.page.design import Design
from routecost.render.charts.page.legend import Entry
from routecost.render.escape import sanitize

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_FILL, _FILLS, _EDGE = 0.22, 0.8, 0.65
"""Opacity of a band, of all bands together and of their edges; lower bands stay visible."""

_ALONE = 9.0
"""Width of a band at a single place, in points."""


def band_entries(figure: LineFigure, design: Design) -> list[Entry]:
    """Return legend entries of the bands, one per meaning, in a neutral colour if shared."""
    lines: dict[str, list[str]] = {}
    for band in figure.bands:
        lines.setdefault(sanitize(band.meaning), []).append(band.line)
    looks = design.line_looks([line.emphasis for line in figure.lines])
    colors = {line.name: look["color"] for line, look in zip(figure.lines, looks, strict=True)}
    soft = design.theme.soft
    return [
        Entry(meaning, _sample(colors.get(name, soft) if not others else soft))
        for meaning, (name, *others) in lines.items()
    ]


def _sample(color: str) -> dict[str, Any]:
    return {"color": color, "alpha": 2 * _FILL, "linewidth": _ALONE}


def draw_bands(axes: Axes, figure: LineFigure, places: Sequence[float], colors: Sequence[str]) -> None:
    """Fill the band of each line in its colour, emphasized lines on top.

    Raises ValueError for a band without a line, or with another number of values than it has places.
    """
    named = {line.name: (line.emphasis, color) for line, color in zip(figure.lines, colors, strict=True)}
    for band in figure.bands:
        if band.line not in named:
            raise ValueError(f'no line "{band.line}" for its band')
        emphasis, color = named[band.line]
        over, opaque = (1.6, _FILL) if emphasis else (1.4, min(_FILL, _FILLS / len(figure.bands)))
        _draw(axes, band, places[band.start :], {"color": color, "zorder": over}, opaque)


def _draw(axes: Axes, band: Band, places: Sequence[float], look: dict[str, Any], opaque: float) -> None:
    if not len(places) == len(band.low) == len(band.high):
        raise ValueError(f'the band of "{band.line}" does not have a value for each of its places')
    if len(places) == 1:
        axes.vlines(places, band.low, band.high, alpha=2 * opaque, linewidth=_ALONE, **look)
        return
    axes.fill_between(places, band.low, band.high, alpha=opaque, linewidth=0, **look)
    for values in (band.low, band.high):
        axes.plot(places, values, clip_on=False, alpha=_EDGE, linewidth=0.7, **look)
