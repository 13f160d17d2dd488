"""Months and the days within them on which prices change."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from routecost.model.horizon import Horizon
from routecost.model.pricing import PricingSheet


class Part(NamedTuple):
    """Calendar ``days`` of a month on which the prices are those of the period from ``since`` on."""

    since: date
    days: int


def price_periods(sheet: PricingSheet, horizon: Horizon) -> tuple[date, ...]:
    """Return the first days of the periods of constant prices that the horizon is made of, rising.

    Every dated entry of a model, tier or exchange rate begins a period, and so does the day after
    an end of prices; with a pinned day there is just one.
    """
    first, end = horizon.start, _end(horizon.first_days[-1])
    if horizon.pinned is not None:
        return (first,)
    later = {day for day in _days_of_change(sheet) if first < day and day.toordinal() < end}
    return (first, *sorted(later))


def _days_of_change(sheet: PricingSheet) -> Iterator[date]:
    entries = [entry for dated in sheet.models.values() for entry in dated]
    tiers = [entry.start for dated in sheet.tiers.values() for entry in dated]
    rates = [rate.start for terms in sheet.terms for rate in terms.exchange]
    yield from (start for start in (*tiers, *rates, *(entry.start for entry in entries)) if start is not None)
    for entry in entries:
        if entry.until is not None and entry.until < date.max:
            yield entry.until + timedelta(days=1)


def parts(month: date, periods: Sequence[date]) -> tuple[Part, ...]:
    """Split a month, given by its first day, at the periods; the days sum to those of the month."""
    end = _end(month)
    begun = periods[bisect_right(periods, month) - 1]
    later = [day for day in periods if month < day and day.toordinal() < end]
    begins = [month.toordinal(), *(day.toordinal() for day in later)]
    return tuple(
        Part(since, until - begin)
        for since, begin, until in zip((begun, *later), begins, (*begins[1:], end), strict=True)
    )


def _end(month: date) -> int:
    """Return the ordinal after a month's last day; the day itself may lie past the calendar's end."""
    return month.toordinal() + monthrange(month.year, month.month)[1]
