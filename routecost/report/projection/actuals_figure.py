"""What months really cost, as dots on the chart of a projection, and where that leads."""

from __future__ import annotations

from dataclasses import replace

from routecost.model.report.line_figure import LineFigure, Mark, Points, Series
from routecost.model.results.actuals import PlanVsActual
from routecost.report.projection.figure import MARKS

EXPECTED = "forecast"


def with_actuals(figure: LineFigure, course: PlanVsActual | None) -> LineFigure:
    """Return the figure with the actual months, the forecast from them, and its crossing of the budget.

    The dots are those of the months up to the last with an actual, back to the first gap.
    """
    if course is None:
        return figure
    last = max(at for at, month in enumerate(course.months) if month.held is not None)
    return replace(
        figure,
        lines=(*figure.lines, *_expected(course, last)),
        points=_points(course, last),
        mark=_mark(course),
        source=f"{figure.source} Actuals: {course.file}.",
        alt=f"{figure.alt} Dots are what months cost, and a line is what others are forecast to.",
    )


def _points(course: PlanVsActual, last: int) -> Points:
    values: list[float] = []
    for month in reversed(course.months[: last + 1]):
        if month.held is None:
            break
        values.insert(0, float(month.held.actual))
    return Points("actual", tuple(values), start=last + 1 - len(values))


def _expected(course: PlanVsActual, last: int) -> tuple[Series, ...]:
    costs = [month.rebased for month in course.months[last:] if month.rebased is not None]
    if course.ratio is None or len(costs) < 2:
        return ()
    return (Series(EXPECTED, tuple(map(float, costs)), start=last),)


def _mark(course: PlanVsActual) -> Mark | None:
    budget = course.budget
    if budget is None or budget.crossed is None:
        return None
    at = budget.months.index(budget.crossed)
    cost = course.months[at].rebased
    return None if cost is None else Mark(at, float(cost), f"spend {MARKS[budget.budget.per]}")
