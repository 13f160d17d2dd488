"""Line chart of a projection."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.model.report.cells import Unit
from routecost.model.report.line_figure import Band, LineFigure, Mark, Months, Reference, Series
from routecost.model.results.failures import Between, widest
from routecost.model.results.outlook import BudgetTracking
from routecost.model.results.projection import Projection
from routecost.model.scenario.budget import Period
from routecost.model.scenario.horizon import month_name
from routecost.report.projection.assumptions import subtitle
from routecost.report.projection.outlook import main_outlook
from routecost.report.worst_case import drawn

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
    """Return the figure of a projection: a line per strategy, the budget, and the first month over it.

    Where failures cost something, lines are of totals, with those of calls dashed; but actual costs are
    those of calls, and compared with calls alone.
    """
    counts = projection.counts_failures
    has_totals = counts and projection.actuals is None
    what = "cost of calls and failures" if has_totals else "cost of calls" if counts else "spend"
    months = projection.horizon.first_days
    pinned = projection.horizon.pinned
    prices = "in force each month" if pinned is None else f"as of {pinned}"
    return LineFigure(
        title=f"{projection.scenario}: monthly {what} by strategy",
        subtitle=subtitle(projection),
        axis=f"{projection.currency} per month",
        across=Months(months),
        lines=tuple(_lines(projection, has_totals)),
        source=f"Prices: {projection.pricing}, {prices}. Scenario: {projection.scenario}."
        f"{_simulation(projection)}",
        alt=f"Line chart of monthly {what} by strategy, "
        f"{month_name(months[0])} to {month_name(months[-1])}"
        f"{'' if projection.outlook is None else ', with bands for 80% of simulated runs'}.",
        unit=Unit.MONEY,
        currency=projection.currency,
        reference=_reference(projection.budget),
        mark=_mark(projection),
        bands=tuple(_bands(projection, " calls" if has_totals else "")),
    )


def _lines(projection: Projection, has_totals: bool) -> Iterator[Series]:
    for spend in projection.strategies:
        is_proposed = spend.strategy == projection.proposed
        worst = spend if projection.worst is None else projection.worst[spend.strategy]
        ends = zip(spend.months, worst.months, strict=True)
        calls = tuple(drawn(Between(low.cost, high.cost)) for low, high in ends)
        if not has_totals:
            yield Series(spend.strategy, calls, is_proposed)
            continue
        months = range(len(spend.months))
        totals = (drawn(widest(projection.totals(spend.strategy, at))) for at in months)
        yield Series(spend.strategy, tuple(totals), is_proposed)
        yield Series(f"{spend.strategy} calls", calls, is_proposed, is_dashed=True)


def _simulation(projection: Projection) -> str:
    outlook = projection.outlook
    return "" if outlook is None else f" Bands: {outlook.runs:,} simulated runs, seed {outlook.seed}."


def _bands(projection: Projection, line: str) -> Iterator[Band]:
    """Yield the band of each strategy's calls, or only of the main one if several would overlap.

    ``line`` is added to the name of the strategy.
    """
    outlook = projection.outlook
    if outlook is None:
        return
    spends, main = projection.strategies, main_outlook(projection, outlook)
    alone = None if main is None or len(spends) <= MOST_BANDS else main.strategy
    for spend in spends:
        low, high = ([float(getattr(month, key)) for month in spend.months] for key in ("p10", "p90"))
        if low != high and alone in (None, spend.strategy):
            meaning = BAND_MEANING if alone is None else f"{alone}, {BAND_MEANING}"
            yield Band(spend.strategy + line, tuple(low), tuple(high), meaning)


def _reference(tracking: BudgetTracking | None) -> Reference | None:
    """Return the monthly budget, or its steps if it changes."""
    if tracking is None:
        return None
    allowed = tuple(float(month.allowance) for month in tracking.months)
    steps = allowed if len(set(allowed)) > 1 else ()
    has_failures = any(month.total is not None for month in tracking.months)
    name = _REFERENCES[tracking.budget.per]
    if has_failures:
        name += f" for {tracking.budget.counts.label}"
    return Reference(name, allowed[-1], steps)


def _mark(projection: Projection) -> Mark | None:
    """Return the mark of the first month over budget, if the strategy of the budget is shown."""
    tracking = projection.budget
    if tracking is None or tracking.crossed is None:
        return None
    lines = {spend.strategy: spend for spend in projection.strategies}
    if tracking.budget.strategy not in lines:
        return None
    at = tracking.months.index(tracking.crossed)
    month = lines[tracking.budget.strategy].months[at]
    counts = tracking.budget.counts_failures and month.failures is not None
    cost = (month.with_failures.low if counts else None) or month.cost
    return Mark(at, float(cost), f"{tracking.budget.strategy} {MARKS[tracking.budget.per]}")
