"""Plans: laws that hold of every schedule, and cases that can be followed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.projection.project import price_schedule, project
from routecost.engine.projection.schedule import schedule
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import DocumentError, UsageError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, TierModel
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import GrowthStep, Horizon
from routecost.model.scenario.month_plan import NO_PLAN, DayCount, Launch, Phase, Plan, WorkStep
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.problems import Finding, Position
from routecost.units import exact
from tests.support.build import card, entry, mix, scenario, sheet, task, tokens, workload
from tests.support.strategies import mixes, points, sheets, workloads

FIRST = date(2026, 2, 1)
YEAR = Horizon(FIRST, 12)
STRATEGIES: dict[str, Strategy | str] = {
    "all-low": "low",
    "all-high": "high",
    "mixed": mix(low="0.5", high="0.5"),
}
WORK = workload(task(1, tokens(1_000_000, 0), "one"), task(2, tokens(1_000_000, 0), "two"))
PLAIN = sheet(low=entry(input=1), high=entry(input=3))
CLOSE = Decimal("1e-45")

days = st.dates(FIRST, date(2027, 1, 31))
factors = st.decimals(0, 3, places=2)
growths = st.decimals(-1, 1, places=3)
horizons = st.builds(Horizon, st.just(FIRST), st.integers(1, 14), growths)
seasons = st.dictionaries(st.integers(1, 12), st.decimals("0.01", 3, places=2))
counts = st.sampled_from(DayCount)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw plans of all kinds of parts."""
    dates = sorted(draw(st.lists(days, max_size=3, unique=True)))
    names = st.sampled_from([None, ("one",), ("two",), ("one", "two")])
    steps = tuple(WorkStep(day, draw(factors), draw(names)) for day in dates)
    again = st.builds(Launch, st.just("again"), days, st.just(WORK), share=factors)
    return Plan(
        steps=steps,
        launches=tuple(draw(st.lists(again, max_size=2))),
        seasons=draw(seasons),
        days=draw(counts),
        migrations={"moved": (Phase("all-low"), Phase("mixed", draw(days)))},
    )


def dated(*starts_and_rates: tuple[date | None, str]) -> PricingSheet:
    """Return a sheet whose one model changes its input rate."""
    entries = tuple(PriceEntry(card(input=rate), start) for start, rate in starts_and_rates)
    return PricingSheet("dated", "USD", "a test", {"low": (TierModel("m"),)}, {"m": entries})


def planned(
    plan: Plan | None,
    horizon: Horizon = YEAR,
    strategies: Mapping[str, Strategy | str] = STRATEGIES,
    work: Workload = WORK,
    on: PricingSheet = PLAIN,
    **more: Any,
) -> Projection:
    return project(scenario(strategies, work, on, plan=plan, **more), horizon)


def costs(projection: Projection, strategy: str = "all-low") -> list[Decimal]:
    return [month.cost for month in projection[strategy].months]


@given(mixes(), workloads(points()), sheets(), horizons)
def test_a_plan_that_says_nothing_changes_nothing(
    mixed: Mix, work: Workload, on: PricingSheet, horizon: Horizon
) -> None:
    bare, empty = (planned(plan, horizon, {"mixed": mixed}, work, on) for plan in (None, NO_PLAN))
    assert bare.strategies == empty.strategies


@given(plans(), horizons)
@exact
def test_cumulative_is_the_running_sum(plan: Plan, horizon: Horizon) -> None:
    for spend in planned(plan, horizon).strategies:
        so_far = Decimal(0)
        for month in spend.months:
            so_far += month.cost
            assert month.cumulative == so_far


@given(plans(), horizons)
@exact
def test_a_month_is_the_weighted_sum_of_its_parts(plan: Plan, horizon: Horizon) -> None:
    fleet = scenario(STRATEGIES, WORK, PLAIN, plan=plan)
    course = schedule(fleet, horizon)
    priced = price_schedule(fleet, course, horizon)
    projection = project(fleet, horizon)
    for row, months in course.rows.items():
        for month, cost in zip(months, costs(projection, row), strict=True):
            daily = [priced[part.work, part.since][part.strategy][1].total for part in month.parts]
            total = sum((w * c for w, c in zip(month.weights(), daily, strict=True)), Decimal(0))
            assert abs(total - cost) < CLOSE


