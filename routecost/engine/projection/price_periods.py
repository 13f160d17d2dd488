"""Periods of constant prices, and their days within months."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.horizon import Horizon

_SATURDAY = 5


class Stretch(NamedTuple):
    """Consecutive days from ``begins`` to before ``ends``, as ordinals."""

    begins: int
    ends: int

    @property
    def first(self) -> date:
        """The first of the days."""
        return date.fromordinal(self.begins)

    @property
    def days(self) -> int:
        """Calendar days."""
        return self.ends - self.begins

    def working_days(self, holidays: Iterable[date]) -> int:
        """Return the days from Monday to Friday that are no holidays."""
        days = map(date.fromordinal, range(self.begins, self.ends))
        return sum(day.weekday() < _SATURDAY for day in days if day not in holidays)


def price_periods(sheet: PricingSheet, horizon: Horizon) -> tuple[date, ...]:
    """Return the first days of the periods of constant prices in the horizon, rising.

    Every dated entry of a model, tier or exchange rate begins a period, and so does the day after the
    end of a price; with a pinned day there is just one.
    """
    first, end = horizon.start, whole(horizon.first_days[-1]).ends
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


def begun(periods: Sequence[date], day: date) -> date:
    """Return the last of the periods, given by first days, that has begun by a day."""
    return periods[bisect_right(periods, day) - 1]


def stretches(month: date, cuts: Iterable[date]) -> tuple[Stretch, ...]:
    """Cut a month, given by its first day, at days; the stretches cover the month."""
    begins, end = whole(month)
    inner = {day.toordinal() for day in cuts if begins < day.toordinal() < end}
    firsts = [begins, *sorted(inner)]
    return tuple(Stretch(*ends) for ends in zip(firsts, [*firsts[1:], end], strict=True))


def whole(month: date) -> Stretch:
    """Return all days of a month; the end may be beyond the last date of the calendar."""
    return Stretch(month.toordinal(), month.toordinal() + monthrange(month.year, month.month)[1])
