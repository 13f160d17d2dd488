"""Budgets of plans: steps, fiscal years, migrations, calendar days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from routecost.engine.projection.project import project
from routecost.model.results.outlook import BudgetTracking
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import BudgetStep, DayCount, Phase, Plan
from tests.support.build import entry, scenario, sheet, task, tokens, workload

FIRST = date(2026, 2, 1)
ON = sheet(low=entry(input=1), high=entry(input=3))
WORK = workload(task(1, tokens(1_000_000, 0)))

SPENT: dict[str, Any] = {"year_starts": 4, "start": FIRST, "spent_so_far": Decimal(200)}


def course(amount: str, per: Period, strategy: str = "low", months: int = 14, **plan: Any) -> BudgetTracking:
    """Return the course of a plan's budget; a month costs $30 or $90."""
    budget = Budget(Decimal(amount), per, strategy)
    fleet = scenario({"low": "low", "high": "high"}, WORK, ON, plan=Plan(budget=budget, **plan))
    tracking = project(fleet, Horizon(FIRST, months)).budget
    assert tracking is not None
    return tracking


def test_the_plans_budget_takes_the_place_of_the_scenarios() -> None:
    own = Budget(Decimal(1), Period.MONTH, "low")
    plan = Plan(budget=Budget(Decimal(50), Period.MONTH, "high"))
    projection = project(
        scenario({"low": "low", "high": "high"}, WORK, ON, budget=own, plan=plan), Horizon(FIRST, 1)
    )
    assert projection.budget is not None
    assert projection.budget.budget.strategy == "high"
    assert projection.budget.months[0].over == 40


def test_an_amount_changes_with_its_steps() -> None:
    steps = (BudgetStep(date(2026, 4, 1), Decimal(20)), BudgetStep(date(2026, 6, 1), Decimal(30)))
    planned_course = course("40", Period.MONTH, months=6, budget_steps=steps)
    assert [month.amount for month in planned_course.months] == [40, 40, 20, 20, 30, 30]
    assert [month.month for month in planned_course.exceeded] == ["2026-04", "2026-05"]


def test_a_fiscal_year_counts_anew_from_its_month() -> None:
    planned_course = course("330", Period.YEAR, year_starts=4)
    assert [month.spent for month in planned_course.months] == [30, 60, *range(30, 361, 30)]
    assert [month.month for month in planned_course.exceeded] == ["2027-03"]


def test_a_year_without_a_month_of_its_own_begins_with_the_plan() -> None:
    assert [month.spent for month in course("1", Period.YEAR).months] == [*range(30, 361, 30), 30, 60]


def test_a_migration_may_have_the_budget() -> None:
    moved = {"moved": (Phase("high"), Phase("low", date(2026, 3, 16)))}
    planned_course = course("80", Period.MONTH, "moved", months=3, migrations=moved)
    assert [round(month.spent, 3) for month in planned_course.months] == [
        90,
        round(Decimal(30) * (15 * 3 + 16) / 31, 3),
        30,
    ]
    assert planned_course.crossed is not None
    assert planned_course.crossed.month == "2026-02"


def test_a_daily_budget_is_held_against_the_days_that_count() -> None:
    planned_course = course("1", Period.DAY, months=2, days=DayCount.CALENDAR)
    assert [month.spent for month in planned_course.months] == [1, 1]
    assert [month.allowance for month in planned_course.months] == [28, 31]


def test_a_month_without_days_spends_nothing_a_day() -> None:
    everything = frozenset(date(2026, 2, day) for day in range(1, 29))
    planned_course = course("1", Period.DAY, months=1, days=DayCount.WORKING, holidays=everything)
    assert [month.spent for month in planned_course.months] == [0]


def test_what_a_budget_allows_in_all_months() -> None:
    """A year has the amount that it ends with; of a year that is cut short, the part that is planned."""
    raised = (BudgetStep(date(2026, 7, 1), Decimal(2400)),)
    assert course("1200", Period.YEAR, months=12, budget_steps=raised).allowed == 2400
    assert course("1200", Period.YEAR, months=14).allowed == 1400
    assert course("1200", Period.YEAR, months=14, budget_steps=raised, year_starts=4).allowed == 200 + 2400
    assert (
        course(
            "100", Period.MONTH, months=3, budget_steps=(BudgetStep(date(2026, 4, 1), Decimal(50)),)
        ).allowed
        == 250
    )
    assert course("2", Period.DAY, months=2, days=DayCount.CALENDAR).allowed == 2 * (28 + 31)


def test_a_fiscal_year_counts_what_was_spent_before_the_plan() -> None:
    """$200 before February, then $30 a month: the year that ends in March costs $260."""
    planned_course = course("250", Period.YEAR, **SPENT)
    assert [month.spent for month in planned_course.months] == [230, 260, *range(30, 361, 30)]
    assert next(month.month for month in planned_course.exceeded) == "2026-03"
    assert planned_course.allowed == 250 - 200 + 250


def test_what_is_allowed_of_a_year_that_has_not_ended_is_in_proportion() -> None:
    """February is the 11th month: 11 / 12 of 240, less 200."""
    assert course("240", Period.YEAR, months=1, **SPENT).allowed == 20


def test_a_plan_moved_by_an_option_does_not_know_what_was_spent_before() -> None:
    planned_course = course("250", Period.YEAR, months=2, **{**SPENT, "start": date(2026, 3, 1)})
    assert planned_course.before is None
    assert [month.spent for month in planned_course.months] == [30, 60]


def test_a_budget_per_month_has_no_spend_before() -> None:
    assert [month.spent for month in course("250", Period.MONTH, months=2, **SPENT).months] == [30, 30]