@given(plans(), horizons)
def test_each_strategy_is_one_with_a_migration_to_it_on_the_first_day(plan: Plan, horizon: Horizon) -> None:
    turns = replace(plan, migrations={"turned": (Phase("all-low"), Phase("mixed", FIRST))})
    projection = planned(turns, horizon)
    assert costs(projection, "turned") == costs(projection, "mixed")


@given(plans(), horizons)
def test_a_migration_after_the_last_day_is_none(plan: Plan, horizon: Horizon) -> None:
    turns = replace(plan, migrations={"turned": (Phase("all-low"), Phase("mixed", date(2028, 1, 1)))})
    projection = planned(turns, horizon)
    assert costs(projection, "turned") == costs(projection, "all-low")


@given(plans(), days)
@exact
def test_what_a_migration_costs_is_split_by_its_day(plan: Plan, day: date) -> None:
    """Before the day as the one, from the day on as the other: the two halves make up the whole."""
    halves = {
        "before": (Phase("all-low"), Phase("nothing", day)),
        "after": (Phase("nothing"), Phase("mixed", day)),
        "turned": (Phase("all-low"), Phase("mixed", day)),
    }
    strategies = {**STRATEGIES, "nothing": "free"}
    on = sheet(low=entry(input=1), high=entry(input=3), free=entry(input=0))
    projection = planned(replace(plan, migrations=halves), strategies=strategies, on=on)
    for before, after, turned in zip(*(costs(projection, name) for name in halves), strict=True):
        assert abs(before + after - turned) < CLOSE


@given(plans(), horizons)
@exact
def test_the_same_fleet_launched_on_the_first_day_doubles_all(plan: Plan, horizon: Horizon) -> None:
    alone = replace(plan, steps=(), launches=())
    again = replace(alone, launches=(Launch("again", FIRST, WORK, share=Decimal(1)),))
    one, two = planned(alone, horizon), planned(again, horizon)
    for spend in one.strategies:
        assert costs(two, spend.strategy) == [2 * month.cost for month in spend.months]


@given(plans(), horizons, st.lists(days, unique=True, max_size=4))
@exact
def test_cutting_a_month_where_nothing_changes_changes_nothing(
    plan: Plan, horizon: Horizon, cuts: list[date]
) -> None:
    still = {"still": (Phase("mixed"), *(Phase("mixed", day) for day in sorted(cuts)))}
    projection = planned(replace(plan, migrations=still), horizon)
    for whole, cut in zip(costs(projection, "mixed"), costs(projection, "still"), strict=True):
        assert abs(whole - cut) < CLOSE


@given(plans(), horizons, st.permutations(list(STRATEGIES)))
def test_the_order_of_strategies_changes_nothing(plan: Plan, horizon: Horizon, order: list[str]) -> None:
    projection = planned(plan, horizon)
    turned = planned(plan, horizon, {name: STRATEGIES[name] for name in order})
    assert all(projection[name] == turned[name] for name in (*order, "moved"))


@given(st.integers(1900, 2100), st.booleans())
def test_calendar_months_make_up_the_year(year: int, is_pinned: bool) -> None:
    start = date(year, 1, 1)
    horizon = Horizon(start, 12, pinned=start if is_pinned else None)
    projection = planned(Plan(days=DayCount.CALENDAR), horizon)
    length = (date(year + 1, 1, 1) - start).days
    assert projection["all-low"].total == 3 * length
    assert sum(projection.tasks) == 3 * length


@given(st.integers(1950, 2100), st.lists(st.dates(date(1950, 1, 1), date(2100, 12, 31)), max_size=5))
def test_working_days_are_all_but_weekends_and_holidays(year: int, holidays: list[date]) -> None:
    start = date(year, 1, 1)
    every = [start + timedelta(at) for at in range((date(year + 1, 1, 1) - start).days)]
    working = [day for day in every if day.strftime("%a") not in ("Sat", "Sun") and day not in holidays]
    projection = planned(Plan(days=DayCount.WORKING, holidays=frozenset(holidays)), Horizon(start, 12))
    assert projection["all-low"].total == 3 * len(working)


@given(plans(), horizons, st.decimals("0.1", 5, places=1))
@exact
def test_only_the_ratios_of_seasons_count(plan: Plan, horizon: Horizon, by: Decimal) -> None:
    whole = {month: plan.seasons.get(month, Decimal(1)) for month in range(1, 13)}
    scaled = {month: factor * by for month, factor in whole.items()}
    one, other = (planned(replace(plan, seasons=each), horizon) for each in (whole, scaled))
    for before, after in zip(costs(one, "mixed"), costs(other, "mixed"), strict=True):
        assert abs(before - after) < CLOSE


