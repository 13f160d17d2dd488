"""Causes of the change of a bill: they sum exactly, and each change is found where it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from routecost import load_scenario
from routecost.engine.breakdown.bill_change import Side, strategy_changes
from routecost.engine.compare.compare import compare
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import PricingSheet, TierModel
from routecost.model.results.changes.changes import Cause, Status, StrategyChange
from routecost.model.results.failures import Between
from routecost.model.scenario.fixed_fees import Storage
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import TaskType, Workload
from tests.examples import FEWER_EXAMPLES
from tests.support.build import entry, mix, scenario, sheet, successes, task, tokens, workload
from tests.support.strategies import mixes, sheets, workloads

DAY = date(2026, 2, 1)


def side(of: Scenario) -> Side:
    return Side(of, compare(of, of.as_of or DAY))


def changes(before: Scenario, after: Scenario) -> Mapping[str, StrategyChange]:
    return {row.strategy: row for row in strategy_changes(side(before), side(after))}


def exact_sum(row: StrategyChange) -> Fraction:
    return sum(map(Fraction, row.parts.values()), Fraction(0))


@FEWER_EXAMPLES
@given(mixes(), mixes(), workloads(), workloads(), sheets(), sheets())
def test_parts_sum_to_the_difference_and_a_change_back_is_its_negative(
    one: Any, two: Any, work: Workload, more: Workload, old: PricingSheet, new: PricingSheet
) -> None:
    sides = [scenario({"s": kind}, load, on) for kind, load, on in ((one, work, old), (two, more, new))]
    there, back = changes(*sides)["s"], changes(*reversed(sides))["s"]
    assert there.before is not None
    assert there.after is not None
    difference = Fraction(there.after.cost_per_month) - Fraction(there.before.cost_per_month)
    assert abs(exact_sum(there) - difference) < Fraction(1, 10**40)
    assert exact_sum(there) == Fraction(there.change or 0)
    assert not there.parts[Cause.TERMS]
    for cause in Cause:
        assert abs(Fraction(there.parts[cause]) + Fraction(back.parts[cause])) < Fraction(1, 10**15)


@pytest.mark.parametrize("name", ["article-fleet", "collaboration", "support-desk", "legal-review"])
def test_more_of_the_same_tasks_are_volume_in_every_kind_of_strategy(name: str) -> None:
    fleet = load_scenario(name)
    more = replace(fleet, workload=fleet.workload.times(Decimal("1.5")))
    for row in changes(fleet, more).values():
        assert row.change
        assert {cause for cause, part in row.parts.items() if abs(part) > Decimal("1e-15")} == {Cause.VOLUME}


def of_article(**fields: Any) -> Scenario:
    roles: dict[str, Any] = dict.fromkeys(("baseline", "default", "proposed", "budget"))
    return replace(load_scenario("article-fleet"), claims=(), **roles, **fields)


def of_tasks(*tasks: TaskType, tier: str = "sonnet", **fields: Any) -> Scenario:
    return of_article(workload=workload(*tasks), strategies={"s": UniformTier(tier)}, **fields)


def test_each_cause_by_hand() -> None:
    """500 tasks of 2000 + 500 tokens, then 600 with 3000 + 500, on a tier at 3 and 15 dollars."""
    old, new = of_tasks(task(500, tokens(2000, 500))), of_tasks(task(600, tokens(3000, 500)))
    row = changes(old, new)["s"]
    volume = 100 * 30 * (Decimal("0.0135") + Decimal("0.0165")) / 2
    more = 1000 * 30 * Decimal("0.000003") * (500 + 600) / 2
    assert {cause: part for cause, part in row.parts.items() if part} == {
        Cause.VOLUME: volume,
        Cause.TOKENS: more,
    }
    assert row.change == volume + more
    assert row.change_fraction == (volume + more) / Decimal("202.5")


def test_shares_of_tiers_and_of_task_types_are_mix_and_a_sheet_is_price() -> None:
    fleet = of_article()
    other = {**fleet.strategies, "routed-80-15-5": mix(haiku="0.7", sonnet="0.2", opus="0.1")}
    rows = changes(fleet, of_article(strategies=other))
    assert only(rows["routed-80-15-5"]) == Cause.MIX
    assert rows["all-haiku"].status is Status.UNCHANGED
    types = [
        of_tasks(task(short, tokens(100, 10), "short"), task(100 - short, tokens(9000, 900), "long"))
        for short in (90, 50)
    ]
    assert only(changes(*types)["s"]) == Cause.MIX
    newer = load_scenario("article-fleet", pricing="claude-2026-11", as_of=date(2026, 11, 22))
    assert {only(row) for row in changes(fleet, newer).values()} == {Cause.PRICE}


def only(row: StrategyChange) -> Cause:
    (cause,) = (cause for cause, part in row.parts.items() if part)
    return cause


def test_the_model_of_a_tier_is_price_also_if_two_tiers_share_one() -> None:
    low, high = entry(input=1, output=5), entry(input=10, output=50)
    shared = replace(
        sheet(low=low, high=high), tiers={tier: (TierModel("model-low"),) for tier in ("low", "high")}
    )
    before, after = (
        scenario({"s": mix(low="0.5", high="0.5")}, workload(task(100, tokens(1000, 100))), on)
        for on in (shared, sheet(low=low, high=high))
    )
    assert only(changes(before, after)["s"]) == Cause.PRICE


@pytest.mark.parametrize("name", ["conversations", "frugalgpt", "uncertain-fleet", "failure-modes"])
def test_what_is_unknown_is_no_change(name: str) -> None:
    rows = changes(load_scenario(name), replace(load_scenario(name), name="renamed"))
    assert {row.status for row in rows.values()} == {Status.UNCHANGED}


def test_a_cascade_that_is_kept_fails_no_more_often() -> None:
    kept = {"s": Cascade(("haiku", "opus"), accept={"haiku": Decimal("0.75")})}
    before, after = (
        of_article(
            workload=workload(task(tasks, tokens(1000, 100), failure_cost=Decimal(2))), strategies=kept
        )
        for tasks in (100, 110)
    )
    assert changes(before, after)["s"].failures == Between(Decimal(0), Decimal(600))


def test_a_strategy_of_one_side_is_new_or_gone() -> None:
    fleet = of_article()
    fewer = of_article(strategies={name: fleet.strategies[name] for name in ("all-haiku", "all-sonnet")})
    gone, new = changes(fleet, fewer)["all-opus"], changes(fewer, fleet)["all-opus"]
    assert (gone.status, gone.after, gone.change) == (Status.GONE, None, None)
    assert (new.status, new.before, new.change) == (Status.NEW, None, None)


def with_failures(rate: str | None, tasks: int, cost: str | None = "2") -> Scenario:
    kind = task(tasks, tokens(1000, 100), failure_cost=None if cost is None else Decimal(cost))
    return of_tasks(kind if rate is None else successes(kind, sonnet=rate))


@pytest.mark.parametrize(
    ("before", "after", "low", "high"),
    [
        (("0.9", 100), ("0.8", 100), 600, 600),
        (("0.9", 100), ("0.9", 200), 600, 600),
        ((None, 100), (None, 100), 0, 0),
        ((None, 100), (None, 110), 0, 600),
        ((None, 110), (None, 100), -600, 0),
        ((None, 100), (None, 100, "3"), 0, 3000),
        (("0.9", 100), (None, 100), -600, 5400),
        (("0.9", 100, None), ("0.9", 100, None), 0, 0),
        (("0.9", 100, None), ("0.9", 110, None), 0, None),
        (("0.9", 100, None), ("0.8", 100, None), None, None),
    ],
)
def test_failures_change_between_bounds(
    before: tuple[Any, ...], after: tuple[Any, ...], low: int | None, high: int | None
) -> None:
    row = changes(with_failures(*before), with_failures(*after))["s"]
    bounds = Between(*(None if end is None else Decimal(end) for end in (low, high)))
    assert row.failures == bounds
    assert row.total == bounds.plus(Between.exactly(row.change or Decimal(0)))


def test_a_higher_tier_fails_no_more_often() -> None:
    kind = task(100, tokens(1000, 100), failure_cost=Decimal(2))
    low, high = of_tasks(kind, tier="haiku"), of_tasks(kind, tier="opus")
    assert changes(low, high)["s"].failures == Between(Decimal(-6000), Decimal(0))
    assert changes(high, low)["s"].failures == Between(Decimal(0), Decimal(6000))


def test_fixed_fees_are_terms() -> None:
    on = sheet(low=entry(input=1, output=5, cache_storage=1))
    work = workload(task(100, tokens(1000, 100)))
    stored = Storage("low", Decimal(1_000_000), Decimal(0), Decimal(24))
    row = changes(scenario({"s": "low"}, work, on), scenario({"s": "low"}, work, on, fixed_fees=(stored,)))[
        "s"
    ]
    assert only(row) == Cause.TERMS
    assert row.change == 720


def test_many_task_types_take_little_time() -> None:
    kinds = [
        [task(100 + at * scale, tokens(1000 + at * scale, 77 + at), f"t{at}") for at in range(300)]
        for scale in (1, 3)
    ]
    row = changes(*(of_tasks(*tasks) for tasks in kinds))["s"]
    assert exact_sum(row) == Fraction(row.change or 0)
