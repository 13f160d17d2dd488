"""Minutes of a week, as sources state them, and the hours that have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.ingest.prices.sources.week import (
    WHOLE_WEEK,
    ConditionError,
    days_of,
    fixed_offset,
    hours_of_week,
    week_minutes,
)
from routecost.model.pricing.hours import EVERY_DAY, MINUTES_PER_WEEK

MINUTE = st.integers(0, 1440)
DAYS = st.sets(st.sampled_from(EVERY_DAY), min_size=1)


@given(st.lists(st.tuples(MINUTE, MINUTE, DAYS), max_size=4))
def test_hours_have_just_the_minutes_given(windows: list[tuple[int, int, set[int]]]) -> None:
    minutes = 0
    for start, end, days in windows:
        minutes |= week_minutes(start, end, days)
    spans = [span for hours in hours_of_week(minutes) for span in hours.spans]
    within = [minute % MINUTES_PER_WEEK for span in spans for minute in range(*span)]
    assert len(within) == len({*within}), "no minute twice"
    assert sum(1 << minute for minute in within) == minutes


@given(MINUTE, MINUTE, DAYS, st.integers(-720, 840))
def test_the_day_is_that_of_the_time_zone(start: int, end: int, days: set[int], offset: int) -> None:
    length = (end - start) % 1440 or 1440
    expected = {
        at
        for at in range(MINUTES_PER_WEEK)
        if (at - start) % 1440 < length and (at + offset) % MINUTES_PER_WEEK // 1440 in days
    }
    assert week_minutes(start, end, days, offset) == sum(1 << at for at in expected)


def test_the_same_time_is_a_whole_day() -> None:
    assert week_minutes(600, 600, EVERY_DAY) == WHOLE_WEEK
    assert [str(hours) for hours in hours_of_week(WHOLE_WEEK)] == ["00:00-24:00 UTC"]
    assert hours_of_week(0) == ()


def test_days_and_zones_are_read_or_refused() -> None:
    assert days_of(None) == EVERY_DAY
    assert days_of(["Mon", "sunday", 3], first=1) == (0, 2, 6)
    assert (fixed_offset("Asia/Shanghai"), fixed_offset("Europe/Berlin")) == (480, None)
    for names in (["noday"], [8], [], ["9" * 5_000]):
        with pytest.raises(ConditionError):
            days_of(names, first=1)
