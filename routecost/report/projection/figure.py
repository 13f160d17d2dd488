"""Line chart of a projection."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Unit
from routecost.model.report.line_figure import Band, LineFigure, Mark, Months, Reference, Series
from routecost.model.results.outlook import BudgetTracking
from routecost.model.results.projection import Projection, StrategySpend
from routecost.model.scenario.budget import Period
from routecost.model.scenario.horizon import month_name
from routecost.report.projection.assumptions import subtitle
from routecost.report.projection.outlook import main_outlook

BAND_MEANING = "P10 to P90: 80% of simulated runs"
MOST_BANDS = 2

_REFERENCES = {
    Period.DAY: "daily budget, per month",
    Period.MONTH: "budget",
    Period.YEAR: "yearly budget / 12",
}
MARKS = {
    Period.DAY: "exceeds its budget in",
    Period.MONTH: "exceeds its budget in",
    Period.YEAR: "exceeds the yearly budget in",
}
"""Label of the first month over budget, by budget period; the month follows."""


def figure(projection: Projection) -> LineFigure:
    """Return the figure of a projection: a line per strategy, the budget, and the first month over it."""
    months = projection.horizon.first_days
    pinned = projection.horizon.pinned
    prices = "in force each month" if pinned is None else f"as of {pinned}"
    return LineFigure(
        title=f"{projection.scenario}: monthly spend by strategy",
        subtitle=subtitle(projection),
        axis=f"{projection.currency} per month",
        across=Months(months),
        lines=tuple(_series(spend, projection.proposed) for spend in projection.strategies),
        source=f"Prices: {projection.pricing}, {prices}. Scenario: {projection.scenario}."
        f"{_simulation(projection)}",
        alt="Line chart of monthly spend by strategy, "
        f"{month_name(months[0])} to {month_name(months[-1])}"
        f"{'' if projection.outlook is None else ', with bands for 80% of simulated runs'}.",
        unit=Unit.MONEY,
        currency=projection.currency,
        reference=_reference(projection.budget),
        mark=_mark(projection),
        bands=tuple(_bands(projection)),
    )


def _series(spend: StrategySpend, proposed: str | None) -> Series:
    values = tuple(float(month.cost) for month in spend.months)
    return Series(spend.strategy, values, emphasis=spend.strategy == proposed)


def _simulation(projection: Projection) -> str:
    outlook = projection.outlook
    return "" if outlook is None else f" Bands: {outlook.runs:,} simulated runs, seed {outlook.seed}."


def _bands(projection: Projection) -> Iterator[Band]:
    """Yield the band of each strategy, or only of the main one if several would overlap."""
    outlook = projection.outlook
    if outlook is None:
        return
    spends, main = projection.strategies, main_outlook(projection, outlook)
    alone = None if main is None or len(spends) <= MOST_BANDS else main.strategy
    for spend in spends:
        low, high = ([float(getattr(month, key)) for month in spend.months] for key in ("p10", "p90"))
        if low != high and alone in (None, spend.strategy):
            meaning = BAND_MEANING if alone is None else f"{alone}, {BAND_MEANING}"
            yield Band(spend.strategy, tuple(low), tuple(high), meaning)


def _reference(tracking: BudgetTracking | None) -> Reference | None:
    """Return the monthly budget, or its steps if it changes."""
    if tracking is None:
        return None
    allowed = tuple(float(month.allowance) for month in tracking.months)
    steps = allowed if len(set(allowed)) > 1 else ()
    return Reference(_REFERENCES[tracking.budget.per], allowed[-1], steps)


def _mark(projection: Projection) -> Mark | None:
    """Return the mark of the first month over budget, if the strategy of the budget is shown."""
    tracking = projection.budget
    if tracking is None or tracking.crossed is None:
        return None
    lines = {spend.strategy: spend for spend in projection.strategies}
    if tracking.budget.strategy not in lines:
        return None
    at = tracking.months.index(tracking.crossed)
    cost = lines[tracking.budget.strategy].months[at].cost
    return Mark(at, float(cost), f"{tracking.budget.strategy} {MARKS[tracking.budget.per]}")
