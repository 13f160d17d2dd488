"""How the work of a projection grows, and what a month of it is, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby

from routecost.model.report.merge_report import Note, Quantity, Unit
from routecost.model.results.merge_projection import Projection
from routecost.model.scenario.horizon import month_name, percent
from routecost.model.scenario.month_plan import NO_PLAN, DayCount


def growth_note(projection: Projection) -> Note:
    """Return how the work grows, and what a month is."""
    return Note.of(*_growth(projection), "; ", *_days(projection), ".")


def growth_text(projection: Projection) -> str:
    """Return how the work grows, in short."""
    (_, first), *later = rates(projection)
    if not later:
        return f"The work {_verb(first)} by {percent(abs(first))} a month" if first else "Without growth"
    turns = "".join(f", from {month_name(month)} on by {percent(rate)}" for month, rate in later)
    return f"The work grows by {percent(first)} a month{turns}"


def rates(projection: Projection) -> list[tuple[date, Decimal]]:
    """Return the growths per month in the order in which they hold, each with its first month."""
    horizon = projection.horizon
    held = groupby(
        ((month, horizon.rate(month)) for month in horizon.first_days[1:]), key=lambda each: each[1]
    )
    return [next(group) for _, group in held] or [(horizon.start, horizon.growth)]


def _verb(rate: Decimal) -> str:
    return "grows" if rate > 0 else "shrinks"


def _growth(projection: Projection) -> Iterator[str | Quantity]:
    (_, first), *later = rates(projection)
    if later:
        yield "The work grows by "
        yield Quantity(first, Unit.SHARE)
        yield " a month"
        for month, rate in later:
            yield f", from {month_name(month)} on by "
            yield Quantity(rate, Unit.SHARE)
    elif first:
        yield f"The work {_verb(first)} by "
        yield Quantity(abs(first), Unit.SHARE)
        yield " a month from the second month on"
    else:
        yield "The work does not grow"


def _days(projection: Projection) -> Iterator[str | Quantity]:
    plan = projection.plan or NO_PLAN
    if plan.days is DayCount.CALENDAR:
        yield "each month has the days of the calendar"
    elif plan.days is DayCount.WORKING:
        first, last = projection.horizon.start, projection.horizon.last_day
        holidays = sum(first <= day <= last for day in plan.holidays)
        less = f", less {holidays} holiday{'s' * (holidays > 1)}" if holidays else ""
        yield f"only days from Monday to Friday count{less}"
    else:
        yield "a month has "
        yield Quantity(projection.days_per_month, Unit.NUMBER)
        yield " days"
