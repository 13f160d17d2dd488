"""What outcomes amount to: totals rise with the cost of failures, and measurements have intervals."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from routecost.engine.breakeven.breakeven import breakeven
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.breakeven import Answer, Question
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import Detection, Rework, SuccessRate
from routecost.model.scenario.workload import TaskType
from tests.support.build import DAY, compared, entry, scenario, sheet, successes, task, tokens, workload
from tests.support.strategies import numbers, sheets, task_types

KINDS: dict[str, Strategy | str] = {
    "tier": "low",
    "cascade": Cascade(("low", "middle", "high"), detection=Detection(Decimal("0.7"), Decimal("0.1"))),
}
PLAIN = sheet(low=entry(input=1, output=5), high=entry(input=10, output=50))


@given(task_types(), sheets(), numbers(1_000), numbers(1_000))
def test_the_total_rises_with_the_cost_of_a_failure(
    one: TaskType, on: PricingSheet, less: Decimal, more: Decimal
) -> None:
    rated = replace(successes(one, low="0.6", middle="0.8", high="0.9"), rework=Rework(Decimal("0.25")))
    cheap, costly = (
        compared(KINDS, workload(replace(rated, failure_cost=cost)), on) for cost in sorted((less, more))
    )
    for name in KINDS if one.tasks_per_day else ():
        low, high = cheap[name].total_cost_per_month, costly[name].total_cost_per_month
        assert low is not None
        assert high is not None
        assert low <= high
        assert cheap[name].cost_per_month == costly[name].cost_per_month <= low


def test_a_measured_rate_is_shown_with_its_interval() -> None:
    rates = {"low": SuccessRate(Decimal("0.9"), 90, 100), "high": SuccessRate(Decimal("0.99"))}
    one = replace(task(1, tokens(1, 1)), success=rates)
    (found,) = compared({"low": "low"}, workload(one), PLAIN).measured
    assert (found.tier, found.successes, found.trials) == ("low", 90, 100)
    # (90 + 1.96^2 / 2 -+ 1.96 sqrt(90 x 10 / 100 + 1.96^2 / 4)) / (100 + 1.96^2)
    assert (round(found.low, 4), round(found.high, 4)) == (0.8256, 0.9448)


def test_at_the_break_even_of_a_router_both_sides_cost_the_same() -> None:
    easy = successes(task(80, tokens(1_000, 100), "easy"), low="0.95", high="0.99")
    hard = successes(task(20, tokens(2_000, 200), "hard"), low="0.5", high="0.9")
    work = workload(*(replace(one, failure_cost=Decimal("0.2")) for one in (easy, hard)))
    routed = Assigned({"easy": UniformTier("low"), "hard": UniformTier("high")})
    fleet = scenario({"high": "high", "routed": routed}, work, PLAIN, default="high", proposed="routed")
    (row,) = breakeven(fleet, DAY).of(Question.ROUTER_ERROR)
    assert row.answer is Answer.AT
    assert row.value is not None
    erring = replace(routed, error=row.value)
    comparison = compared({"high": "high", "erring": erring}, work, PLAIN)
    high, err = (comparison[name].total_cost_per_month or Decimal(0) for name in ("high", "erring"))
    assert abs(high - err) < Decimal("1e-20") * high


def test_a_default_that_costs_no_more_leaves_no_room_for_mistakes() -> None:
    work = workload(task(8, tokens(10, 1), "easy"), task(2, tokens(20, 2), "hard"))
    routed = Assigned({"easy": UniformTier("low"), "hard": UniformTier("high")})
    fleet = scenario({"low": "low", "routed": routed}, work, PLAIN, default="low", proposed="routed")
    (row,) = breakeven(fleet, DAY).of(Question.ROUTER_ERROR)
    assert (row.answer, row.value) == (Answer.ALWAYS, None)
