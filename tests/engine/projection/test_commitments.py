"""Committed spend: what a month costs under a contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.pricing.pieces import Billed
from routecost.engine.pricing.settlement import committed
from routecost.engine.projection.project import project
from routecost.model.pricing.terms import Scope, Terms, VolumeDiscount, VolumeStep
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment, Plan
from routecost.units import exact
from tests.support.build import entry, mix, scenario, sheet, task, tokens, workload

FIRST = date(2026, 2, 1)
PLAIN = sheet(low=entry(input=1), high=entry(input=3))
WORK = workload(task(1, tokens(1_000_000, 0)))
CLOSE = Decimal("1e-40")

money = st.decimals(0, 1000, places=2)
discounts = st.decimals(0, "0.99", places=2)


def contract(amount: Decimal | str, discount: Decimal | str = "0", above: Decimal | str = "0") -> Commitment:
    return Commitment(Decimal(amount), FIRST, None, Decimal(discount), Decimal(above))


contracts = st.builds(contract, money, discounts, discounts)


def planned(*commitments: Commitment, months: int = 4, growth: str = "1") -> Projection:
    """Return a plan of $30 and $90 in the first month."""
    fleet = scenario({"low": "low", "high": "high"}, WORK, PLAIN, plan=Plan(commitments=commitments))
    return project(fleet, Horizon(FIRST, months, Decimal(growth)))


@given(money, contracts)
@exact
def test_a_month_costs_at_least_what_was_promised(spend: Decimal, promised: Commitment) -> None:
    assert committed(spend, promised).cost >= promised.amount - CLOSE


@given(money, money, contracts)
@exact
def test_more_spend_never_costs_less(less: Decimal, more: Decimal, promised: Commitment) -> None:
    less, more = sorted((less, more))
    assert committed(less, promised).cost <= committed(more, promised).cost + CLOSE


@given(money, money, discounts)
@exact
def test_without_another_discount_above_it_is_the_greater_of_the_two(
    spend: Decimal, amount: Decimal, discount: Decimal
) -> None:
    month = committed(spend, contract(amount, discount, discount))
    assert month.cost == max(amount, spend * (1 - discount))
    assert month.shortfall == month.cost - spend * (1 - discount)


@given(money, contracts)
@exact
def test_what_is_not_short_is_used(spend: Decimal, promised: Commitment) -> None:
    """Where nothing is left over, the bill is the committed part and the rest at its own discount."""
    month = committed(spend, promised)
    assert month.shortfall >= 0
    if not month.shortfall:
        beyond = spend - promised.amount / (1 - promised.discount)
        assert abs(month.cost - promised.amount - beyond * (1 - promised.discount_above)) < CLOSE


@given(money)
def test_a_commitment_to_nothing_changes_nothing(spend: Decimal) -> None:
    assert committed(spend, contract("0")) == Billed(spend)


def test_by_hand() -> None:
    promised = contract("90", "0.1", "0.05")  # 90 pays for 100
    assert committed(Decimal(80), promised) == Billed(Decimal(90), Decimal(18))
    assert committed(Decimal(100), promised) == Billed(Decimal(90))
    assert committed(Decimal(200), promised) == Billed(Decimal(90 + 95))


def test_each_strategy_pays_for_what_it_does_not_use() -> None:
    projection = planned(contract("100"))
    assert [month.cost for month in projection["low"].months] == [100, 100, 120, 240]
    assert [month.shortfall for month in projection["low"].months] == [70, 40, 0, 0]
    assert [month.cost for month in projection["high"].months] == [100, 180, 360, 720]
    assert projection["low"].total == 560


def test_a_commitment_binds_from_its_first_month_to_its_last() -> None:
    first = Commitment(Decimal(500), date(2026, 3, 1), date(2026, 4, 1))
    then = Commitment(Decimal(700), date(2026, 5, 1))
    projection = planned(first, then, months=5, growth="0")
    assert [month.cost for month in projection["low"].months] == [30, 500, 500, 700, 700]


def test_volume_discounts_come_first() -> None:
    steps = VolumeDiscount((VolumeStep(Decimal(0), Decimal("0.5")),))
    on = replace(PLAIN, terms=(Terms("USD", volume=steps),))
    plan = Plan(commitments=(contract("20", "0.1", "0.1"),))
    projection = project(scenario({"low": "low", "high": "high"}, WORK, on, plan=plan), Horizon(FIRST, 1))
    assert [spend.total for spend in projection.strategies] == [20, Decimal("40.5")]


def test_shortfalls_are_a_column_where_there_are_commitments() -> None:
    assert planned(contract("100")).records()[0]["shortfall"] == 70
    assert "shortfall" not in planned().columns


def test_commitments_to_two_vendors_are_settled_apart() -> None:
    on = replace(
        PLAIN,
        models={name: (replace(dated[0], provider=name),) for name, dated in PLAIN.models.items()},
    )
    low = replace(contract("20", "0.5"), scope=Scope(providers=("model-low",)))
    high = replace(contract("60"), scope=Scope(providers=("model-high",)))
    split = {"mixed": mix(low="0.5", high="0.5")}
    base = replace(scenario({"low": "low"}, WORK, on, plan=Plan(commitments=(low, high))), strategies=split)
    (month,) = project(base, Horizon(FIRST, 1)).strategies[0].months
    # low: 15 at half price is 7.50 of 20; high: 45 of 60
    assert (month.cost, month.shortfall) == (Decimal(80), Decimal("27.5"))
    assert dict(month.unused) == {low: Decimal("12.5"), high: 15}
