"""Forecasts of plans with terms on totals: the work is scaled, then the terms apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.actuals.plan_vs_actual import compare_with_actuals
from routecost.engine.actuals.work_scale import fitting_scale
from routecost.engine.projection.project import project
from routecost.model.pricing.terms import Allowance, Scope, Terms, VolumeDiscount, VolumeStep
from routecost.model.results.actuals import ActualMonth, Actuals, PlanVsActual, WorkScale
from routecost.model.scenario.fixed_fees import Storage
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment, Plan
from routecost.units import exact
from tests.support.build import entry, scenario, sheet, task, tokens, workload

FIRST, SECOND = date(2026, 2, 1), date(2026, 3, 1)
ON = sheet(low=entry(input=1, cache_storage=1), high=entry(input=3))
WORK = workload(task(1, tokens(1_000_000, 0)))
"""$1 a day."""


def compared(
    spends: Mapping[date, str],
    growth: str = "0",
    months: int = 2,
    tasks: int | None = None,
    fee: Storage | None = None,
    **more: Any,
) -> PlanVsActual:
    """Return a plan of a list price of $30 a month, compared with the spend of some months."""
    made = replace(
        scenario({"low": "low"}, WORK, more.pop("on", ON), **more), fixed_fees=(fee,) if fee else ()
    )
    known = None if tasks is None else Decimal(tasks)
    actual = [ActualMonth(month, Decimal(spend), "low", known) for month, spend in spends.items()]
    horizon = Horizon(FIRST, months, Decimal(growth))
    return compare_with_actuals(made, project(made, horizon), Actuals("spend.yaml", tuple(actual)))


def committed(amount: int, start: date = FIRST, until: date | None = None, discount: str = "0") -> Plan:
    share = Decimal(discount)
    return Plan(commitments=(Commitment(Decimal(amount), start, until, share, share),))


def scale(compared: PlanVsActual) -> Decimal:
    assert compared.scale is not None
    assert compared.scale.fits
    assert compared.scale.low == compared.scale.high == compared.scale.value
    return compared.scale.value


def forecast(compared: PlanVsActual) -> list[Decimal | None]:
    return [month.rebased for month in compared.months if month.variance is None]


def test_the_floor_of_a_commitment_applies_to_the_scaled_work() -> None:
    # $30 less 10% is $27; $32.40 is 1.2 times that. Half the work costs $16.20, below the floor of $20.
    course = compared({FIRST: "32.40"}, "-0.5", plan=committed(20, discount="0.1"))
    assert scale(course) == Decimal("1.2")
    assert [month.planned for month in course.months] == [27, 20]
    assert forecast(course) == [20]


def test_the_floor_and_the_discount_end_with_the_commitment() -> None:
    # $32.40 is 1.2 times $27; then a third and a ninth of that work, first at 10% less, and at $20 at least.
    course = compared({FIRST: "32.40"}, "-0.5", months=3, plan=committed(20, until=SECOND, discount="0.1"))
    assert [month.planned for month in course.months] == [27, 20, Decimal("7.5")]
    assert forecast(course) == [20, 9]


def test_a_commitment_that_the_plan_does_not_use_is_used_by_more_work() -> None:
    # Without a commitment $30 became $60; with one of $50, the plan of $30 costs $50, and twice as much $60.
    course = compared({FIRST: "60"}, plan=committed(50, SECOND))
    assert [month.planned for month in course.months] == [30, 50]
    assert forecast(course) == [60]


def test_a_volume_discount_applies_to_the_scaled_work() -> None:
    # Half off above $20: $25 are planned, and $30 paid for a list price of $40. Then $45 x 4/3 = $60: $40.
    steps = Terms("USD", volume=VolumeDiscount((VolumeStep(Decimal(20), Decimal("0.5")),)))
    course = compared({FIRST: "30"}, "0.5", on=replace(ON, terms=(steps,)))
    assert course.ratio == Decimal("1.2")
    assert round(scale(course), 20) == round(Decimal(4) / 3, 20)
    assert [round(money or 0, 20) for money in forecast(course)] == [40]


@pytest.mark.parametrize("per", ["month", "day"])
def test_free_units_do_not_grow_with_the_work(per: str) -> None:
    # 10 of 30 million tokens are free, so $20 planned; $26 are 36 million, 1.2 times; 54 million cost $44.
    free = Decimal(10_000_000) / (30 if per == "day" else 1)
    terms = Terms("USD", allowances=(Allowance(Scope(meters=("input",)), per, free),))
    course = compared({FIRST: "26"}, "0.5", on=replace(ON, terms=(terms,)))
    assert round(scale(course), 20) == Decimal("1.2")
    assert [round(money or 0, 10) for money in forecast(course)] == [44]


def test_fixed_fees_do_not_grow_with_the_work() -> None:
    # $30 of tokens and $30 of storage; $66 is 1.2 times the tokens. $45 x 1.2 + $30 = $84.
    course = compared({FIRST: "66"}, "0.5", fee=Storage("low", Decimal(1_000_000), Decimal(0), Decimal(1)))
    assert course.ratio == Decimal("1.1")
    assert scale(course) == Decimal("1.2")
    assert forecast(course) == [84]


def test_at_the_floor_the_scale_nearest_to_the_plan_or_to_the_tasks_is_used() -> None:
    # A list price of up to $24 costs $24: 0% to 80% of the planned $30.
    floor = committed(24, until=FIRST)
    course = compared({FIRST: "24"}, plan=floor)
    assert course.scale is not None
    assert course.scale.low == 0
    assert course.scale.fits
    assert course.scale.high is not None
    assert round(course.scale.high, 20) == round(course.scale.value, 20) == Decimal("0.8")
    assert [round(money or 0, 20) for money in forecast(course)] == [24]
    assert forecast(compared({FIRST: "24"}, tasks=12, plan=floor)) == [12], "12 of 30 tasks"
    assert forecast(compared({FIRST: "36"}, tasks=12, plan=floor)) == [36], "the spend decides elsewhere"


def test_spend_below_a_commitment_fits_no_work() -> None:
    course = compared({FIRST: "10"}, plan=committed(24, until=FIRST))
    assert course.scale is not None
    assert not course.scale.fits
    assert course.scale.low == 0
    assert round(course.scale.value, 20) == Decimal("0.8")


def test_two_months_share_one_scale() -> None:
    # $30, $60 and $120 are planned. At half of that, the first costs the floor of $20 and the second $30.
    course = compared({FIRST: "20", SECOND: "30"}, "1", months=3, plan=committed(20))
    assert scale(course) == Decimal("0.5")
    assert forecast(course) == [60]


def test_a_cost_that_does_not_depend_on_the_work_says_nothing_about_it() -> None:
    assert fitting_scale(lambda _: Decimal(5), Decimal(6), Decimal(1)) is None
    assert fitting_scale(lambda _: Decimal(5), Decimal(5), Decimal(2)) == WorkScale(
        Decimal(2), Decimal(0), None
    )
    below = fitting_scale(lambda _: Decimal(5), Decimal(4), Decimal(2))
    assert below is not None
    assert not below.fits


def test_a_cost_that_jumps_past_the_spend_fits_no_work() -> None:
    def cost(scale: Decimal) -> Decimal:
        return scale * 10 if scale <= 2 else scale * 20

    found = fitting_scale(cost, Decimal(30), Decimal(1))
    assert found is not None
    assert not found.fits
    assert round(found.value, 20) == 2


slopes = st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9)), min_size=1, max_size=4)


@exact
@given(slopes, st.integers(0, 60), st.integers(0, 3000).map(lambda n: Decimal(n) / 100))
def test_the_scale_at_which_money_was_spent_is_among_those_found(
    steps: list[tuple[int, int]], floor: int, true: Decimal
) -> None:
    def cost(scale: Decimal) -> Decimal:
        total, left = Decimal(0), scale
        for width, price in steps:
            total += min(left, Decimal(width)) * price
            left = max(left - width, Decimal(0))
        return max(total + left, Decimal(floor))

    found = fitting_scale(cost, cost(true), Decimal(1))
    assert found is not None
    assert found.fits
    assert abs(cost(found.value) - cost(true)) < Decimal("1e-15")
    slack = Decimal("1e-4") * (1 + true)
    assert found.low - slack <= true
    assert found.high is not None
    assert true <= found.high + slack
