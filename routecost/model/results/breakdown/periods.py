"""Fiscal quarters and years of the months of a horizon."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from routecost.model.scenario.horizon import month_name
from routecost.records import dataclass
from routecost.units import MONTHS_PER_YEAR

MONTHS_PER_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Period:
    """Months of a horizon, by their places: a month, or what it has of a fiscal quarter or year.

    ``kind`` is ``month``, ``quarter``, ``year`` or ``total``, ``first`` and ``last`` are its months
    (``YYYY-MM``), and ``lacks`` is how many months of it are not in the horizon.
    """

    kind: str
    name: str
    first: str
    last: str
    months: tuple[int, ...]
    lacks: int = 0


def periods_of(months: Sequence[date], year_starts: int | None) -> tuple[Period, ...]:
    """Return the months, the quarters and the years of months given by first days, and all of them.

    Years begin in the calendar month ``year_starts``, or if that is None with the first month.
    """
    starts = year_starts or months[0].month
    indexed = list(enumerate(months))
    each = (Period("month", month_name(day), month_name(day), month_name(day), (at,)) for at, day in indexed)
    every = tuple(range(len(months)))
    whole = Period("total", "total", month_name(months[0]), month_name(months[-1]), every)
    quarters = _grouped(indexed, starts, "quarter", MONTHS_PER_QUARTER)
    years = _grouped(indexed, starts, "year", MONTHS_PER_YEAR)
    return (*each, *quarters, *years, whole)


def ended(periods: Sequence[Period], year_starts: int) -> tuple[Period, ...]:
    """Return periods whose first year lacks only the months after the horizon: those before are known."""
    first = next(period for period in periods if period.kind == "year")
    before = (int(first.first[5:]) - year_starts) % MONTHS_PER_YEAR
    return tuple(replace(one, lacks=one.lacks - before) if one is first else one for one in periods)


def _grouped(months: Sequence[tuple[int, date]], starts: int, kind: str, length: int) -> Iterator[Period]:
    """Yield the quarters or years that the months are in."""

    def place(item: tuple[int, date]) -> tuple[int, int]:
        year, within = divmod(item[1].year * MONTHS_PER_YEAR + item[1].month - starts, MONTHS_PER_YEAR)
        return year, within // length

    for (year, at), group in groupby(months, place):
        days = list(group)
        name = str(year) if starts == 1 else f"FY{year}/{(year + 1) % 100:02d}"
        if kind == "quarter":
            name = f"Q{at + 1} {name}"
        first, last = month_name(days[0][1]), month_name(days[-1][1])
        yield Period(kind, name, first, last, tuple(place for place, _ in days), length - len(days))
