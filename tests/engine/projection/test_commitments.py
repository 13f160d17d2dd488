"""Committed spend: what a month costs under a contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.engine.pricing.commitments import Years, committed
from routecost.engine.pricing.pieces import EXACT, Billed
from routecost.engine.projection.project import project
from routecost.errors import UsageError
from routecost.model.pricing.terms import Scope, Terms, VolumeDiscount, VolumeStep
from routecost.model.results.projection import Projection
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import Commitment, Plan
from routecost.report.projection.project import report
from routecost.units import exact
from tests.support.build import entry, mix, scenario, sheet, task, tokens, workload
from tests.support.reports import text_of

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


def yearly(amount: str, discount: str = "0", above: str = "0", **more: Any) -> Commitment:
    return replace(contract(amount, discount, above), yearly=True, **more)


def test_a_yearly_commitment_is_settled_in_its_last_month() -> None:
    """Low costs $30 a month and 360 a year, so 140 of 500 are missing in January, and again a year later."""
    months = planned(yearly("500"), months=24, growth="0")["low"].months
    assert [month.cost for month in months] == [*[30] * 11, 170] * 2
    assert [month.shortfall for month in months] == [*[0] * 11, 140] * 2


def test_discounts_of_a_yearly_commitment_by_hand() -> None:
    """90 pays for 100 of list spend: 27, 27, 27, 9 + 10 x 95%, then 28.50 a month."""
    months = planned(yearly("90", "0.1", "0.05"), months=12, growth="0")["low"].months
    half = Decimal("28.50")
    assert [month.cost for month in months] == [27, 27, 27, 9 + 20 * Decimal("0.95"), *[half] * 8]
    assert not any(month.shortfall for month in months)


def test_a_contract_year_that_ends_after_the_months_is_not_settled() -> None:
    projection = planned(yearly("5000", "0.1"), months=3, growth="0")
    assert [month.cost for month in projection["low"].months] == [27, 27, 27]
    text = "What is missing of the yearly commitment from 2026-02 is due after 2026-04, and not included."
    assert text in text_of(report(projection))


def test_a_plan_within_a_contract_year_needs_what_was_paid() -> None:
    """The year from October ends in September; 300 were paid before February, and 8 months cost 240."""
    promised = yearly("700", start=date(2025, 10, 1))
    with pytest.raises(UsageError, match='"spent_so_far"'):
        planned(promised, months=12)
    known = replace(promised, spent_so_far=Decimal(300))
    fleet = scenario({"low": "low"}, WORK, PLAIN, plan=Plan(start=FIRST, commitments=(known,)))
    months = project(fleet, Horizon(FIRST, 12)).strategies[0].months
    assert [month.cost for month in months] == [*[30] * 7, 30 + 700 - 300 - 240, *[30] * 4]


@given(st.lists(money, min_size=12, max_size=12), contracts)
@exact
def test_a_contract_year_costs_as_much_as_its_spend_at_once(
    spends: list[Decimal], promised: Commitment
) -> None:
    years, agreed = Years(FIRST, {}), replace(promised, yearly=True)
    paid = []
    for month, spend in zip(Horizon(FIRST, 12).first_days, spends, strict=True):
        years.month = month
        paid.append(years.billed(spend, agreed, EXACT))
    assert abs(sum(bill.cost for bill in paid) - committed(sum(spends, Decimal(0)), promised).cost) < CLOSE
    assert all(bill.cost >= 0 for bill in paid)
    assert years.paid == {}


def test_simulated_runs_settle_years_too(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    path.write_text(UNCERTAIN, encoding="utf-8")
    projection = routecost.project(path, months=13, runs=200)
    months = projection["low"].months
    assert [month.p90 is not None for month in months] == [True] * 13
    assert months[11].cost > 900
    assert projection.outlook is not None
    assert abs(projection.outlook["low"].cumulative[11].p50 - 1000) < Decimal("0.01")


UNCERTAIN = """\
version: 1
pricing: claude-article
as_of: 2026-02-01
workload: {tasks_per_day: {uncertain: uniform, low: 1, high: 3}, tokens: {input: 2000, output: 500}}
strategies: {low: {tier: haiku}}
plan: {commitments: [{from: 2026-02, per: year, amount: 1000}]}
"""
