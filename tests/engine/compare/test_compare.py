"""Strategies side by side: columns, baseline, savings and budget."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from routecost.errors import UnknownNameError
from routecost.model.results.comparison import Comparison
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.workload import Workload
from routecost.units import exact
from tests.support.build import compared, entry, mix, sheet, task, tokens, workload
from tests.support.strategies import TIERS, sheets, workloads

SHEET = sheet(low=entry(input=1, output=5), high=entry(input=10, output=50))
WORK = workload(task(100, tokens(10_000, 2_000)))
NAMES: dict[str, Strategy | str] = {"cheap": "low", "routed": mix(low="0.75", high="0.25"), "costly": "high"}


def comparison(**more: Any) -> Comparison:
    return compared(NAMES, WORK, SHEET, **more)


def test_costs_per_task_day_month_and_year() -> None:
    cheap = comparison()["cheap"]
    assert cheap.cost_per_task == Decimal("0.01") + Decimal("0.01")
    assert cheap.cost_per_day == 100 * Decimal("0.02")
    assert cheap.cost_per_month == 30 * 100 * Decimal("0.02")
    assert cheap.cost_per_year == 12 * 30 * 100 * Decimal("0.02")


def test_days_per_month_are_the_scenarios() -> None:
    cheap = comparison(days_per_month=Decimal("30.5"))["cheap"]
    assert cheap.cost_per_month == Decimal("30.5") * 2
    assert cheap.cost_per_year == 12 * Decimal("30.5") * 2


def test_strategies_stay_in_order() -> None:
    assert [cost.strategy for cost in comparison().strategies] == ["cheap", "routed", "costly"]
    assert [cost.strategy for cost in comparison().only(["costly", "cheap"]).strategies] == [
        "cheap",
        "costly",
    ]
    assert comparison().only([]) == comparison()


def test_changes_are_against_the_baseline() -> None:
    results = comparison(baseline="costly")
    assert [cost.vs_baseline for cost in results.strategies] == [
        Decimal(2) / 20 - 1,
        Decimal("6.5") / 20 - 1,
        0,
    ]


def test_the_baseline_stays_when_it_is_not_shown() -> None:
    assert comparison(baseline="costly").only(["cheap"])["cheap"].vs_baseline == Decimal(2) / 20 - 1


def test_no_baseline_no_change() -> None:
    assert {cost.vs_baseline for cost in comparison().strategies} == {None}


def test_savings_are_of_the_proposed_against_the_default() -> None:
    saved = comparison(default="costly", proposed="routed").savings
    assert saved is not None
    assert (saved.strategy, saved.against) == ("routed", "costly")
    assert saved.per_day == 20 - Decimal("6.5")
    assert saved.per_month == 30 * saved.per_day
    assert saved.per_year == 12 * 30 * saved.per_day
    assert saved.fraction == (20 - Decimal("6.5")) / 20


@pytest.mark.parametrize("more", [{}, {"default": "costly"}, {"proposed": "routed"}], ids=str)
def test_savings_need_both_names(more: dict[str, str]) -> None:
    assert comparison(**more).savings is None


def test_a_costlier_proposal_saves_less_than_nothing() -> None:
    saved = comparison(default="cheap", proposed="costly").savings
    assert saved is not None
    assert (saved.per_day, saved.fraction) == (Decimal(-18), Decimal(-9))


def test_no_work_costs_nothing_and_divides_by_nothing() -> None:
    idle = workload(task(0, tokens(10_000, 2_000)))
    results = compared(NAMES, idle, SHEET, baseline="costly", default="costly", proposed="cheap")
    for cost in results.strategies:
        assert (cost.cost_per_task, cost.cost_per_day, cost.vs_baseline) == (None, Decimal(0), None)
    assert results.savings is not None
    assert results.savings.fraction is None
    assert results.savings.per_day == 0


@pytest.mark.parametrize(("per", "days"), [(Period.DAY, 1), (Period.MONTH, 30), (Period.YEAR, 360)])
def test_a_budget_pays_for_so_many_tasks(per: Period, days: int) -> None:
    results = comparison(budget=Budget(Decimal(60) * days / 30, per, "routed"))
    assert results["cheap"].tasks_per_budget == Decimal(60) * days / 30 / Decimal("0.02")
    assert "tasks_per_budget" in results.columns
    assert "tasks_per_budget" not in comparison().columns


def test_records_have_the_columns() -> None:
    (first, *_) = comparison(baseline="costly").records()
    assert tuple(first) == comparison().columns
    assert first["strategy"] == "cheap"


def test_a_frame_has_a_row_per_strategy() -> None:
    frame = comparison(baseline="costly").to_frame()
    assert list(frame.index) == ["cheap", "routed", "costly"]
    assert frame.loc["routed", "cost_per_day"] == 6.5
    assert frame["cost_per_day"].dtype == float


def test_an_unknown_strategy_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='no strategy named "costyl"; did you mean "costly"'):
        comparison()["costyl"]


DUST = Decimal("1e-55")
"""What 64 digits leave of quotients that never end, such as a third of a range."""


@given(workloads(), sheets())
@exact
def test_the_columns_agree_with_each_other(work: Workload, on: Any) -> None:
    results = compared(
        {tier: tier for tier in TIERS}, work, on, baseline="high", default="low", proposed="high"
    )
    for cost in results.strategies:
        assert cost.cost_per_month == cost.bill.total
        assert abs(cost.cost_per_month - 30 * cost.cost_per_day) <= DUST * cost.cost_per_month
        assert cost.cost_per_year == 12 * cost.cost_per_month
    assert results.savings is not None
    assert results.savings.per_month == results["low"].cost_per_month - results["high"].cost_per_month
    if results["high"].cost_per_day:
        assert results["high"].vs_baseline == 0
