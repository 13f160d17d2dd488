"""Calls of models with prices by the hour: each at the price of its own local time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.api.call_log import frame_log
from routecost.api.logs.calibrate import calibrate
from routecost.api.logs.replay import ReplayOptions, replay
from routecost.api.logs.source import LogSource
from routecost.api.logs.usage import log_usage
from routecost.api.scenarios import load_pricing, load_scenario
from routecost.engine.logs.changes import type_changes
from routecost.engine.logs.pricing import CellPricer
from routecost.engine.logs.usage import priced
from routecost.errors import UsageError
from routecost.model.logs.cells import Bounds
from routecost.model.pricing.hours import EVERY_DAY, MINUTES_PER_DAY, Hours
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, RateCard
from routecost.model.results.logs.changes import Cause
from tests.api.logs.logged_calls import at, written_log
from tests.examples import FEWER_EXAMPLES
from tests.support.build import sheet

ZONES = (
    "UTC",
    "+05:45",
    "-03:30",
    "Asia/Kolkata",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
)
"""Daylight saving time ends in most of these in autumn; at half past, and by half an hour, on Lord Howe."""

FROM = datetime(2026, 9, 28, tzinfo=UTC)
SPAN = 40 * MINUTES_PER_DAY

SHEET = """version: 1
currency: USD
source: invented
tiers: {small: little, large: big}
models:
  little:
    - input: 1
      output: 5
      checked: 2026-11-22
      modes: {off_peak: {input: 0.5, output: 2.5, hours: HOURS}}
  big: [{input: 10, output: 50, checked: 2026-11-22}]
