"""Labels of bars."""

from __future__ import annotations

from routecost.model.report.report import Bar, BarFigure
from routecost.render.charts.page.amounts import amount_texts
from routecost.render.escape import sanitize


def bar_texts(figure: BarFigure) -> list[str]:
    """Return the labels of the bars: their own, or else their values, with the part that is calls."""
    values = amount_texts([bar.value for bar in figure.bars], figure.unit, figure.currency)
    calls = amount_texts([bar.calls for bar in figure.bars], figure.unit, figure.currency)
    return [
        _text(bar, value, of_calls) for bar, value, of_calls in zip(figure.bars, values, calls, strict=True)
    ]


def _text(bar: Bar, value: str, calls: str) -> str:
    if bar.label is not None:
        return sanitize(bar.label)
    return value if bar.calls is None else f"{value} (calls {calls})"
