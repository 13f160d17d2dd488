"""Actual spend and forecast on the chart of a projection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from routecost.model.report.line_figure import Band, LineFigure, Mark, Points, Series
from routecost.model.results.actuals import PlanVsActual
from routecost.report.projection.figure import BAND_MEANING, MARKS

EXPECTED = "forecast"


def with_actuals(figure: LineFigure, actuals: PlanVsActual | None) -> LineFigure:
    """Return the figure with actual months, the forecast, and the month it exceeds the budget.

    Dots cover the consecutive months with actuals that end with the latest one.
    """
    if actuals is None:
        return figure
    last = max(at for at, month in enumerate(actuals.months) if month.variance is not None)
    return replace(
        figure,
        lines=(*figure.lines, *_expected(actuals, last)),
        bands=figure.bands if actuals.expected_band is None else tuple(_bands(actuals, last)),
        points=_points(actuals, last),
        mark=_mark(actuals),
        source=f"{figure.source} Actuals: {actuals.file}.",
        alt=f"{figure.alt} Dots show actual months; a line shows the forecast of the others.",
    )


def _points(actuals: PlanVsActual, last: int) -> Points:
    values: list[float] = []
    for month in reversed(actuals.months[: last + 1]):
        if month.variance is None:
            break
        values.insert(0, float(month.variance.actual))
    return Points("actual", tuple(values), start=last + 1 - len(values))


def _expected(actuals: PlanVsActual, last: int) -> tuple[Series, ...]:
    costs = [month.rebased for month in actuals.months[last:] if month.rebased is not None]
    if actuals.scale is None or len(costs) < 2:
        return ()
    return (Series(EXPECTED, tuple(map(float, costs)), start=last),)


def _bands(actuals: PlanVsActual, last: int) -> Iterator[Band]:
    """Yield the band of the forecast, which begins at the last month with actuals."""
    actual, bands = actuals.months[last].rebased, [month.band for month in actuals.months[last + 1 :]]
    if actual is None or not bands:
        return
    low = [float(actual), *(float(band.p10) for band in bands if band is not None)]
    high = [float(actual), *(float(band.p90) for band in bands if band is not None)]
    yield Band(EXPECTED, tuple(low), tuple(high), f"{EXPECTED}, {BAND_MEANING}", start=last)


def _mark(actuals: PlanVsActual) -> Mark | None:
    budget = actuals.budget
    if budget is None or budget.crossed is None:
        return None
    at = budget.months.index(budget.crossed)
    cost = actuals.months[at].rebased
    return None if cost is None else Mark(at, float(cost), f"spend {MARKS[budget.budget.per]}")
