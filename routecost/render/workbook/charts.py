"""A chart of Excel above its values, on a sheet of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from typing import Any

from routecost.model.report.cells import Amount, Range, Unit, ends
from routecost.render.charts import described
from routecost.render.rounding import common_places, is_numeric, small
from routecost.render.workbook.book import Book, write_text, written
from routecost.render.workbook.cells import Cells, literal, number_format
from routecost.render.workbook.plots import Plot
from routecost.render.workbook.tables import for_print

_AXIS_ROW, _CHART_ROW, _HEAD_ROW = 2, 6, 32
_FIRST = _HEAD_ROW + 1
_WIDTHS = (30, 18)
_SIZE = {"width": 960, "height": 480}
"""Size of a chart in pixels; a row has 20."""

_LONGEST_FORMAT = 200
_SMALL_AXIS = 1_000
_DAY_0 = date(1899, 12, 30)


def write_chart(book: Book, name: str, plot: Plot) -> None:
    """Write a sheet with the texts of a figure, the chart, and its values."""
    figure, sheet = plot.figure, book.sheet(name)
    sheet.set_column(0, 0, _WIDTHS[0])
    sheet.set_column(1, len(plot.columns), _WIDTHS[1])
    for_print(sheet)
    texts = (figure.title, figure.subtitle, figure.axis, figure.source, getattr(figure, "footnote", None))
    for row, text in enumerate(texts):
        if text:
            write_text(sheet, row, 0, text, book.look(bold=row == 0))
    for at, text in enumerate((plot.label, *(column.name for column in plot.columns))):
        write_text(sheet, _HEAD_ROW, at, text, book.look(bold=True, bottom=1, text_wrap=True))
    _write_values(Cells(book, sheet, figure.currency or ""), plot, figure.unit, figure.currency or "")
    options = {"description": described(figure), "object_position": 3}
    sheet.insert_chart(_CHART_ROW, 0, _chart(book, name, plot), options)


def _write_values(cells: Cells, plot: Plot, unit: Unit, currency: str) -> None:
    values = [value for column in plot.columns for value in column.values]
    usual = number_format(unit, currency, common_places(values, unit))
    columns = zip_longest(*(column.values for column in plot.columns))
    for at, (place, row) in enumerate(zip(plot.places, columns, strict=True)):
        if isinstance(place, date):
            cells.day(_FIRST + at, 0, place, "yyyy-mm")
        else:
            cells.write(_FIRST + at, 0, place, plot.place_unit)
        for to, (value, column) in enumerate(zip(row, plot.columns, strict=True), start=1):
            low = _low(value)
            if low is not None:  # an empty cell is a gap
                cells.number(
                    _FIRST + at, to, low, _format(value, usual, column.texts[at] if column.texts else "")
                )


def _format(value: Amount, usual: str, text: str) -> str:
    """Return the number format of a value, which says where it is only a low end."""
    if not isinstance(value, Range):
        return usual
    return literal(text) if 0 < len(text) <= _LONGEST_FORMAT else usual + literal(" or more")


def _chart(book: Book, name: str, plot: Plot) -> Any:
    chart = book.workbook.add_chart(dict(plot.kind))
    for series in _series(name, plot):
        chart.add_series(series)
    chart.set_title({"name": [name, 0, 0], "data": [written(plot.figure.title)], "name_font": {"size": 12}})
    chart.set_size(_SIZE)
    if len(plot.columns) == 1:
        chart.set_legend({"none": True})
    else:
        chart.set_legend({"position": "bottom"})
    values: dict[str, Any] = {
        "name": [name, _AXIS_ROW, 0],
        "data": [written(plot.figure.axis)],
        "num_format": _axis_format(plot),
    }
    if plot.kind["type"] == "bar":  # the first bar is at the top, and names are beside bars to the left too
        chart.set_x_axis(values if plot.base is None else values | {"crossing": plot.base})
        chart.set_y_axis({"reverse": True, "crossing": "max", "label_position": "low"})
    else:
        label = {"name": [name, _HEAD_ROW, 0], "data": [written(plot.label)]}
        places: dict[str, Any] = label if plot.label else {}
        chart.set_x_axis(places | ({"date_axis": True} if plot.place_unit is Unit.DATE else {}))
        chart.set_y_axis(values)
    return chart


def _axis_format(plot: Plot) -> str:
    """Return the number format of the value axis: without decimal places, unless all values are small."""
    unit = plot.figure.unit
    lows = [low for column in plot.columns for low in map(_low, column.values) if low is not None]
    is_small = max(map(abs, lows), default=0.0) < _SMALL_AXIS * small(unit) if is_numeric(unit) else False
    return number_format(unit, plot.figure.currency or "", common_places(lows, unit) if is_small else 0)


def _low(value: Amount) -> float | None:
    return ends(value)[0]


def _series(name: str, plot: Plot) -> Iterator[dict[str, Any]]:
    last = _FIRST + len(plot.places) - 1
    for at, column in enumerate(plot.columns, start=1):
        yield {
            "name": [name, _HEAD_ROW, at],
            "name_data": [written(column.name)],
            "categories": [name, _FIRST, 0, last, 0],
            "categories_data": list(map(_cached, plot.places)),
            "values": [name, _FIRST, at, last, at],
            "values_data": [_cached(_low(value)) for value in column.values],
            **column.look,
        }


def _cached(value: str | float | date | None) -> str | None:
    """Return a value as a chart keeps it, for programs that do not read its cells."""
    if isinstance(value, str):
        return written(value)
    held = (value - _DAY_0).days if isinstance(value, date) else value
    return None if held is None else f"{held:.16g}"
