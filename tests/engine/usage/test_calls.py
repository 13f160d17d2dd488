"""Calls keep all that is billed: distributions, caches, modes and meters, whatever the strategy does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.numeric.uniform_sums import below, mean_below
from routecost.engine.strategies.agents import Agents, Mode, Role
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.confidence import ByConfidence
from routecost.engine.strategies.conversation import Conversation, Turns
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.plan_and_execute import PlanAndExecute, Subtasks
from routecost.engine.strategies.table import Routed
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.quantities import Linear
from routecost.engine.usage.task_flow import Assistant
from routecost.errors import UsageError
from routecost.model.pricing.hours import Hours
from routecost.model.pricing.sheet import BATCH, RateCard
from routecost.model.routing.table import Route, RoutingTable
from routecost.model.scenario.arrivals import Arrivals
from routecost.model.scenario.caching import CachedPrefix, CacheShares
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import Carry, Drawn, TaskCalls, TaskType, TokenCell, TokenShape
from tests.support.build import (
    THINKING,
    card,
    cell,
    compared,
    cost,
    entry,
    mean_output,
    mtok,
    sheet,
    task,
    tokens,
    workload,
)
from tests.support.strategies import shapes

ONE, ZERO = Decimal(1), Decimal(0)
RATES: dict[str, Any] = {
    "input": 1,
    "output": 5,
    "cache_read": "0.1",
    "cache_write_5m": "1.25",
    "cache_write_1h": 2,
    "web_search": 10,
    "input_audio": 3,
    "output_reasoning": 7,
}
TENFOLD = {meter: 10 * Decimal(rate) for meter, rate in RATES.items()}
HALF = {meter: Decimal(rate) / 2 for meter, rate in RATES.items()}
STEPPED = replace(
    entry(
        (100_000, RateCard({k: Decimal(v) for k, v in TENFOLD.items()}, {BATCH: HALF, "flex": HALF})), **RATES
    ),
    card=RateCard({k: Decimal(v) for k, v in RATES.items()}, {BATCH: HALF, "flex": HALF}),
)
ON = sheet(low=STEPPED, high=STEPPED)
NIGHTLY = replace(
    STEPPED,
    card=replace(STEPPED.card, modes={**STEPPED.card.modes, "night": HALF}),
    hours={"night": (Hours(22 * 60, 6 * 60, "+08:00", (0, 5)),)},
)
NIGHTLY = replace(
    NIGHTLY,
    steps=tuple(
        replace(step, card=replace(step.card, modes={**step.card.modes, "night": HALF}))
        for step in STEPPED.steps
    ),
)
BY_HOUR = sheet(low=NIGHTLY, high=NIGHTLY)
NO_HELPER = Assistant("helper", "low", tokens(0, 0))

DAYTIME = Arrivals("UTC", (((480, 1_080), ONE), ((1_920, 2_500), Decimal(3))))
FEATURES: dict[str, dict[str, Any]] = {
    "plain": {},
    "web_search": {"meters": {"web_search": Decimal(2)}},
    "audio": {"meters": {"input_audio": Decimal(300)}},
    "reasoning": {"meters": {"output_reasoning": Decimal(300)}},
    "batch": {"batch_share": Decimal("0.3")},
    "flex": {"modes": {"flex": Decimal("0.4")}},
    "two modes": {"batch_share": Decimal("0.3"), "modes": {"flex": Decimal("0.4")}},
    "cache shares": {"cache": CacheShares(Decimal("0.5"), Decimal("0.1"), Decimal("0.1"))},
    "cached prefix": {"cache": CachedPrefix(Decimal(500), Decimal(9))},
    "long prefix": {"cache": CachedPrefix(Decimal(5_000), Decimal(9))},
    "rows": {"tokens": TokenShape((cell("0.9", 1_000, 1_000, 300), cell("0.1", 180_000, 180_000, 2_000)))},
    "ranges": {
        "tokens": TokenShape((TokenCell(ONE, Decimal(1_000), Decimal(180_000), Decimal(500), Decimal(800)),))
    },
    "rows with meters": {
        "tokens": TokenShape(
            (
                replace(
                    cell("0.9", 90_000, 90_000, 300), meters={"input_audio": (Decimal(0), Decimal(40_000))}
                ),
                replace(cell("0.1", 1_000, 1_000, 2_000), meters={"web_search": (Decimal(3), Decimal(3))}),
            )
        )
    },
    "prefix by arrivals": {"cache": CachedPrefix(Decimal(500), None), "arrivals": DAYTIME},
    "prefix of many calls by arrivals": {
        "cache": CachedPrefix(Decimal(500), None, "1h"),
        "arrivals": DAYTIME,
        "calls": TaskCalls(7, Decimal(3_000), Carry.ALL),
    },
    "hours": {"arrivals": Arrivals("UTC", (((0, 3 * 1440), ONE), ((4 * 1440, 5 * 1440), Decimal(7))))},
    "hours and batch": {
        "arrivals": Arrivals("UTC", (((0, 10_080), ONE),)),
        "batch_share": Decimal("0.3"),
    },
    "many calls": {"calls": TaskCalls(7, Decimal(3_000), Carry.ALL)},
    "cached calls": {"calls": TaskCalls(7, Decimal(3_000), Carry.ALL, ONE)},
    "calls drawn one by one": {
        "tokens": TokenShape((cell("0.9", 1_000, 1_000, 300), cell("0.1", 50_000, 50_000, 2_000))),
        "calls": TaskCalls(4, Decimal(3_000), Carry.ALL, drawn=Drawn.PER_CALL),
    },
    "calls by themselves": {"calls": TaskCalls(3, Decimal(3_000), Carry.NONE, Decimal("0.5"))},
    "tokens by tier": THINKING,
    "carried reasoning": {**THINKING, "calls": TaskCalls(7, Decimal(3_000), Carry.ALL, ONE)},
}
"""What a workload may state; a new field of TaskType must be in here."""

DEGENERATE: dict[str, Strategy] = {
    "tier": UniformTier("low"),
    "mix": Mix({"low": Decimal("0.3"), "high": Decimal("0.7")}),
    "table": Routed(RoutingTable("t", "x", (Route("tasks", "low", 0),))),
    "assign": Assigned({"tasks": UniformTier("low")}),
    "cascade": Cascade(("low", "high"), accept={"low": ONE}),
    "cascade of one": Cascade(("low",)),
    "single": Agents(Mode.SINGLE, (Role("low"),)),
    "chain of one": Agents(Mode.CHAIN, (Role("low"),)),
    "ensemble of one": Agents(Mode.ENSEMBLE, (Role("low"),)),
    "debate of one": Agents(Mode.DEBATE, (Role("low"),)),
    "cached debate of one round": Agents(Mode.DEBATE, (Role("low"),), cached=True),
    "loop of one": Agents(Mode.REVIEW, (Role("low"),), cached=True),
    "plan": PlanAndExecute(NO_HELPER, (Subtasks("low", 1),)),
    "confidence": ByConfidence(
        "low",
        {"high": ONE, "medium": Decimal(0), "low": Decimal(0)},
        {"high": ONE, "medium": Decimal(0), "low": Decimal(0)},
        NO_HELPER,
        Detection(Decimal(0)),
        "high",
    ),
}
"""Each kind of strategy in a form that does just what the tier "low" does."""


def the_task(feature: str) -> TaskType:
    from routecost.model.scenario.success import SuccessRate

    one = task(100, tokens(1_000, 300))
    return replace(one, success={"low": SuccessRate(Decimal("0.9"))}, **FEATURES[feature])


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("kind", DEGENERATE)
def test_a_strategy_that_does_what_a_tier_does_costs_the_same(kind: str, feature: str) -> None:
    if kind == "mix" and "prefix" in feature:
        pytest.skip("a mix over two models splits a shared prefix: test_caching")
    work, on = workload(the_task(feature)), BY_HOUR if "hours" in feature else ON
    assert abs(cost(DEGENERATE[kind], work, on) - cost("low", work, on)) < Decimal("1e-40")


@pytest.mark.parametrize("feature", FEATURES)
def test_a_conversation_of_the_workloads_calls_costs_what_the_tier_does(feature: str) -> None:
    one = the_task(feature)
    turns = one.calls.per_task
    talk = Conversation((Turns("low", turns),), cached=False)
    on = BY_HOUR if "hours" in feature else ON
    assert cost(talk, workload(one), on) == cost("low", workload(one), on)


def test_all_kinds_and_features_are_in_the_matrix() -> None:
    from dataclasses import fields
    from pkgutil import iter_modules

    from routecost.engine import strategies

    names = {module.name for module in iter_modules(strategies.__path__)}
    kinds = {strategy.__module__.rpartition(".")[2] for strategy in DEGENERATE.values()} | {"conversation"}
    assert kinds == names
    varied = {key for feature in FEATURES.values() for key in feature}
    other = {
        "name",
        "owner",
        "tags",
        "tasks_per_day",
        "tasks_per_working_day",
        "days_per_week",
        "path",
        "kind",
        "success",
        "failure_cost",
        "rework",
    }
    assert varied | other == {field.name for field in fields(TaskType)}


@pytest.mark.parametrize("kind", DEGENERATE)
def test_one_row_with_meters_is_the_same_as_plain_meters(kind: str) -> None:
    row = TokenCell(ONE, Decimal(90_000), Decimal(90_000), Decimal(300))
    meters = {"input_audio": Decimal(20_000), "web_search": Decimal(2)}
    joint = replace(row, meters={meter: (count, count) for meter, count in meters.items()})
    one = the_task("plain")
    plain = replace(one, tokens=TokenShape((row,)), meters=meters)
    costs = [
        cost(DEGENERATE[kind], workload(each), ON)
        for each in (replace(one, tokens=TokenShape((joint,))), plain)
    ]
    assert costs[0] == costs[1] > cost(DEGENERATE[kind], workload(replace(plain, meters={})), ON)


def with_audio(weight: str, sent: int, low: int, high: int) -> TokenCell:
    return replace(cell(weight, sent, sent, 100), meters={"input_audio": (Decimal(low), Decimal(high))})


def test_meters_of_a_row_count_towards_price_steps_with_its_input() -> None:
    rows = TokenShape((with_audio("0.1", 90_000, 20_000, 20_000), cell("0.9", 1_000, 1_000, 100)))
    long = mtok(10, 90_000) + mtok(30, 20_000) + mtok(50, 100)
    short = mtok(1, 1_000) + mtok(5, 100)
    assert cost("low", workload(task(10, rows)), ON) == long + 9 * short


def test_a_range_of_a_meter_is_split_at_price_steps() -> None:
    rows = TokenShape((with_audio("1", 90_000, 0, 40_000),))  # a quarter is below the step
    short = mtok(1, 90_000) + mtok(3, 5_000) + mtok(5, 100)
    long = mtok(10, 90_000) + mtok(30, 25_000) + mtok(50, 100)
    assert cost("low", workload(task(4, rows)), ON) == short + 3 * long


def test_tokens_of_its_own_replace_the_meters_of_the_task_if_they_state_any() -> None:
    one = task(1, TokenShape((with_audio("1", 1_000, 700, 700),)))

    def of_role(shape: TokenShape) -> Decimal:
        return cost(Agents(Mode.SINGLE, (Role("low", tokens=shape),)), workload(one), ON)

    assert of_role(tokens(2_000, 10)) == mtok(1, 2_000) + mtok(5, 10) + mtok(3, 700)
    assert of_role(TokenShape((with_audio("1", 2_000, 5, 5),))) == mtok(1, 2_000) + mtok(5, 100) + mtok(3, 5)


def test_an_output_that_is_passed_on_keeps_its_distribution() -> None:
    rows = TokenShape((cell("0.9", 90_000, 90_000, 500), cell("0.1", 90_000, 90_000, 60_000)))
    passed = Cascade(("high", "low"), accept={"high": Decimal(0)}, pass_on=True)
    short = mtok(1, 90_500) + mtok(5, 500)
    long = mtok(10, 150_000) + mtok(50, 60_000)  # 90,000 and 60,000 cross the step at 100,000
    first = cost("high", workload(task(10, rows)), ON)
    assert cost(passed, workload(task(10, rows)), ON) - first == 9 * short + 1 * long


def test_an_agent_that_carries_its_context_pays_for_the_growth() -> None:
    calls = TaskCalls(3, Decimal(1_000), Carry.ALL)
    work = workload(replace(task(1, tokens(200, 50)), calls=calls))
    contexts = 1_200 + (1_200 + 250) + (1_200 + 500)
    assert cost("low", work, ON) == mtok(1, contexts) + 3 * mtok(5, 50)


def test_a_cached_context_is_read_and_what_is_new_is_written() -> None:
    calls = TaskCalls(3, Decimal(1_000), Carry.ALL, ONE)
    work = workload(replace(task(1, tokens(200, 50)), calls=calls))
    written = 1_200 + 250 + 250
    read = 1_200 + 1_450
    assert cost("low", work, ON) == mtok("1.25", written) + mtok("0.1", read) + 3 * mtok(5, 50)


def test_a_pause_beyond_the_lifetime_writes_all_of_it_again() -> None:
    calls = TaskCalls(2, Decimal(1_000), Carry.ALL, ONE, pause=Decimal(301))
    work = workload(replace(task(1, tokens(200, 50)), calls=calls))
    assert cost("low", work, ON) == mtok("1.25", 1_200 + 1_450) + 2 * mtok(5, 50)


def test_coming_back_to_a_warm_cache_reads_it() -> None:
    back = Conversation((Turns("low", 1), Turns("high", 1), Turns("low", 1)))
    warm = TaskCalls(3, Decimal(1_000), Carry.ALL, ONE, pause=Decimal(60))
    work = workload(replace(task(1, tokens(200, 50)), calls=warm))
    written = 1_200 + 1_450 + 500  # the third call reads 1,200 and writes the two turns since then
    assert cost(back, work, ON) == mtok("1.25", written) + mtok("0.1", 1_200) + 3 * mtok(5, 50)
    cold = replace(warm, pause=Decimal(200))  # 400 seconds since the first call
    work = workload(replace(task(1, tokens(200, 50)), calls=cold))
    assert cost(back, work, ON) == mtok("1.25", 1_200 + 1_450 + 1_700) + 3 * mtok(5, 50)


def priced(read: int, stored: int, plain: int, output: int) -> Decimal:
    """Return the cost of a call by hand: ten times as much above a context of 100,000."""
    rate = 10 if read + stored + plain > 100_000 else 1
    return rate * (mtok("0.1", read) + mtok("1.25", stored) + mtok(1, plain) + mtok(5, output))


@pytest.mark.parametrize("cached", [ZERO, ONE])
@pytest.mark.parametrize("drawn", list(Drawn))
def test_calls_share_a_row_or_are_drawn_one_by_one(drawn: Drawn, cached: Decimal) -> None:
    rows = {(1_000, 300): Decimal("0.7"), (30_000, 4_000): Decimal("0.2"), (60_000, 20): Decimal("0.1")}
    shape = TokenShape(tuple(cell(str(weight), sent, sent, out) for (sent, out), weight in rows.items()))
    calls = TaskCalls(4, Decimal(2_000), Carry.ALL, cached, drawn=drawn)
    expected = ZERO
    for draws in product(rows, repeat=4) if drawn is Drawn.PER_CALL else ((row,) * 4 for row in rows):
        weight = prod(rows[row] for row in draws) if drawn is Drawn.PER_CALL else rows[draws[0]]
        before = 0
        for at, (sent, out) in enumerate(draws):
            context = 2_000 + sum(map(sum, draws[:at])) + sent
            used = (before, context - before, 0, out) if cached else (0, 0, context, out)
            expected += weight * priced(*used)
            before = context
    work = workload(replace(task(1, shape), calls=calls))
    assert abs(cost("low", work, ON) - expected) < Decimal("1e-40")


def test_many_calls_drawn_one_by_one_cross_a_step_as_often_as_a_simulation_says() -> None:
    shape = TokenShape((TokenCell(ONE, Decimal(0), Decimal(6_000), Decimal(0)),))
    calls = TaskCalls(40, ZERO, Carry.ALL, drawn=Drawn.PER_CALL)
    generator = np.random.default_rng(5)
    contexts = np.cumsum(generator.uniform(0, 6_000, (20_000, 40)), axis=1)
    simulated = float(np.where(contexts > 100_000, 10 * contexts, contexts).sum(axis=1).mean()) / 1e6
    assert float(cost("low", workload(replace(task(1, shape), calls=calls)), ON)) == pytest.approx(
        simulated, rel=5e-3
    )


def test_rounds_of_a_debate_are_drawn_one_by_one() -> None:
    rows = {(40_000, 100): Decimal("0.75"), (40_000, 40_000): Decimal("0.25")}
    shape = TokenShape(tuple(cell(str(weight), sent, sent, out) for (sent, out), weight in rows.items()))
    debate = Agents(Mode.DEBATE, (Role("low"),), rounds=3)
    expected = ZERO
    for first, second, third in product(rows, repeat=3):
        weight = rows[first] * rows[second] * rows[third]
        contexts = (first[0], second[0] + first[1], third[0] + first[1] + second[1])
        answers = (first[1], second[1], third[1])
        expected += weight * sum(priced(0, 0, *call) for call in zip(contexts, answers, strict=True))
    work = workload(replace(task(1, shape), calls=TaskCalls(drawn=Drawn.PER_CALL)))
    assert abs(cost(debate, work, ON) - expected) < Decimal("1e-40")


def test_strategies_that_do_other_work_have_no_savings() -> None:
    talk: dict[str, Strategy | str] = {"talk": Conversation((Turns("low", 5),)), "once": UniformTier("low")}
    result = compared(talk, workload(task(1, tokens(200, 50))), ON, default="talk", proposed="once")
    assert result.savings is None
    assert result.calls_per_task == {"talk": (Decimal(5),), "once": (ONE,)}


@pytest.mark.parametrize("feature", [name for name, stated in FEATURES.items() if "calls" in stated])
@pytest.mark.parametrize("mode", [Mode.DEBATE, Mode.REVIEW])
def test_cached_agents_refuse_tasks_of_many_calls(mode: Mode, feature: str) -> None:
    cached = Agents(mode, (Role("low"),), rounds=2, rejects=ONE, cached=True)
    with pytest.raises(UsageError, match="make one call each"):
        cost(cached, workload(the_task(feature)), ON)


def test_a_quantity_below_zero_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="below zero"):
        Linear(Decimal(-1))


@given(shapes(), st.integers(1, 400_000))
def test_reading_the_answer_adds_its_tokens(shape: TokenShape, edge: int) -> None:
    on = sheet(low=entry((edge, card(input=1, output=5)), input=1, output=5), high=entry(input=1, output=5))
    chain = Agents(Mode.CHAIN, (Role("high"), Role("low")))
    work = workload(task(1, shape))
    expected = 2 * cost("high", work, on) + mtok(1, mean_output(shape))
    assert abs(cost(chain, work, on) - expected) <= expected.scaleb(-40)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=4), st.integers(-5, 220))
def test_sums_of_uniform_variables_agree_with_counting(spans: list[int], room: int) -> None:
    from itertools import product

    steps = 12
    points = list(product(*([(at + 0.5) / steps for at in range(steps)] for _ in spans)))
    inside = [p for p in points if sum(u * s for u, s in zip(p, spans, strict=True)) <= room]
    exact = [Decimal(span) for span in spans]
    assert float(below(Decimal(room), exact)) == pytest.approx(len(inside) / len(points), abs=0.06)
    moment = sum(p[0] for p in inside) / len(points)
    assert float(mean_below(Decimal(room), exact, 0)) == pytest.approx(moment, abs=0.06)


def test_a_share_of_the_tasks_keeps_the_hits_within_a_task() -> None:
    cached = replace(
        task(100, tokens(4_100, 10)), cache=CachedPrefix(Decimal(4_000), ZERO), calls=TaskCalls(10)
    )
    mix = Mix({"low": Decimal("0.9"), "high": Decimal("0.1")})
    parts = mtok("1.25", 4_000) + mtok("0.1", 9 * 4_000) + 10 * (mtok(1, 100) + mtok(5, 10))
    two_models = sheet(
        low=STEPPED, high=entry(**dict[str, Any]({meter: 3 * Decimal(rate) for meter, rate in RATES.items()}))
    )
    assert cost(mix, workload(cached), two_models) == 100 * (
        Decimal("0.9") * parts + Decimal("0.1") * 3 * parts
    )
