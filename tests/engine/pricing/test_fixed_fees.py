"""Fixed fees: provisioned capacity, whose spill is billed per token, and storage by the hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.compare.compare import compare
from routecost.engine.projection.project import project
from routecost.errors import UnpricedError
from routecost.model.pricing.sheet import ContextStep
from routecost.model.pricing.terms import Adjustment, Terms
from routecost.model.scenario.fixed_fees import Capacity, FixedFee, Storage
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import DayCount, Plan
from routecost.model.scenario.scenario import Scenario
from tests.support.build import DAY, entry, mix, scenario, sheet, task, tokens, workload

ON = sheet(
    low=entry(input=1, output=5, web_search=10, cache_storage=1, file_storage="0.01"),
    high=entry(input=3, output=15, web_search=14, provisioned_hour=2),
)
WORK = workload(task(100, tokens(8000, 2000), meters={"web_search": Decimal(1)}))  # a million tokens a day
HALF = Capacity("high", Decimal(1), Decimal(24), share=Decimal("0.5"))
FEE, SEARCHES, TOKENS = Decimal(720 * 2), 30 * 100 * Decimal("0.014"), 30 * (Decimal("2.4") + 3)


def fleet(*fees: FixedFee, **more: object) -> Scenario:
    example = scenario({"low": "low", "high": "high"}, WORK, ON, **more)
    return replace(example, fixed_fees=fees)


def month(name: str, made: Scenario) -> Decimal:
    return compare(made, DAY)[name].cost_per_month


def throughput(per_hour: int, hours: int = 24) -> Capacity:
    return Capacity("high", Decimal(1), Decimal(hours), tokens_per_hour=Decimal(per_hour))


@pytest.mark.parametrize(
    ("capacity", "cost"),
    [
        (HALF, FEE + SEARCHES + TOKENS / 2),
        (replace(HALF, share=Decimal(1)), FEE + SEARCHES),
        (throughput(10_000), FEE + SEARCHES + TOKENS * Decimal("0.76")),
        (throughput(10_000, 12), FEE / 2 + SEARCHES + TOKENS * Decimal("0.88")),
        (throughput(100_000), FEE + SEARCHES),
    ],
)
def test_capacity_serves_tokens_of_its_tier_and_the_rest_is_billed(capacity: Capacity, cost: Decimal) -> None:
    example = fleet(capacity)
    assert month("high", example) == cost
    assert month("low", example) == month("low", fleet()), "a strategy without the tier pays nothing"
    row = compare(example, DAY)["high"]
    assert row.bill.total == row.cost_per_month == row.cost_per_day * 30
    spare = [Decimal(10**6)] if capacity.tokens_per_hour == 100_000 else []
    assert [tokens for _, tokens in row.spare_capacity] == spare


def test_a_mix_pays_the_whole_capacity_for_its_share_of_tokens() -> None:
    halved = replace(fleet(throughput(10_000)), strategies={"half": mix(low="0.5", high="0.5")})
    low = 30 * (Decimal("0.4") + Decimal("0.5") + Decimal("0.5"))
    assert month("half", halved) == low + FEE + SEARCHES / 2 + TOKENS / 2 * Decimal("0.52")


def test_storage_is_billed_by_the_hour() -> None:
    stored = Storage("low", Decimal(500_000), Decimal(20), Decimal(12))
    assert month("low", fleet(stored)) - month("low", fleet()) == 30 * 12 * (Decimal("0.5") + Decimal("0.2"))
    assert month("high", fleet(stored)) == month("high", fleet())


def test_fees_do_not_depend_on_price_steps() -> None:
    (priced,) = ON.models["model-high"]
    stepped = replace(priced, steps=(ContextStep(1_000_000, priced.card),))
    on = replace(ON, models={**ON.models, "model-high": (stepped,)})
    assert month("high", replace(fleet(HALF), pricing=on)) == month("high", fleet(HALF))


def test_linear_terms_apply_to_fees() -> None:
    terms = (Terms("USD", (Adjustment("less", Decimal("0.9"), ("model-high",)),)),)
    halved = replace(fleet(HALF), pricing=replace(ON, terms=terms))
    assert month("high", halved) == month("high", fleet(HALF)) * Decimal("0.9")


def test_a_fee_without_a_rate_is_an_error() -> None:
    with pytest.raises(UnpricedError, match='"provisioned_hour" of model "model-low"'):
        compare(fleet(replace(HALF, tier="low")), DAY)


@pytest.mark.parametrize(
    ("days", "fees", "work"),
    [(DayCount.PER_MONTH, 30, 30), (DayCount.CALENDAR, 28, 28), (DayCount.WORKING, 28, 20)],
)
def test_fees_do_not_grow_with_the_work(days: DayCount, fees: int, work: int) -> None:
    example = fleet(throughput(10_000), plan=Plan(days=days))
    first, second = project(example, Horizon(date(2026, 2, 1), 2, Decimal(1))).strategies[1].months
    assert first.cost == 48 * fees + work * (SEARCHES + TOKENS * Decimal("0.76")) / 30
    ratio = {DayCount.PER_MONTH: (30, 30), DayCount.CALENDAR: (31, 31), DayCount.WORKING: (31, 22)}[days]
    twice = 2 * SEARCHES + 2 * TOKENS * Decimal("0.88")
    assert second.cost == 48 * ratio[0] + ratio[1] * twice / 30


@given(st.integers(1, 10**6), st.integers(1, 24))
def test_more_capacity_never_bills_more_tokens(per_hour: int, hours: int) -> None:
    fee = hours * 30 * 2
    served = min(per_hour * hours, 10**6)
    expected = fee + SEARCHES + TOKENS * (10**6 - served) / 10**6
    assert abs(month("high", fleet(throughput(per_hour, hours))) - expected) < Decimal("1e-40")
