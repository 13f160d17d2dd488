"""Actual spend and forecast on the chart of a projection."""

from __future__ import annotations

from dataclasses import replace

from routecost.model.report.line_figure import LineFigure, Mark, Points, Series
from routecost.model.results.actuals import PlanVsActual
from routecost.report.projection.figure import MARKS

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


def _mark(actuals: PlanVsActual) -> Mark | None:
    budget = actuals.budget
    if budget is None or budget.crossed is None:
        return None
    at = budget.months.index(budget.crossed)
    cost = actuals.months[at].rebased
    return None if cost is None else Mark(at, float(cost), f"spend {MARKS[budget.budget.per]}")
