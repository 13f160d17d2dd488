"""The busiest minute of a week is that of its minutes, and no less where arrivals are unknown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.usage.arrival_peaks import Load
from routecost.model.pricing.hours import MINUTES_PER_DAY, MINUTES_PER_WEEK
from routecost.model.scenario.arrivals import Arrivals
from routecost.units import ONE
from tests.support.build import task, tokens

JANUARY, MARCH, JULY = date(2027, 1, 1), date(2027, 3, 1), date(2027, 7, 1)
NEAR = Decimal("1e-20")
HOUR = 60
STEP = 30
"""Minutes in which no rate changes."""


def daily(zone: str, *spans: tuple[int, int]) -> Arrivals:
    """Return arrivals at hours of each day."""
    days = range(0, MINUTES_PER_WEEK, MINUTES_PER_DAY)
    profile = [((day + start * HOUR, day + end * HOUR), ONE) for day in days for start, end in spans]
    return Arrivals(zone, tuple(profile))


def load(*parts: tuple[Arrivals | None, int]) -> Load:
    """Return a load of task types with arrivals, each with its need a day."""
    whole = Load()
    for at, (arrivals, need) in enumerate(parts):
        whole.add(task(1, tokens(1, 1), f"type-{at}", arrivals=arrivals), Decimal(need))
    return whole


def by_minute(parts: list[tuple[Arrivals, int]], month: date) -> Fraction:
    """Return the need of the busiest minute, one by one in UTC at the offsets of days of the month."""
    most = Fraction(0)
    days = [month.replace(day=day) for day in (1, 20, 31)]
    for ahead in {tuple(offset(arrivals.time_zone, day) for arrivals, _ in parts) for day in days}:
        minutes = dict.fromkeys(range(0, MINUTES_PER_WEEK, STEP), Fraction(0))
        for (arrivals, need), minutes_ahead in zip(parts, ahead, strict=True):
            for (start, end), weight in arrivals.profile:
                rate = Fraction(need) * 7 * Fraction(weight) / Fraction(arrivals.total)
                for minute in range(start, end, STEP):
                    minutes[(minute - minutes_ahead) % MINUTES_PER_WEEK] += rate
        most = max(most, *minutes.values())
    return most


def offset(zone: str, day: date) -> int:
    away = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).utcoffset()
    assert away is not None
    return int(away.total_seconds()) // 60


def test_work_of_two_offices_overlaps_for_some_hours_by_season() -> None:
    """Berlin 9 to 17 and New York 9 to 17 have 2 hours in common, so that their needs add up."""
    offices = load((daily("Europe/Berlin", (9, 17)), 4800), (daily("America/New_York", (9, 17)), 9600))
    assert offices.peak(JANUARY) == 10 + 20
    apart = load((daily("Europe/Berlin", (9, 15)), 3600), (daily("America/New_York", (9, 17)), 9600))
    assert apart.peak(JANUARY) == 20, "15:00 in Berlin is 9:00 in New York"
    assert apart.peak(JULY) == 20
    assert apart.peak(MARCH) == 30, "for two weeks of March it is 10:00 in New York"


def test_without_arrivals_the_mean_of_a_day_is_the_least() -> None:
    unknown = load((None, 1440))
    assert unknown.peak(JANUARY) == 1
    assert unknown.is_least
    assert list(unknown.unprofiled) == ["type-0"]
    quiet = load((daily("UTC", (0, 24)), 1440), (None, 1440))
    assert quiet.peak(JANUARY) == 2, "the week has that in its mean minute"
    busy = load((daily("UTC", (0, 1)), 1440), (None, 1440))
    assert busy.peak(JANUARY) == 24


profiles = st.builds(
    lambda zone, spans: daily(zone, *spans),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/New_York", "UTC"]),
    st.sampled_from([((0, 24),), ((3, 7), (10, 12)), ((22, 24),), ((0, 1), (23, 24))]),
)
parts_of_work = st.lists(st.tuples(profiles, st.integers(1, 5000)), min_size=1, max_size=3)


@given(parts_of_work, st.sampled_from([JANUARY, MARCH]))
def test_the_peak_is_that_of_the_minutes(parts: list[tuple[Arrivals, int]], month: date) -> None:
    counted = by_minute(parts, month)
    peak = load(*parts).peak(month)
    assert abs(peak - Decimal(counted.numerator) / counted.denominator) < NEAR


@given(parts_of_work, st.data())
def test_what_is_unknown_is_a_bound(parts: list[tuple[Arrivals, int]], data: st.DataObject) -> None:
    """Whatever the arrivals are, the peak is no less than what is known without them."""
    known = data.draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts)))
    least = load(*((one if stated else None, need) for (one, need), stated in zip(parts, known, strict=True)))
    assert least.peak(JANUARY) <= load(*parts).peak(JANUARY) + NEAR


def test_a_factor_scales_and_loads_add_up() -> None:
    whole = Load()
    whole.include(load((daily("UTC", (0, 12)), 720)), Decimal(3))
    whole.include(load((None, 144)), ONE)
    assert whole.peak(JANUARY) == 3
    assert whole.a_week == 7 * (3 * 720 + 144)
