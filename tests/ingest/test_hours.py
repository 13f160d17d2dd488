"""Prices by the time of day: most of the day is standard, the rest is a mode."""

from __future__ import annotations

from datetime import time

import pytest

from routecost.ingest.prices.time_of_day import NotExpressibleError, Window, by_time_of_day

CHEAP, DEAR, DEARER = ({"input_mtok": price} for price in (1, 2, 3))
MORNING = (time(1), time(4))
NIGHT = (time(22), time(6))
MOST = (time(0, 30), time(16, 30))


def test_a_dear_window_is_a_peak() -> None:
    assert by_time_of_day(CHEAP, [Window(*MORNING, DEAR)]) == (
        CHEAP,
        {"peak": DEAR},
        ["Mode peak: 01:00-04:00 UTC."],
    )


def test_a_cheap_window_past_midnight_is_off_peak() -> None:
    assert by_time_of_day(DEAR, [Window(*NIGHT, CHEAP)]) == (
        DEAR,
        {"off_peak": CHEAP},
        ["Mode off_peak: 22:00-06:00 UTC."],
    )


def test_a_window_of_most_of_the_day_is_standard() -> None:
    assert by_time_of_day(CHEAP, [Window(*MOST, DEAR)]) == (
        DEAR,
        {"off_peak": CHEAP},
        ["Mode off_peak: outside 00:30-16:30 UTC."],
    )


def test_more_than_two_prices_a_day_are_refused() -> None:
    with pytest.raises(NotExpressibleError, match="more than two prices"):
        by_time_of_day(CHEAP, [Window(*MORNING, DEAR), Window(*NIGHT, DEARER)])


def test_without_windows_nothing_happens() -> None:
    assert by_time_of_day(CHEAP, []) == (CHEAP, {}, [])