"""
NIGHT = '{from: "22:30", to: "06:00", time_zone: Europe/Berlin}'
WEEKEND = '{from: "00:00", to: "24:00", time_zone: Asia/Tokyo, days: weekend}'
BOTH = f"[{NIGHT}, {WEEKEND.replace('00:00', '15:00')}]"


def is_in(hours: Hours, moment: datetime) -> bool:
    """Whether a moment is in hours, by the clock of their zone."""
    offset = hours.time_zone[0] in "+-"
    local = moment.astimezone(
        datetime.strptime(hours.time_zone, "%z").tzinfo if offset else ZoneInfo(hours.time_zone)
    )
    minute = local.hour * 60 + local.minute
    length = (hours.end - hours.start) % MINUTES_PER_DAY or MINUTES_PER_DAY
    return (minute - hours.start) % MINUTES_PER_DAY < length and (
        local.weekday() - (minute < hours.start)
    ) % 7 in hours.days


def by_hour(*hours: tuple[Hours, ...], model: str = "low") -> PricingSheet:
    """A sheet with a model whose price depends on the hour: 1, 0.5 in the first hours, and 0.25 in others."""
    rates = {f"mode-{number}": {"input": Decimal(1) / 2**number} for number in range(1, len(hours) + 1)}
    timed = {f"mode-{number}": times for number, times in enumerate(hours, start=1)}
    return sheet(**{model: PriceEntry(RateCard({"input": Decimal(1)}, rates), hours=timed)})


def calls(minutes: Iterable[int | None], **columns: str) -> Any:
    """A frame of calls with a million tokens of input each, at these minutes."""
    start = int(FROM.timestamp()) * 1_000_000
    times = ", ".join("(NULL)" if one is None else f"({start + one * 60_000_000})" for one in minutes)
    extra = "".join(f", {value} AS {name}" for name, value in columns.items())
    query = f"SELECT 'model-low' AS model, col0::BIGINT AS time, 1000000::BIGINT AS input{extra}"
    return duckdb.sql(f"{query} FROM (VALUES {times})")


time_of_day = st.integers(0, MINUTES_PER_DAY // 15 - 1).map(lambda quarter: quarter * 15)
some_hours = st.builds(
    Hours,
    time_of_day,
    time_of_day,
    st.sampled_from(ZONES),
    st.just(EVERY_DAY) | st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
).filter(lambda hours: hours.start != hours.end)


@FEWER_EXAMPLES
@given(some_hours, some_hours, st.lists(st.integers(0, SPAN), min_size=2, max_size=40))
def test_each_call_has_the_price_of_its_local_hour(first: Hours, second: Hours, minutes: list[int]) -> None:
    pricer = CellPricer(by_hour((first,), (second,)))
    cells = frame_log(calls(minutes)).cells([], [pricer.sheet])
    moments = [FROM + timedelta(minutes=minute) for minute in minutes]
    rates = [0.5 if is_in(first, one) else 0.25 if is_in(second, one) else 1 for one in moments]
    costs = [pricer.cost(cell) for cell in cells]
    if all(minute % MINUTES_PER_DAY == 0 for minute in (min(minutes), max(minutes))):
        return  # a log of days
    assert all(cost.is_exact for cost in costs)
    assert sum(cost.low for cost in costs) == Decimal(sum(rates))
    assert len(cells) == len({(is_in(first, one), is_in(second, one)) for one in moments})


def test_hours_begin_and_end_at_their_minute_where_clocks_change() -> None:
    hours = Hours(60, 150, "Australia/Lord_Howe")  # clocks go from 2:00 to 2:30 on 2026-10-04
    pricer = CellPricer(by_hour((hours,)))
    start = int((datetime(2026, 10, 3, 12, tzinfo=UTC) - FROM).total_seconds()) // 60
    minutes = range(start, start + 6 * 60, 5)
    for cell in frame_log(calls(minutes, session="col0::VARCHAR")).cells(["session"], [pricer.sheet]):
        moment = datetime.fromtimestamp(int(cell.keys["session"] or 0) / 1_000_000, UTC)
        assert pricer.cost(cell).low == (Decimal("0.5") if is_in(hours, moment) else 1)


@pytest.mark.parametrize(
    ("minutes", "columns"),
    [
        ([61, None], {}),
        ([61, 62], {"calls": "2::BIGINT"}),
        ([61], {"is_sum": "true"}),
        ([0, MINUTES_PER_DAY], {}),
    ],
    ids=["no time", "several calls", "a sum", "days"],
)
def test_calls_without_an_hour_keep_the_range(minutes: list[int | None], columns: dict[str, str]) -> None:
    pricer = CellPricer(by_hour((Hours(0, 120, "UTC"),)))
    cells = frame_log(calls(minutes, **columns)).cells([], [pricer.sheet])
    unknown = [cell for cell in cells if cell.hours is None]
    assert sum(cell.calls for cell in unknown) == len(minutes) * (2 if "calls" in columns else 1) - (
        None in minutes
    )
    for cell in unknown:
        tokens = sum(cell.units.values()) // 1_000_000
        assert pricer.cost(cell) == Bounds(Decimal(tokens) / 2, Decimal(tokens))


def test_a_shift_to_other_hours_is_a_change_of_the_mix() -> None:
    pricer = CellPricer(by_hour((Hours(0, 120, "UTC"),)))
    before, after = (
        priced(frame_log(calls(minutes)).cells(["task_type"], [pricer.sheet]), pricer)
        for minutes in ([600, 601], [600, 30])
    )
    total, _ = type_changes(before, after, pricer)
    assert total.parts[Cause.MODELS] == Decimal("-0.5")
    assert total.parts[Cause.PRICE] == 0


def logged(folder: Path, hours: str = NIGHT) -> tuple[LogSource, Path, Decimal]:
    """Two weeks of calls, three at night and four by day, a sheet, and what the calls cost on ``little``."""
    file = folder / "by-hour.yaml"
    file.write_text(SHEET.replace("HOURS", hours), encoding="utf-8")
    every = load_pricing(file).models["little"][0].hours["off_peak"]
    rows, cost = [], Decimal(0)
    for day in range(14):
        for second in (600, 14_000, 17_000, 30_000, 41_000, 50_000, 72_000)[: 3 if day % 7 == 6 else 7]:
            time = at(day, second)
            is_cheap = any(is_in(one, datetime.fromisoformat(time)) for one in every)
            rows.append({"time": time, "model": "little", "task_type": "t", "input": 8000, "output": 300})
            cost += Decimal(8000 + 5 * 300) / 10**6 / (2 if is_cheap else 1)
    return written_log(folder, rows), file, cost


@pytest.mark.parametrize(
    "hours",
    [
        pytest.param(NIGHT, id="night", marks=pytest.mark.slow),
        pytest.param(WEEKEND, id="weekend", marks=pytest.mark.slow),
        pytest.param(BOTH, id="both"),
    ],
)
def test_calls_are_priced_and_calibrated_by_the_hour(tmp_path: Path, hours: str) -> None:
    source, file, cost = logged(tmp_path, hours)
    assert log_usage(source, pricing=file).total.cost == Bounds(cost, cost)
    found = calibrate(source, pricing=file, output=tmp_path / "fleet.yaml")
    (tmp_path / "fleet.yaml").write_text(found.scenario_text, encoding="utf-8")
    assert found.total.logged == Bounds(cost, cost)
    strategies = routecost.compare(load_scenario(tmp_path / "fleet.yaml"))
    assert float(strategies["as-logged"].cost_per_day) * 14 == pytest.approx(float(cost), rel=0.005)
    assert float(strategies["all-large"].cost_per_day) * 14 == pytest.approx(found.total.calls * 0.095)
    assert "prices depend on them" in " ".join(found.statements)


@pytest.mark.parametrize("by_session", [False, True])
def test_replays_pay_the_prices_of_the_hours(tmp_path: Path, *, by_session: bool) -> None:
    source, file, cost = logged(tmp_path)
    table = tmp_path / "table.yaml"
    for tier, expected in (("small", cost), ("large", Decimal("0.095") * 90)):
        table.write_text(
            f"version: 1\ntaxonomy: agent-fleet\nroutes: [{{task: extraction, tier: {tier}}}]\n",
            encoding="utf-8",
        )
        options = ReplayOptions(default_tier=tier, by_session=by_session)
        found = replay(source, tables=[table], pricing=[file], options=options)
        assert found.tables[0].stages.cost == Bounds(expected, expected)


def test_ordered_calls_have_their_hours() -> None:
    pricer = CellPricer(by_hour((Hours(0, 120, "UTC"),)))
    log = frame_log(calls([30, 600], session="'s'"))
    assert [one.hours for one in log.in_order([pricer.sheet])] == [
        frozenset({Hours(0, 120, "UTC")}),
        frozenset(),
    ]


def test_calibration_needs_the_hours_of_calls(tmp_path: Path) -> None:
    _, file, _ = logged(tmp_path)
    rows = [{"time": at(day), "model": "little", "input": 8000, "output": 300} for day in range(3)]
    with pytest.raises(UsageError, match='"by-hour" has prices by the hour, and the hours of 3 calls are'):
        calibrate(written_log(tmp_path, rows), pricing=file)


def test_logged_modes_are_kept_by_calibration(tmp_path: Path) -> None:
    _, file, _ = logged(tmp_path)
    rows = [
        {"time": at(0, number), "model": "little", "input": 8000, "output": 300, "mode": mode}
        for number, mode in enumerate(["off_peak"] * 2 + ["standard"] * 6, start=40_000)
    ]
    found = calibrate(written_log(tmp_path, rows), pricing=file, output=tmp_path / "fleet.yaml")
    assert "off_peak" in found.scenario_text
    assert found.total.fits(Decimal("0.001"))
