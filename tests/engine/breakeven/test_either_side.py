"""At a break-even both sides cost the same; on either side of it one of them costs more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from routecost.engine.strategies.cascade import Cascade
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.pricing.terms import Terms, VolumeDiscount, VolumeStep
from routecost.model.results.breakeven import Answer, BreakEven, Question
from routecost.model.scenario.routing_decision import RoutingCosts
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import SuccessRate
from routecost.model.scenario.workload import TaskType
from routecost.units import exact
from tests.examples import FEWER_EXAMPLES
from tests.support.breakeven import (
    ARTICLE,
    NEAR,
    STEP,
    WORK,
    breakevens_of,
    near,
    only,
    wrong,
)
from tests.support.build import (
    compared,
    mix,
    successes,
    workload,
)
from tests.support.strategies import TIERS, mixes, numbers, sheets, task_types


@FEWER_EXAMPLES
@given(mixes(), task_types(), sheets(), st.sampled_from(TIERS))
@exact
def test_shifting_the_share_makes_both_cost_the_same(
    routed: Any, one: TaskType, on: PricingSheet, default: str
) -> None:
    one = replace(one, tasks_per_day=one.tasks_per_day + 1)
    rows = breakevens_of({"default": default, "proposed": routed}, workload(one), on)

    def cost(source: str, target: str, share: Decimal) -> tuple[Decimal, Decimal]:
        shares = dict(routed.shares)
        shares[source] -= share
        shares[target] += share
        comparison = compared({"a": replace(routed, shares=shares), "b": default}, workload(one), on)
        return comparison["a"].cost_per_month, comparison["b"].cost_per_month

    for row in rows.of(Question.WRONG_TIER):
        source, target = row.parameter.split(" -> ")
        own = routed.shares[source]
        left, right = cost(source, target, Decimal(0))
        if row.answer is Answer.ALWAYS:
            assert left >= right * (1 - NEAR)
        elif row.answer is Answer.NEVER:
            left, right = cost(source, target, own)
            assert left <= right * (1 + NEAR)
        else:
            assert row.value is not None
            share = row.value if "all" in row.unit else row.value * own
            assert 0 <= share <= own
            assert near(*cost(source, target, share))
            assert left < right
            left, right = cost(source, target, share * (1 + STEP))
            assert left > right


@FEWER_EXAMPLES
@given(
    st.sampled_from([("low", "high"), ("middle", "low")]),
    task_types(),
    sheets(),
    numbers(1_000),
    st.integers(1, 60),
)
@exact
def test_at_the_volume_savings_equal_what_is_to_be_repaid(
    pair: tuple[str, str], one: TaskType, on: PricingSheet, engineering: Decimal, months: int
) -> None:
    costs = RoutingCosts(engineering, Decimal(3), months)
    strategies: dict[str, Strategy | str] = {"proposed": pair[0], "default": pair[1]}
    row = only(
        breakevens_of(strategies, workload(one), on, routing_costs=costs), Question.VOLUME, "tasks_per_day"
    )

    def left_over(volume: Decimal) -> Decimal:
        comparison = compared(strategies, workload(replace(one, tasks_per_day=volume)), on)
        saved = comparison["default"].cost_per_month - comparison["proposed"].cost_per_month
        return saved * months - engineering - 3 * months

    if row.answer is Answer.AT:
        assert row.value is not None
        assert abs(left_over(row.value)) <= NEAR * (engineering + 3 * months)
        assert left_over(row.value * (1 - STEP)) < 0 < left_over(row.value * (1 + STEP))
    else:
        assert row.answer is Answer.NEVER
        assert left_over(Decimal(10) ** 9) < 0


@FEWER_EXAMPLES
@given(task_types(), sheets(), numbers(1), numbers(1), numbers(1), numbers(1_000))
@exact
def test_at_the_success_rate_and_failure_cost_both_tiers_cost_the_same(
    one: TaskType, on: PricingSheet, low: Decimal, middle: Decimal, high: Decimal, failure: Decimal
) -> None:
    rates = {"low": low, "middle": middle, "high": high}
    one = successes(replace(one, tasks_per_day=one.tasks_per_day + 1, failure_cost=failure), **rates)
    rows = breakevens_of({tier: tier for tier in TIERS}, workload(one), on)

    def gap(cheap: str, costly: str, changed: TaskType) -> tuple[Decimal, Decimal]:
        comparison = compared({cheap: cheap, costly: costly}, workload(changed), on)
        totals = comparison[cheap].total_cost_per_month, comparison[costly].total_cost_per_month
        assert totals[0] is not None
        assert totals[1] is not None
        return totals[0], totals[1]

    for row in (*rows.of(Question.SUCCESS_RATE), *rows.of(Question.FAILURE_COST)):
        cheap, costly = row.parameter.split(" vs. ")

        def changed(value: Decimal, row: BreakEven = row, cheap: str = cheap) -> TaskType:
            if row.question is Question.FAILURE_COST:
                return replace(one, failure_cost=value)
            return replace(one, success={**one.success, cheap: SuccessRate(value)})

        most = Decimal(1) if row.question is Question.SUCCESS_RATE else Decimal(10) ** 9
        if row.answer is Answer.AT:
            assert row.value is not None
            assert near(*gap(cheap, costly, changed(row.value)))
            below = gap(cheap, costly, changed(row.value * (1 - STEP)))
            above = gap(cheap, costly, changed(row.value * (1 + STEP)))
            assert (below[0] - below[1]) * (above[0] - above[1]) < 0 or row.value == 0
        else:
            ends = [gap(cheap, costly, changed(value)) for value in (Decimal(0), most)]
            signs = {left - right > NEAR * right for left, right in ends if not near(left, right)}
            assert len(signs) <= 1, row
            assert signs <= {row.answer is Answer.ALWAYS}


@given(task_types(), sheets(), st.booleans(), numbers(1))
@exact
def test_at_the_escalation_rate_the_cascade_costs_as_much(
    one: TaskType, on: PricingSheet, pass_on: bool, now: Decimal
) -> None:
    one = replace(one, tasks_per_day=one.tasks_per_day + 1)
    cascade = Cascade(("low", "middle"), {"low": 1 - now}, pass_on=pass_on)
    (row,) = breakevens_of({"cascade": cascade}, workload(one), on).of(Question.ESCALATION)

    def gap(share: Decimal) -> tuple[Decimal, Decimal]:
        tried = replace(cascade, accept={"low": 1 - share})
        comparison = compared({"a": tried, "b": "middle"}, workload(one), on)
        return comparison["a"].cost_per_month, comparison["b"].cost_per_month

    assert row.now == now
    if row.answer is Answer.AT:
        assert row.value is not None
        assert near(*gap(row.value))
        assume(row.value < 1)
        below, above = gap(row.value * (1 - STEP)), gap(min(Decimal(1), row.value * (1 + STEP)))
        assert below[0] < below[1] or not row.value
        assert above[0] > above[1]
    else:
        left, right = gap(Decimal(row.answer is Answer.NEVER))
        assert near(left, right) or (left > right) == (row.answer is Answer.ALWAYS)


@pytest.mark.parametrize("retroactive", [False, True])
@exact
def test_with_a_volume_discount_the_value_is_bracketed(retroactive: bool) -> None:
    steps = VolumeStep(Decimal(100), Decimal("0.2")), VolumeStep(Decimal(150), Decimal("0.4"))
    discount = VolumeDiscount(steps, retroactive)
    on = replace(ARTICLE, terms=(Terms("USD", volume=discount),))
    row = wrong(breakevens_of(on=on), "haiku -> opus")
    assert row.value is not None

    def gap(share: Decimal) -> Decimal:
        routed = mix(haiku=Decimal("0.80") - share, sonnet="0.15", opus=Decimal("0.05") + share)
        comparison = compared({"a": routed, "b": "sonnet"}, WORK, on)
        return comparison["a"].cost_per_month - comparison["b"].cost_per_month

    assert gap(row.value * (1 - STEP)) < 0 < gap(row.value * (1 + STEP))
    if not retroactive:
        assert abs(gap(row.value)) <= NEAR
