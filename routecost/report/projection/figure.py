"""A projection as a line chart."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Unit
from routecost.model.report.line_figure import Band, LineFigure, Mark, Months, Reference, Series
from routecost.model.results.budget_tracking import BudgetTracking
from routecost.model.results.projection import Projection, StrategySpend
from routecost.model.scenario.budget import Period
from routecost.model.scenario.horizon import month_name
from routecost.report.projection.assumptions import subtitle
from routecost.report.projection.outlook import told_of

BAND_MEANING = "P10 to P90: eight paths in ten"
MOST_BANDS = 2

_REFERENCES = {
    Period.DAY: "a month of the daily budget",
    Period.MONTH: "budget",
    Period.YEAR: "yearly budget / 12",
}
MARKS = {
    Period.DAY: "goes over budget in",
    Period.MONTH: "goes over budget in",
    Period.YEAR: "has used up the year's budget in",
}
"""What a budget's crossing is called, by the period of the budget; the month follows."""


def figure(projection: Projection) -> LineFigure:
    """Return the figure of a projection: a line per strategy, the budget, and where it is crossed."""
    months = projection.horizon.first_days
    pinned = projection.horizon.pinned
    prices = "in force each month" if pinned is None else f"as of {pinned}"
    return LineFigure(
        title=f"{projection.scenario}: spend per month by strategy",
        subtitle=subtitle(projection),
        axis=f"{projection.currency} per month",
        across=Months(months),
        lines=tuple(_series(spend, projection.proposed) for spend in projection.strategies),
        source=f"Prices: {projection.pricing}, {prices}. Scenario: {projection.scenario}."
        f"{_paths(projection)}",
        alt="Line chart of the spend per month of each strategy, "
        f"{month_name(months[0])} to {month_name(months[-1])}"
        f"{'' if projection.outlook is None else ', with bands that hold eight paths in ten'}.",
        unit=Unit.MONEY,
        currency=projection.currency,
        reference=_reference(projection.budget),
        mark=_mark(projection),
        bands=tuple(_bands(projection)),
    )


def _series(spend: StrategySpend, proposed: str | None) -> Series:
    values = tuple(float(month.cost) for month in spend.months)
    return Series(spend.strategy, values, emphasis=spend.strategy == proposed)


def _paths(projection: Projection) -> str:
    drawn = projection.outlook
    return "" if drawn is None else f" Bands: {drawn.runs:,} paths, seed {drawn.seed}."


def _bands(projection: Projection) -> Iterator[Band]:
    """Yield what strategies may cost, where that is not known: of one where more would hide each other."""
    found = projection.outlook
    if found is None:
        return
    spends, told = projection.strategies, told_of(projection, found)
    alone = None if told is None or len(spends) <= MOST_BANDS else told.strategy
    for spend in spends:
        low, high = ([float(getattr(month, key)) for month in spend.months] for key in ("p10", "p90"))
        if low != high and alone in (None, spend.strategy):
            meaning = BAND_MEANING if alone is None else f"{alone}, {BAND_MEANING}"
            yield Band(spend.strategy, tuple(low), tuple(high), meaning)


def _reference(course: BudgetTracking | None) -> Reference | None:
    """Return what a budget allows in a month, or in each where that changes."""
    if course is None:
        return None
    allowed = tuple(float(month.allowance) for month in course.months)
    steps = allowed if len(set(allowed)) > 1 else ()
    return Reference(_REFERENCES[course.budget.per], allowed[-1], steps)


def _mark(projection: Projection) -> Mark | None:
    """Mark the crossing on the line of the budget's strategy, if that is shown."""
    course = projection.budget
    if course is None or course.crossed is None:
        return None
    lines = {spend.strategy: spend for spend in projection.strategies}
    if course.budget.strategy not in lines:
        return None
    at = course.months.index(course.crossed)
    cost = lines[course.budget.strategy].months[at].cost
    return Mark(at, float(cost), f"{course.budget.strategy} {MARKS[course.budget.per]}")
