"""Prices by the time of day: most of the day is standard, the rest is a mode."""

from __future__ import annotations

from datetime import time

import pytest

from routecost.ingest.prices.sources.time_of_day import NotExpressibleError, Window, by_time_of_day, hours_of
from routecost.model.pricing.hours import Hours

CHEAP, COSTLY, PRICIEST = ({"input_mtok": price} for price in (1, 2, 3))
MORNING = (time(1), time(4))
NIGHT = (time(22), time(6))
MOST = (time(0, 30), time(16, 30))


def test_a_costly_window_is_a_peak() -> None:
    assert by_time_of_day(CHEAP, [Window(*MORNING, COSTLY)]) == (
        CHEAP,
        (
            {"peak": COSTLY},
            {"peak": (Hours(60, 240, "UTC"),)},
        ),
    )


def test_a_cheap_window_past_midnight_is_off_peak() -> None:
    assert by_time_of_day(COSTLY, [Window(*NIGHT, CHEAP)]) == (
        COSTLY,
        (
            {"off_peak": CHEAP},
            {"off_peak": (Hours(22 * 60, 6 * 60, "UTC"),)},
        ),
    )


def test_a_window_of_most_of_the_day_is_standard() -> None:
    assert by_time_of_day(CHEAP, [Window(*MOST, COSTLY)]) == (
        COSTLY,
        (
            {"off_peak": CHEAP},
            {"off_peak": (Hours(16 * 60 + 30, 30, "UTC"),)},
        ),
    )


def test_more_than_two_prices_a_day_are_refused() -> None:
    with pytest.raises(NotExpressibleError, match="more than two prices"):
        by_time_of_day(CHEAP, [Window(*MORNING, COSTLY), Window(*NIGHT, PRICIEST)])


def test_without_windows_nothing_happens() -> None:
    assert by_time_of_day(CHEAP, []) == (CHEAP, ({}, {}))


@pytest.mark.parametrize("windows", [[(0, 90)], [(1380, 1500)], [(0, 30), (60, 90), (1410, 1440)]])
def test_hours_have_just_the_minutes_given(windows: list[tuple[int, int]]) -> None:
    minutes = {minute % 1440 for start, end in windows for minute in range(start, end)}
    hours = hours_of(minutes)
    within = [minute % 1440 for part in hours for span in part.spans[:1] for minute in range(*span)]
    assert sorted(within) == sorted(minutes)
