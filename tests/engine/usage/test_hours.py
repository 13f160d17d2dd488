"""Shares of modes that follow from their hours and the arrivals of calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.usage.hours import offset_differences, shares_of, shifted
from routecost.engine.usage.task_flow import Assistant
from routecost.engine.usage.timetable import Timetable
from routecost.errors import UnpricedError
from routecost.model.pricing.hours import EVERY_DAY, MINUTES_PER_DAY, MINUTES_PER_WEEK, Hours
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.arrivals import Arrivals
from tests.support.build import cost, entry, mtok, rates, sheet, task, tokens, workload

FLAT = Arrivals("UTC", (((0, MINUTES_PER_WEEK), Decimal(1)),))
CHINA = Hours(30, 8 * 60 + 30, "Asia/Shanghai")
YEAR = 2026


def on_days(start: int, end: int, zone: str, days: tuple[int, ...] = EVERY_DAY) -> Arrivals:
    """Return even arrivals from hour to hour."""
    spans = (((day * 24 + start) * 60, (day * 24 + end) * 60) for day in days)
    return Arrivals(zone, tuple((span, Decimal(1)) for span in spans))


def off_peak(arrivals: Arrivals, *hours: Hours) -> Decimal:
    shares = shares_of(arrivals, {"off": hours}, YEAR)
    assert abs(sum(shares.values(), Decimal(-1))) < Decimal("1e-25")
    assert all(share >= 0 for share in shares.values())
    return shares["off"]


def test_even_arrivals_have_the_share_of_the_day() -> None:
    assert off_peak(FLAT, CHINA) == Decimal(1) / 3


def test_hours_over_midnight_on_one_day_of_the_week() -> None:
    night = Hours(22 * 60, 6 * 60, "UTC", (6,))  # Sunday 22:00 to Monday 6:00
    assert off_peak(FLAT, night) == Decimal(8) / (7 * 24)
    assert off_peak(on_days(0, 24, "UTC", (0,)), night) == Decimal(6) / 24
    assert off_peak(on_days(0, 24, "UTC", (1,)), night) == 0


def test_fixed_offsets_move_the_hours() -> None:
    # 00:30 to 08:30 at +08:00 is 16:30 to 00:30 UTC; of 9:00 to 17:00 that is half an hour
    assert off_peak(on_days(9, 17, "UTC"), replace(CHINA, time_zone="+08:00")) == Decimal("0.5") / 8
    assert off_peak(on_days(9, 17, "-02:30"), replace(CHINA, time_zone="+08:00")) == Decimal(3) / 8


def test_daylight_saving_time_counts_by_the_days_of_the_year() -> None:
    # Berlin is 7 hours behind Shanghai on 155 days of 2026, 6 hours on 210; of 9:00 to 19:00,
    # 17:30 to 19:00 or 18:30 to 19:00 are off-peak.
    share = (155 * Decimal("1.5") + 210 * Decimal("0.5")) / 365 / 10
    assert abs(off_peak(on_days(9, 19, "Europe/Berlin"), CHINA) - share) < Decimal("1e-20")


def test_modes_that_cover_the_day_leave_no_standard_calls() -> None:
    halves = {"day": (Hours(360, 1080, "UTC"),), "night": (Hours(1080, 360, "UTC"),)}
    arrivals = Arrivals("UTC", (((0, 700), Decimal("0.7")), ((800, 5000), Decimal("0.1"))))
    assert shares_of(arrivals, halves, YEAR).keys() == {"day", "night"}


ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "+05:45")


@given(
    arriving=st.sampled_from(ZONES),
    priced=st.sampled_from(ZONES),
    times=st.tuples(st.integers(0, 95), st.integers(0, 95)).filter(lambda ends: ends[0] != ends[1]),
    working=st.tuples(st.integers(0, 12), st.integers(13, 24)),
)
def test_shares_are_those_of_a_clock(
    arriving: str, priced: str, times: tuple[int, int], working: tuple[int, int]
) -> None:
    """Count the hours of a year one by one, with the clocks of both places."""
    hours = Hours(times[0] * 15, times[1] * 15, priced)
    share = off_peak(on_days(*working, arriving), hours)
    counted = within = 0
    ahead, behind = (clock(zone) for zone in (arriving, priced))
    for quarter in range(2, 365 * 96, 7):
        moment = datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarter + 7)
        here, there = minute(moment, ahead), minute(moment, behind)
        if working[0] * 60 <= here < working[1] * 60:
            counted += 1
            within += (there - hours.start) % MINUTES_PER_DAY < (hours.end - hours.start) % MINUTES_PER_DAY
    # a step of seven quarters of an hour visits every quarter of the day, and all ends are at quarters
    assert abs(float(share) - within / counted) < 0.01


def clock(zone: str) -> ZoneInfo | timedelta:
    return timedelta(hours=5, minutes=45) if zone[0] == "+" else ZoneInfo(zone)


def minute(moment: datetime, place: ZoneInfo | timedelta) -> int:
    local = moment + place if isinstance(place, timedelta) else moment.astimezone(place)
    return local.hour * 60 + local.minute


def overlaps(*hours: Hours) -> bool:
    timetable = Timetable((part.time_zone for part in hours), YEAR)
    return any(timetable.take(part) is not None for part in hours)


def test_overlaps_are_found_in_any_season() -> None:
    london = Hours(22 * 60, 6 * 60, "Europe/London")
    assert overlaps(london, Hours(21 * 60, 21 * 60 + 30, "UTC"))  # in summer
    assert overlaps(london, Hours(5 * 60 + 30, 7 * 60, "UTC"))  # in winter
    assert not overlaps(london, Hours(6 * 60, 21 * 60, "UTC"))
    assert not overlaps(Hours(0, 1440, "UTC", (0,)), Hours(0, 1440, "UTC", (1, 6)))


SOME_HOURS = st.builds(
    Hours,
    st.integers(0, 23).map(lambda hour: hour * 60),
    st.integers(1, 24).map(lambda hour: hour * 60),
    st.sampled_from(["UTC", "Europe/London", "America/New_York", "+05:00"]),
    st.sets(st.sampled_from(EVERY_DAY), min_size=1, max_size=3).map(lambda days: tuple(sorted(days))),
).filter(lambda hours: hours.start != hours.end % MINUTES_PER_DAY or not hours.start)


@given(st.lists(SOME_HOURS, max_size=8))
def test_a_timetable_finds_what_a_comparison_of_all_pairs_finds(hours: list[Hours]) -> None:
    timetable = Timetable((part.time_zone for part in hours), YEAR)
    taken: list[Hours] = []
    for part in hours:
        shared = [other for other in taken if share_a_minute(part, other)]
        found = timetable.take(part)
        assert found in shared if shared else found is None
        taken += [] if shared else [part]


def share_a_minute(one: Hours, other: Hours) -> bool:
    minutes = [minute for start, end in shifted(one.spans, 0) for minute in range(start, end, 60)]
    return any(
        start <= minute < end
        for shift in offset_differences(one.time_zone, other.time_zone, YEAR)
        for start, end in shifted(other.spans, shift)
        for minute in minutes
    )


TIMED = replace(
    entry(input=1, output=5),
    card=replace(entry(input=1, output=5).card, modes={"off": rates(input="0.5", output="2.5")}),
    hours={"off": (replace(CHINA, time_zone="UTC"),)},
)
ON = sheet(low=TIMED, high=entry(input=10, output=50))
STANDARD_CALL = mtok(1, 1_000) + mtok(5, 200)


def test_the_bill_has_the_hours() -> None:
    one = task(100, tokens(1_000, 200), arrivals=FLAT)
    assert abs(cost("low", workload(one), ON) - 100 * STANDARD_CALL * Decimal(5) / 6) < Decimal("1e-25")


def test_calls_of_judges_have_the_hours_of_their_task() -> None:
    judged = Cascade(
        ("low", "high"), {"low": Decimal(1)}, judge=Assistant("judge", "low", tokens(1_000, 200))
    )
    one = task(100, tokens(1_000, 200), arrivals=FLAT)
    assert abs(cost(judged, workload(one), ON) - 2 * cost("low", workload(one), ON)) < Decimal("1e-25")
    stated = replace(one, arrivals=None, modes={"off": Decimal("0.5")})
    assert cost(judged, workload(stated), ON) == 2 * 100 * STANDARD_CALL * Decimal("0.75")


def test_hours_split_the_calls_that_are_standard() -> None:
    batched = replace(
        TIMED, card=replace(TIMED.card, modes={**TIMED.card.modes, "batch": rates(input=0, output=0)})
    )
    one = task(100, tokens(1_000, 200), arrivals=FLAT, batch_share=Decimal("0.4"))
    expected = 60 * STANDARD_CALL * (1 - Decimal(1) / 6)
    assert abs(cost("low", workload(one), sheet(low=batched)) - expected) < Decimal("1e-40")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({}, 'expected "arrivals" for "tasks", or the share of the mode in its "modes"'),
        ({"arrivals": FLAT, "modes": {"off": Decimal("0.5")}}, 'is stated, and follows from "arrivals"'),
    ],
)
def test_the_share_must_be_known_once(more: dict[str, Any], message: str) -> None:
    with pytest.raises(UnpricedError, match=message):
        cost("low", workload(task(100, tokens(1_000, 200), **more)), ON)
    cost("high", workload(task(100, tokens(1_000, 200))), ON)  # its model has no hours


def priced_on(sheet_: PricingSheet, year: int) -> Decimal:
    berlin = on_days(9, 19, "Europe/Berlin")
    return cost("low", workload(task(100, tokens(1_000, 200), arrivals=berlin)), sheet_, date(year, 7, 1))


def test_the_year_is_that_of_the_prices() -> None:
    shanghai = sheet(low=replace(TIMED, hours={"off": (CHINA,)}))
    assert priced_on(shanghai, 2026) == priced_on(shanghai, 2025) != priced_on(shanghai, 2024)


def test_a_task_plan_without_hours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(
        """version: 1
currency: USD
source: invented
tiers: {small: a}
models:
  a: [{input: 1, output: 1, modes: {off: {input: 1, hours: {from: "1:00", to: "2:00", time_zone: UTC}}}}]
"""
    )
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        """version: 1
title: one step
pricing: ./sheet.yaml
tokens: {input: 2000, output: 500}
steps: [{do: a thing, tier: small}]
"""
    )
    with pytest.raises(UnpricedError, match="the hours of the calls are unknown"):
        routecost.plan(plan)
