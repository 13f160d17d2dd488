"""Routers that are paid and that err."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.compare.router_errors import tolerated
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.conversation import Conversation, Turns
from routecost.engine.strategies.table import Routed
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import Assistant
from routecost.errors import UsageError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.routing.table import Route, RoutingTable
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import TaskCalls, TaskType, Workload
from tests.support.build import DAY, compared, cost, entry, mtok, sheet, successes, task, tokens, workload
from tests.support.strategies import TIERS, points, sheets, task_types

SHEET = sheet(low=entry(input=1, output=5), high=entry(input=10, output=50))
EASY = successes(task(80, tokens(1_000, 100), "easy"), low="0.95", high="0.99")
HARD = successes(task(20, tokens(2_000, 200), "hard"), low="0.5", high="0.9")
ROUTED = Assigned({"easy": UniformTier("low"), "hard": UniformTier("high")})
LOW, HIGH = UniformTier("low"), UniformTier("high")


def in_calls(tier: str, one: TaskType) -> Decimal:
    return cost(tier, workload(one), SHEET)


def test_mistakes_run_at_the_wrong_tier_with_their_own_tokens_and_fail_as_they_do_there() -> None:
    erring = replace(ROUTED, mistakes={"hard": {"easy": Decimal("0.25")}})
    total = in_calls("low", EASY) + Decimal("0.75") * in_calls("high", HARD)
    assert cost(erring, workload(EASY, HARD), SHEET) == total + Decimal("0.25") * in_calls("low", HARD)
    _, hard = erring.expand(workload(EASY, HARD), tier_models(SHEET, DAY)).outcomes
    assert hard.right == Decimal("0.75") * Decimal("0.9") + Decimal("0.25") * Decimal("0.5")


def test_the_router_is_paid_for_every_task() -> None:
    router = Assistant("router", "low", tokens(300, 10))
    plain, paid = (
        cost(strategy, workload(EASY, HARD), SHEET) for strategy in (ROUTED, replace(ROUTED, router=router))
    )
    assert paid - plain == 100 * (mtok(1, 300) + mtok(5, 10))


def test_an_even_error_goes_to_all_others() -> None:
    third = task(10, tokens(500, 10), "third")
    three = Assigned({"easy": LOW, "hard": HIGH, "third": LOW}, error=Decimal("0.2"))
    mixed = three.expand(workload(EASY, HARD, third), tier_models(SHEET, DAY)).mix
    # easy and third lose 10% to hard each; hard loses 20% to two types that are low
    assert round(110 * mixed["high"], 20) == Decimal("0.1") * (80 + 10) + Decimal("0.8") * 20


def test_a_cache_that_fewer_calls_share_is_written_more_often() -> None:
    cached = replace(EASY, cache=CachedPrefix(Decimal(500), Decimal(3)))
    half = replace(ROUTED, mistakes={"easy": {"hard": Decimal("0.5")}})
    prices = entry(input=1, output=5, cache_read="0.1", cache_write_5m="1.25")
    on = sheet(low=prices, high=prices)
    work = workload(cached, replace(HARD, tasks_per_day=Decimal(0)))
    whole = cost("low", workload(cached), on)
    # of 4 calls in a window one writes; of the 2 in each half on a model of its own one does as well
    parts = cost(replace(half, strategies={"easy": LOW, "hard": HIGH}), work, on)
    assert parts - whole == 80 * mtok("1.25", 125) - 80 * mtok("0.1", 125)
    # on one model all 4 still meet
    assert cost(replace(half, strategies={"easy": LOW, "hard": LOW}), work, on) == whole


@st.composite
def two_types(draw: st.DrawFn) -> Workload:
    drawn = [draw(task_types(points())) for _ in range(2)]
    return Workload(tuple(replace(one, name=name) for one, name in zip(drawn, "ab", strict=True)))


@given(two_types(), sheets(), st.sampled_from(TIERS), st.sampled_from(TIERS))
def test_a_router_without_error_or_cost_is_the_table(
    work: Workload, on: PricingSheet, first: str, second: str
) -> None:
    table = RoutingTable("t", "x", (Route("a", first, 0), Route("b", second, 1)))
    assigned = Assigned({"a": UniformTier(first), "b": UniformTier(second)}, by_kind=True)
    assigned_run, expected = (
        strategy.expand(work, tier_models(on, DAY)) for strategy in (assigned, Routed(table))
    )
    assert assigned_run.usage == expected.usage
    assert assigned_run.outcomes == expected.outcomes
    assert assigned_run.mix == expected.mix


def test_tiers_without_a_price_for_some_work_leave_out_how_often_a_router_may_be_wrong() -> None:
    """Hard tasks are in a mode that the low tier does not have."""
    hard = replace(HARD, modes={"fast": Decimal(1)})
    (high,) = SHEET.models["model-high"]
    fast = replace(high, card=replace(high.card, modes={"fast": high.card.standard}))
    some = replace(SHEET, models={**SHEET.models, "model-high": (fast,)})
    easy, strategies = replace(EASY, tasks_per_day=Decimal(9)), {"routed": ROUTED, "again": ROUTED}
    (limit,) = compared(strategies, workload(easy, hard), some, default="routed").router_errors
    assert (limit.strategy, limit.by_calls) == ("again", None)
    assert "no rate for" in limit.unknown


def test_how_often_a_router_may_be_wrong() -> None:
    comparison = compared({"high": "high", "routed": ROUTED}, workload(EASY, HARD), SHEET, default="high")
    (limit,) = comparison.router_errors
    assert limit.by_calls is None  # whatever it mistakes, some work runs on the low tier
    costly = compared({"low": "low", "routed": ROUTED}, workload(EASY, HARD), SHEET, default="low")
    assert costly.router_errors[0].by_calls == 0


@pytest.mark.parametrize(
    ("least", "most", "found"),
    [("-1", "1", "0.5"), ("-1", "3", "0.25"), ("1", "-1", "0"), ("-2", "-1", None), ("-1", "0", "1")],
)
def test_a_line_is_solved_exactly(least: str, most: str, found: str | None) -> None:
    start, rise = Decimal(least), Decimal(most) - Decimal(least)
    expected = None if found is None else Decimal(found)
    assert tolerated(lambda error: start + rise * error, bends=False) == expected


def test_a_curve_is_solved_piece_by_piece() -> None:
    limit = tolerated(lambda error: error * error - Decimal("0.25"), bends=False)
    assert limit is not None
    assert abs(limit - Decimal("0.5")) < Decimal("1e-18")


@pytest.mark.parametrize(
    ("strategy", "why"),
    [
        (Cascade(("low", "high"), detection=Detection(Decimal("0.5"))), 'success rate of "low" is unknown'),
        (Conversation((Turns("low", 3),), cached=False), "3 turns; expected 7, the calls per task of"),
    ],
)
def test_tasks_that_a_strategy_cannot_run_are_not_sent_to_it(strategy: Strategy, why: str) -> None:
    hard = replace(task(20, tokens(2_000, 200), "hard"), calls=TaskCalls(7))
    easy = replace(EASY, calls=TaskCalls(3))
    routed = Assigned({"easy": strategy, "hard": HIGH}, mistakes={"hard": {"easy": Decimal("0.1")}})
    with pytest.raises(UsageError, match=why):
        cost(routed, workload(easy, hard), SHEET)
    unerring = replace(routed, mistakes={})
    comparison = compared({"high": "high", "routed": unerring}, workload(easy, hard), SHEET, default="high")
    (limit,) = comparison.router_errors
    assert why in limit.unknown


@pytest.mark.parametrize("count", [5, 7, 30])
def test_an_even_error_is_that_of_named_mistakes_and_its_shares_sum_to_1(count: int) -> None:
    names = [f"t{at}" for at in range(count)]
    work = workload(*(task(at + 1, tokens(at + 1, 1), name) for at, name in enumerate(names)))
    assigned = Assigned({name: (LOW, HIGH)[at % 2] for at, name in enumerate(names)})
    share = Decimal("0.05") / (count - 1)
    named = {name: {other: share for other in names if other != name} for name in names}
    even = replace(assigned, error=Decimal("0.05")).expand(work, tier_models(SHEET, DAY))
    stated = replace(assigned, mistakes=named).expand(work, tier_models(SHEET, DAY))
    assert all(outcome.calls_per_task == 1 for outcome in even.outcomes)
    for tier in ("low", "high"):
        assert even.mix[tier] == pytest.approx(stated.mix[tier], abs=Decimal("1e-20"))


def test_an_error_over_too_many_combinations_is_refused() -> None:
    work = workload(*(task(1, tokens(1, 1), f"t{at}") for at in range(160)))
    strategies = {f"t{at}": Conversation((Turns("low", at + 1),)) for at in range(160)}
    with pytest.raises(UsageError, match="160 different strategies is 25,600 combinations"):
        Assigned(strategies, error=Decimal("0.05")).expand(work, tier_models(SHEET, DAY))
    Assigned(dict.fromkeys(strategies, LOW), error=Decimal("0.05")).expand(work, tier_models(SHEET, DAY))
