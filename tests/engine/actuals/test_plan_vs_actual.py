"""Plan against actual: what stays as planned, what is forecast, and cases that can be followed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.actuals.plan_vs_actual import compare_with_actuals
from routecost.engine.actuals.planned_usage import PlannedMonth
from routecost.engine.projection.project import project
from routecost.engine.projection.schedule import schedule
from routecost.errors import UnknownNameError
from routecost.model.pricing.sheet import PriceEntry, PricingSheet, TierModel
from routecost.model.pricing.terms import ExchangeRate, Terms, VolumeDiscount, VolumeStep
from routecost.model.results.actuals import ACTUAL_COLUMNS, ActualMonth, Actuals, PlanVsActual
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment, DayCount, Phase, Plan
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.units import exact
from tests.engine.projection.test_schedule import plans
from tests.examples import FEWER_EXAMPLES
from tests.support.build import card, entry, mix, scenario, sheet, task, tokens, workload
from tests.support.strategies import points, sheets, workloads

FIRST = date(2026, 2, 1)
STRATEGIES: dict[str, Strategy | str] = {
    "all-low": "low",
    "all-high": "high",
    "mixed": mix(low="0.5", high="0.5"),
}
WORK = workload(task(1, tokens(1_000_000, 0)))
PLAIN = sheet(low=entry(input=1), high=entry(input=3))
CLOSE = Fraction(1, 10**40)

lengths = st.integers(1, 14)
growths = st.decimals("-0.9", 1, places=3)


def month(at: int) -> date:
    """Return the first day of a month of a plan that begins in February 2026."""
    return date(2026 + (at + 1) // 12, (at + 1) % 12 + 1, 1)


def held(
    spends: Mapping[int, str | Decimal],
    months: int = 4,
    growth: str = "0",
    strategy: str = "all-low",
    on: PricingSheet = PLAIN,
    **more: Any,
) -> PlanVsActual:
    """Return a plan of $30 a month beside what some months, from 0, cost."""
    fleet = scenario(STRATEGIES, WORK, on, **more)
    return course_of(fleet, Horizon(FIRST, months, Decimal(growth)), spends, strategy)


def course_of(
    made: Scenario, horizon: Horizon, spends: Mapping[int, str | Decimal], strategy: str
) -> PlanVsActual:
    actuals = [ActualMonth(month(at), Decimal(spend), strategy) for at, spend in spends.items()]
    return compare_with_actuals(made, project(made, horizon), Actuals("spend.yaml", tuple(actuals)))


def rebased(course: PlanVsActual) -> list[Decimal | None]:
    return [row.rebased for row in course.months]


@given(plans(), workloads(points()), sheets(), lengths, growths, st.data())
def test_what_comes_as_planned_leaves_the_plan_as_it_is(
    plan: Plan, work: Workload, on: PricingSheet, months: int, growth: Decimal, data: st.DataObject
) -> None:
    budget = Budget(Decimal(100), data.draw(st.sampled_from(Period)), "mixed")
    fleet = scenario(STRATEGIES, _two(work), on, plan=plan, budget=budget)
    horizon = Horizon(FIRST, months, growth)
    planned = project(fleet, horizon)
    known = data.draw(st.sets(st.integers(0, months - 1), min_size=1))
    costs = {at: planned["mixed"].months[at].cost for at in sorted(known)}
    course = course_of(fleet, horizon, costs, "mixed")
    assert course.ratio == 1
    assert rebased(course) == [row.cost for row in planned["mixed"].months]
    assert course.expected_total == course.planned_total == planned["mixed"].total
    assert course.budget == planned.budget
    assert not any(each.gap or each.cumulative_gap for _, each in course.known)
    assert not any(part.amount for _, each in course.known for part in each.split.parts)


def _two(work: Workload) -> Workload:
    """Return the workload with the task types that plans speak of."""
    names = ("one", "two", "three")
    return Workload(tuple(replace(row, name=name) for row, name in zip(work.task_types, names, strict=False)))


@FEWER_EXAMPLES
@given(plans(), sheets(), lengths, growths, st.sampled_from(("all-low", "mixed", "moved")))
def test_planned_usage_is_what_the_projection_bills(
    plan: Plan, on: PricingSheet, months: int, growth: Decimal, row: str
) -> None:
    work = workload(
        task(3, tokens(700, 80), "one"), task(5, tokens(1900, 10), "two", batch_share=Decimal("0.3"))
    )
    fleet = scenario(STRATEGIES, work, on, plan=plan)
    horizon = Horizon(FIRST, months, growth)
    planned, scheduled = project(fleet, horizon), schedule(fleet, horizon)
    for at, each in enumerate(planned[row].months):
        month_planned = PlannedMonth(fleet, scheduled.rows[row][at], scheduled.works, Fraction(each.cost))
        assert abs(month_planned.settled - 1) < CLOSE
        assert abs(month_planned.tasks - Fraction(planned.tasks[at])) < CLOSE * (1 + month_planned.tasks)
        assert month_planned.calls == month_planned.tasks
        parts = month_planned.by_task_type(month_planned.task_types)
        assert sum(part.tasks for part in parts.values()) == month_planned.tasks
        assert sum(part.calls for part in parts.values()) == month_planned.calls
        assert sum(part.cost for part in parts.values()) == (month_planned.cost if month_planned.calls else 0)
        assert all(abs(part.settled - 1) < CLOSE for part in parts.values() if part.cost)


def test_months_to_come_keep_growth_at_the_level_of_those_that_were() -> None:
    # Planned $30, $33, $36.30, $39.93; $63 became $75.60, a fifth more.
    course = held({0: "40.60", 1: "35"}, growth="0.1")
    assert course.ratio == Decimal("1.2")
    assert rebased(course) == [Decimal(text) for text in ("40.60", "35", "43.56", "47.916")]
    assert course.expected_total == Decimal("167.076")


def test_dated_prices_are_kept() -> None:
    entries = (PriceEntry(card(input=1)), PriceEntry(card(input=2), date(2026, 4, 1)))
    tiers = {"low": (TierModel("m"),), "high": (TierModel("m"),)}
    on = PricingSheet("dated", "USD", "a test", tiers, {"m": entries})
    assert rebased(held({0: "33"}, on=on)) == [33, 33, 66, 66]


def test_prices_that_begin_after_the_last_actual_month_are_forecast_with_terms_on_totals() -> None:
    # $1 a day, $2 from April. $27 planned in February less 10%, $32.40 paid: 1.2 times the work.
    entries = (PriceEntry(card(input=1)), PriceEntry(card(input=2), date(2026, 4, 1)))
    tiers = {"low": (TierModel("m"),), "high": (TierModel("m"),)}
    on = PricingSheet("dated", "USD", "a test", tiers, {"m": entries})
    less = Commitment(Decimal(10), FIRST, None, Decimal("0.1"), Decimal("0.1"))
    course = held({0: "32.40"}, on=on, plan=Plan(commitments=(less,)))
    assert rebased(course) == [Decimal(text) for text in ("32.40", "32.40", "64.80", "64.80")]


def test_months_weigh_as_much_as_they_were_to_cost() -> None:
    # $30 came to $60, $90 to $90: together $150 for $120, not the mean of 2 and 1.
    assert held({0: "60", 1: "90"}, growth="2").ratio == Decimal("1.25")


def test_months_without_an_actual_are_forecast_wherever_they_are() -> None:
    course = held({1: "45", 3: "33"}, months=5)
    assert course.ratio == Decimal("1.3")
    assert rebased(course) == [39, 45, 39, 33, 39]
    records = [row.record() for row in course.months]
    assert [record["cumulative_planned"] for record in records] == [30, 60, 90, 120, 150]
    assert [record["cumulative_actual"] for record in records] == [None, 45, None, 78, None]
    assert [record["cumulative_gap"] for record in records] == [None, 15, None, 18, None]
    assert [record["cumulative_gap_fraction"] for record in records][3] == Decimal("0.3")
    assert [record["cumulative_rebased"] for record in records] == [39, 84, 123, 156, 195]
    assert [record["gap_fraction"] for record in records][1] == Decimal("0.5")


def test_each_month_is_held_against_the_strategy_that_it_ran_under() -> None:
    fleet = scenario(STRATEGIES, WORK, PLAIN)
    months = (ActualMonth(month(1), Decimal(99), "all-high"), ActualMonth(month(2), Decimal(27), "all-low"))
    horizon = Horizon(FIRST, 4)
    course = compare_with_actuals(fleet, project(fleet, horizon), Actuals("spend.yaml", months))
    assert [row.strategy for row in course.months] == ["all-high", "all-high", "all-low", "all-low"]
    assert [row.planned for row in course.months] == [90, 90, 30, 30]
    assert course.ratio == Decimal("1.05")


def test_a_migration_is_a_strategy() -> None:
    moved = Plan(migrations={"moved": (Phase("all-high"), Phase("all-low", date(2026, 3, 1)))})
    course = held({0: "99"}, months=2, strategy="moved", plan=moved)
    assert [row.planned for row in course.months] == [90, 30]
    assert rebased(course) == [99, 33]
    with pytest.raises(UnknownNameError, match='"moev"; did you mean "moved"'):
        held({0: "99"}, strategy="moev", plan=moved)


def test_a_calendar_month_is_held_against_its_days() -> None:
    course = held({0: "28"}, months=2, plan=Plan(days=DayCount.CALENDAR))
    assert course.ratio == 1
    assert rebased(course) == [28, 31]


@pytest.mark.parametrize(
    ("amount", "per", "crossed"),
    [("33", Period.MONTH, "2026-05"), ("1.2", Period.DAY, "2026-05"), ("125", Period.YEAR, "2026-05"),
     ("45", Period.MONTH, None)],
)  # fmt: skip
def test_the_budget_on_the_course_that_it_goes(amount: str, per: Period, crossed: str | None) -> None:
    # Planned were $30, $33, $36.30 and $39.93; three months of $30 leave $36.19 for the fourth.
    budget = Budget(Decimal(amount), per, "all-low")
    course = held({0: "30", 1: "30", 2: "30"}, growth="0.1", budget=budget)
    assert course.budget is not None
    crossing = course.budget.crossed
    assert (None if crossing is None else crossing.month) == crossed


def test_what_was_spent_counts_against_a_budget_whoever_spent_it() -> None:
    course = held({0: "90"}, strategy="all-high", budget=Budget(Decimal(50), Period.MONTH, "all-low"))
    assert course.budget is not None
    assert [row.month for row in course.budget.exceeded] == ["2026-02", "2026-03", "2026-04", "2026-05"]


def test_a_forecast_never_falls_below_a_commitment() -> None:
    promised = Plan(commitments=(Commitment(Decimal(25), month(2), None),))
    course = held({0: "15", 1: "15"}, plan=promised)
    assert rebased(course) == [15, 15, 25, 25]
    assert course.has_terms_on_totals


def test_volume_discounts_are_forecast_in_proportion() -> None:
    steps = Terms("USD", volume=VolumeDiscount((VolumeStep(Decimal(20), Decimal("0.5")),)))
    course = held({0: "30"}, months=2, on=replace(PLAIN, terms=(steps,)))
    assert [row.planned for row in course.months] == [25, 25]
    assert rebased(course) == [30, 30]
    assert course.has_terms_on_totals


def test_nothing_can_be_forecast_from_a_plan_of_nothing() -> None:
    free = sheet(low=entry(input=0), high=entry(input=0))
    course = held({0: "5"}, on=free, budget=Budget(Decimal(1), Period.MONTH, "all-low"))
    assert course.ratio is None
    assert rebased(course) == [5, None, None, None]
    assert course.expected_total is None
    assert course.budget is None
    (_, first), *_ = course.known
    assert first.gap_fraction is None
    assert {part.name: part.amount for part in first.split.parts} == {"unexplained": Decimal(5)}
    assert held({0: "0"}, on=free).ratio == 1


@exact
def test_money_of_the_sheets_currency_is_compared() -> None:
    rates = (ExchangeRate("USD", Decimal("0.9")), ExchangeRate("USD", Decimal("0.8"), date(2026, 4, 16)))
    on = replace(PLAIN, currency="EUR", terms=(Terms("EUR", exchange=rates),))
    assert [row.planned for row in held({2: "26"}, on=on).months] == [27, 27, Decimal("25.5"), 24]


def test_records_and_frames_have_a_row_per_month() -> None:
    course = held({0: "33"}, months=2)
    assert [list(record) for record in course.records()] == [list(ACTUAL_COLUMNS)] * 2
    frame = course.to_frame()
    assert list(frame["rebased"]) == [33.0, 33.0]
    assert frame["gap"].isna().tolist() == [False, True]