def test_the_first_month_is_the_scenario_as_it_stands_whatever_its_season() -> None:
    spends = costs(planned(Plan(seasons={2: Decimal("0.8"), 3: Decimal("1.2")}), Horizon(FIRST, 3)))
    assert spends == [90, 135, Decimal("112.5")]


def test_a_first_month_without_work_cannot_be_held_against() -> None:
    with pytest.raises(UsageError, match=r"no work in 2026-02 by its season"):
        planned(Plan(seasons={2: Decimal(0)}))
    assert costs(planned(Plan(seasons={3: Decimal(0)}), Horizon(FIRST, 3))) == [90, 0, 90]


def test_growth_takes_another_rate_from_a_month_on() -> None:
    steps = (GrowthStep(Decimal("0.1")), GrowthStep(Decimal("0.5"), date(2026, 4, 1)))
    spends = costs(planned(None, Horizon(FIRST, 4, steps=steps)))
    assert spends == [90, 99, Decimal("148.5"), Decimal("222.75")]


def test_growth_may_begin_later() -> None:
    steps = (GrowthStep(Decimal(1), date(2026, 4, 1)),)
    assert costs(planned(None, Horizon(FIRST, 4, steps=steps))) == [90, 90, 180, 360]


def test_a_step_counts_from_its_day_and_until_the_next() -> None:
    steps = (WorkStep(date(2026, 4, 16), Decimal(2)), WorkStep(date(2026, 6, 1), Decimal("1.5")))
    assert costs(planned(Plan(steps=steps), Horizon(FIRST, 5))) == [90, 90, 135, 180, 135]


def test_a_step_may_concern_some_task_types() -> None:
    steps = (
        WorkStep(date(2026, 3, 1), Decimal(2)),
        WorkStep(date(2026, 4, 1), Decimal(0), ("two",)),
        WorkStep(date(2026, 5, 1), Decimal(3)),
    )
    assert costs(planned(Plan(steps=steps), Horizon(FIRST, 4))) == [90, 180, 60, 270]


def test_a_fleet_is_launched_within_a_month_and_grows_from_its_next() -> None:
    other = workload(task(5, tokens(1_000_000, 0), "other"))
    plan = Plan(launches=(Launch("new", date(2026, 4, 16), other),))
    projection = planned(plan, Horizon(FIRST, 5, Decimal(1)))
    assert costs(projection) == [90, 180, 360 + 75, 720 + 300, 1440 + 600]
    assert list(projection.tasks) == costs(projection)


def test_a_fleet_may_grow_at_a_rate_of_its_own() -> None:
    other = workload(task(5, tokens(1_000_000, 0), "other"))
    own = (GrowthStep(Decimal("0.5")),)
    plan = Plan(launches=(Launch("new", date(2026, 3, 1), other, own),))
    assert costs(planned(plan, Horizon(FIRST, 3, Decimal(1)))) == [90, 180 + 150, 360 + 225]


def test_the_season_of_a_launch_is_held_against_its_first_month() -> None:
    other = workload(task(1, tokens(1_000_000, 0), "other"))
    seasons = {3: Decimal(2), 4: Decimal(3)}
    plan = Plan(launches=(Launch("new", date(2026, 3, 1), other),), seasons=seasons)
    assert costs(planned(plan, Horizon(FIRST, 3))) == [90, 180 + 30, 270 + 45]


def test_steps_leave_launched_work_alone_unless_they_name_it() -> None:
    other = workload(task(1, tokens(1_000_000, 0), "other"))
    launches = (Launch("new", FIRST, other), Launch("again", FIRST, WORK, share=Decimal("0.1")))
    every = WorkStep(date(2026, 3, 1), Decimal(2))
    named = WorkStep(date(2026, 4, 1), Decimal(10), ("other",))
    spends = costs(planned(Plan(steps=(every, named), launches=launches), Horizon(FIRST, 3)))
    assert spends == [90 + 30 + 9, 180 + 30 + 9, 180 + 300 + 9]


def test_a_launch_after_the_last_month_is_none() -> None:
    plan = Plan(launches=(Launch("new", date(2027, 2, 1), WORK),))
    assert costs(planned(plan)) == costs(planned(None))


