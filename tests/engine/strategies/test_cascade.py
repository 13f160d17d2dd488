"""Cascades: what they cost and how they end, worked by hand and at their limits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext

from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import Assistant
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.strategy import Outcome, Strategy
from routecost.model.scenario.success import Detection, SuccessAfter
from routecost.model.scenario.workload import TaskType, Workload
from tests.support.build import DAY, cost, entry, mtok, sheet, successes, task, tokens, workload
from tests.support.strategies import TIERS, points, sheets, task_types, workloads

ARTICLE = sheet(
    low=entry(input="0.80", output=4), middle=entry(input=3, output=15), high=entry(input=15, output=75)
)
FLEET = workload(task(500, tokens(2_000, 500)))
HALF = Decimal("0.5")


def shares() -> st.SearchStrategy[Decimal]:
    return st.integers(0, 100).map(lambda percent: Decimal(percent).scaleb(-2))


def outcome(strategy: Strategy, one: TaskType) -> Outcome:
    (found,) = strategy.expand(Workload((one,)), tier_models(ARTICLE, DAY)).outcomes
    return found


def test_haiku_to_sonnet_at_80_percent_costs_what_the_arithmetic_says() -> None:
    cascade = Cascade(("low", "middle"), {"low": Decimal("0.8")})
    low, middle = mtok("0.80", 2_000) + mtok(4, 500), mtok(3, 2_000) + mtok(15, 500)
    assert (low, middle) == (Decimal("0.0036"), Decimal("0.0135"))
    assert cost(cascade, FLEET, ARTICLE) / 500 == low + Decimal("0.2") * middle == Decimal("0.0063")
    assert outcome(cascade, FLEET.task_types[0]).escalated == Decimal("0.2")


def test_a_judge_and_the_output_that_is_passed_on_are_paid() -> None:
    judge = Assistant("judge", "low", tokens(100, 10), reads_output=True)
    cascade = Cascade(("low", "high"), {"low": HALF}, judge=judge, pass_on=True)
    first = mtok("0.80", 2_000) + mtok(4, 500)
    judged = mtok("0.80", 100 + 500) + mtok(4, 10)
    second = mtok(15, 2_000 + 500) + mtok(75, 500)
    assert cost(cascade, FLEET, ARTICLE) == 500 * (first + judged + HALF * second)


def test_what_is_detected_follows_from_success() -> None:
    one = successes(task(100, tokens(1, 1)), low="0.9", high="0.8")
    result = outcome(Cascade(("low", "high"), detection=Detection(Decimal("0.7"), Decimal("0.1"))), one)
    escalated = Decimal("0.9") * Decimal("0.1") + Decimal("0.1") * Decimal("0.7")
    assert result.escalated == escalated == Decimal("0.16")
    assert result.right == Decimal("0.9") * Decimal("0.9") + escalated * Decimal("0.8")


def test_escalated_work_may_be_harder() -> None:
    one = successes(task(100, tokens(1, 1)), low="0.5", high="0.9")
    every = Cascade(("low", "high"), detection=Detection(Decimal(1)))
    harder = replace(every, success_after={"high": SuccessAfter.always(HALF)})
    assert outcome(every, one).right == HALF + HALF * Decimal("0.9")
    assert outcome(harder, one).right == HALF + HALF * HALF


def test_without_success_rates_quality_is_not_known() -> None:
    result = outcome(Cascade(("low", "high"), {"low": HALF}), task(100, tokens(1, 1)))
    assert (result.right, result.wrong, result.reworked) == (None, None, None)
    assert result.escalated == HALF


@given(workloads(), sheets())
def test_accepting_everything_is_the_first_tier(work: Workload, on: PricingSheet) -> None:
    cascade = Cascade(TIERS, {"low": Decimal(1), "middle": HALF})
    assert cost(cascade, work, on) == cost("low", work, on)


@given(workloads(points()), sheets())
def test_accepting_nothing_is_the_sum_of_the_tiers(work: Workload, on: PricingSheet) -> None:
    cascade = Cascade(TIERS, dict.fromkeys(TIERS, Decimal(0)))
    with localcontext(prec=100):
        assert cost(cascade, work, on) == sum(cost(tier, work, on) for tier in TIERS)


@given(task_types(), st.tuples(*[shares()] * 3), shares(), shares())
def test_outcomes_sum_to_one(
    one: TaskType, rates: tuple[Decimal, ...], wrong: Decimal, right: Decimal
) -> None:
    rated = successes(one, **dict(zip(TIERS, rates, strict=True)))
    result = outcome(Cascade(TIERS, detection=Detection(wrong, right)), rated)
    assert result.right is not None
    assert result.wrong is not None
    assert result.reworked is not None
    assert result.right + result.wrong + result.reworked == 1
    assert 0 <= result.right <= 1
    assert result.escalated is not None
    assert 0 <= result.escalated <= 1


@given(task_types(), shares(), shares())
def test_finding_more_mistakes_never_makes_more_of_them(one: TaskType, less: Decimal, more: Decimal) -> None:
    rated = successes(one, low="0.6", middle="0.8", high="0.9")
    few, many = (
        outcome(Cascade(TIERS, detection=Detection(found)), rated).right for found in sorted((less, more))
    )
    assert few is not None
    assert many is not None
    assert few <= many


def test_one_tier_alone_is_that_tier() -> None:
    one = successes(task(100, tokens(10, 10)), low="0.9")
    assert outcome(Cascade(("low",)), one) == outcome(UniformTier("low"), one)