def test_prices_work_and_strategy_may_change_in_one_month() -> None:
    on = replace(
        dated((None, "1"), (date(2026, 4, 11), "2")),
        tiers={"low": (TierModel("m"),), "high": (TierModel("n"),)},
    )
    on = replace(on, models={**on.models, "n": (entry(input=10),)})
    plan = Plan(
        steps=(WorkStep(date(2026, 4, 21), Decimal(3)),),
        migrations={"moved": (Phase("all-low"), Phase("all-high", date(2026, 4, 26)))},
    )
    projection = planned(plan, Horizon(FIRST, 3), {"all-low": "low", "all-high": "high"}, on=on)
    assert costs(projection)[2] == 10 * 3 + 10 * 6 + 10 * 18
    assert costs(projection, "moved")[2] == 10 * 3 + 10 * 6 + 5 * 18 + 5 * 90
    (change,) = projection.changes
    assert change.strategies == ("all-low", "moved")


def test_a_migration_does_not_feel_prices_that_change_when_it_has_left() -> None:
    on = sheet(low=entry(input=1), high=entry(input=3))
    low = (entry(input=1), entry(input=2, start=date(2026, 5, 1)))
    on = replace(on, models={**on.models, "model-low": low})
    gone = {"gone": (Phase("all-low"), Phase("all-high", date(2026, 4, 1)))}
    (change,) = planned(
        Plan(migrations=gone), on=on, strategies={"all-low": "low", "all-high": "high"}
    ).changes
    assert change.strategies == ("all-low",)


def test_a_router_confuses_the_work_of_its_own_fleet_only() -> None:
    """Launched work is routed apart; steps for one type leave the mistakes with it in place."""
    tiers = {name: UniformTier(tier) for name, tier in (("one", "low"), ("two", "high"), ("other", "high"))}
    routed = Assigned(tiers, error=Decimal("0.5"))
    alone = planned(None, Horizon(FIRST, 2), {"routed": routed})
    assert costs(alone, "routed") == [30 * (Decimal("0.5") + Decimal("1.5") + 3 + 1)] * 2
    other = workload(task(1, tokens(1_000_000, 0), "other"))
    plan = Plan(steps=(WorkStep(FIRST, Decimal(1), ("one",)),), launches=(Launch("new", FIRST, other),))
    projection = planned(plan, Horizon(FIRST, 2), {"routed": routed})
    assert costs(projection, "routed") == [cost + 90 for cost in costs(alone, "routed")]


def test_work_that_ends_needs_no_price_any_more() -> None:
    ended = PriceEntry(card(input=1), until=date(2026, 3, 31))
    on = PricingSheet("s", "USD", "a test", {"low": (TierModel("m"),)}, {"m": (ended,)})
    plan = Plan(steps=(WorkStep(date(2026, 4, 1), Decimal(0)),))
    assert costs(planned(plan, Horizon(FIRST, 3), {"all-low": "low"}, on=on)) == [90, 90, 0]


def test_a_month_without_working_days_costs_nothing() -> None:
    february = frozenset(FIRST + timedelta(at) for at in range(28))
    projection = planned(Plan(days=DayCount.WORKING, holidays=february), Horizon(FIRST, 2))
    assert costs(projection) == [0, 66]


def test_work_that_begins_before_the_plan_is_refused_where_it_stands() -> None:
    late = [
        Finding(f"{day} comes before; expected no day before", Position("plan.yaml", line, 5))
        for line, day in enumerate((date(2026, 1, 31), date(2026, 1, 5)), start=8)
    ]
    plan = Plan(
        steps=(WorkStep(date(2026, 1, 31), Decimal(2), late=late[0]), WorkStep(FIRST, Decimal(3))),
        launches=(Launch("new", date(2026, 1, 5), WORK, late=late[1]),),
    )
    with pytest.raises(DocumentError) as refusal:
        planned(plan)
    assert str(refusal.value).splitlines() == [
        "plan.yaml:8:5: 2026-01-31 comes before; expected no day before 2026-02",
        "plan.yaml:9:5: 2026-01-05 comes before; expected no day before 2026-02",
    ]
    with pytest.raises(UsageError, match="the plan begins in 2026-02, after 2026-01-31"):
        planned(Plan(steps=(WorkStep(date(2026, 1, 31), Decimal(2)),)))
