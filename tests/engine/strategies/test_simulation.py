"""Expected usage and outcomes agree with tasks that are drawn one by one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.agents import Agents, Mode, Role
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.confidence import ByConfidence
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.plan_and_execute import PlanAndExecute, Review, Subtasks
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import Assistant
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import Detection
from tests.support.build import DAY, cost, entry, sheet, successes, task, tokens, workload
from tests.support.simulate import Fate, mean_and_error

SHEET = sheet(low=entry(input=1, output=4), middle=entry(input=3, output=15), high=entry(input=15, output=75))
RATES = {"low": 0.8, "middle": 0.9, "high": 0.95}
PRICE = {"low": (1e-6, 4e-6), "middle": (3e-6, 15e-6), "high": (15e-6, 75e-6)}
INPUT, OUTPUT = 1_000, 200
TASK = successes(task(1, tokens(INPUT, OUTPUT)), **{tier: str(rate) for tier, rate in RATES.items()})
DETECTION = Detection(Decimal("0.7"), Decimal("0.1"))
RUNS = 20_000
ROUNDING = 1e-9
"""Where every task costs the same, only floats differ."""


def call(tier: str, read: float = INPUT, written: float = OUTPUT) -> float:
    return PRICE[tier][0] * read + PRICE[tier][1] * written


def rejects(chance: random.Random, right: bool) -> bool:
    return chance.random() < (0.1 if right else 0.7)


def a_mix(chance: random.Random) -> Fate:
    tier = chance.choices(["low", "middle", "high"], [0.8, 0.15, 0.05])[0]
    return call(tier), chance.random() < RATES[tier]


def a_cascade(chance: random.Random) -> Fate:
    spent, passed, right = 0.0, 0, False
    for tier in ("low", "middle", "high"):
        spent += call(tier, INPUT + passed)
        right = chance.random() < RATES[tier]
        if tier == "high":
            break
        spent += call("low", 50 + OUTPUT, 5)
        if not rejects(chance, right):
            break
        passed = OUTPUT
    return spent, right


def a_confidence(chance: random.Random) -> Fate:
    spent = call("low", INPUT, OUTPUT + 30)
    right = chance.random() < RATES["low"]
    is_sure = chance.random() < (0.85 if right else 0.3)
    if is_sure:
        return spent, right
    spent += call("middle", 100 + OUTPUT + 30, 20)
    if rejects(chance, right):
        spent += call("middle")
        right = chance.random() < RATES["middle"]
    return spent, right


def a_plan(chance: random.Random) -> Fate:
    spent, all_right, rejected = call("high", 500, 100), True, []
    for at in range(3):
        spent += call("low", INPUT + (50 if at else 0))
        right = chance.random() < RATES["low"]
        rejected.append((rejects(chance, right), right))
    spent += call("middle", 200 + 3 * OUTPUT, 40)
    for is_rejected, was_right in rejected:
        right = was_right
        if is_rejected:
            tier = "high" if chance.random() < 0.25 else "middle"
            spent += call(tier)
            right = chance.random() < RATES[tier]
        all_right = all_right and right
    return spent, all_right


def a_router(chance: random.Random) -> Fate:
    """One of two types as frequent as the other, which the router takes for it in 20% of the tasks."""
    is_hard = chance.random() < 0.5
    is_mistaken = chance.random() < 0.2
    tier = "high" if is_hard != is_mistaken else "low"
    return call("low", 60, 4) + call(tier), chance.random() < RATES[tier]


def a_debate(chance: random.Random) -> Fate:
    """Three agents in two rounds, who read all three outputs in the second; each is right by itself."""
    spent = 3 * call("low") + 3 * call("low", INPUT + 3 * OUTPUT)
    return spent, sum(chance.random() < RATES["low"] for _ in range(3)) >= 2


def test_a_router_is_the_mean_of_what_happens() -> None:
    router = Assistant("router", "low", tokens(60, 4))
    strategies = {"easy": UniformTier("low"), "hard": UniformTier("high")}
    routed = Assigned(strategies, router, error=Decimal("0.2"))
    work = workload(*(replace(TASK, name=name, tasks_per_day=Decimal("0.5")) for name in strategies))
    (spent, spent_error), (right, right_error) = mean_and_error(a_router, RUNS, seed=23)
    outcomes = routed.expand(work, tier_models(SHEET, DAY)).outcomes
    expected = sum(float(one.right or 0) * float(one.tasks_per_day) for one in outcomes)
    assert abs(float(cost(routed, work, SHEET)) - spent) < 4 * spent_error
    assert abs(expected - right) < 4 * right_error


KINDS: dict[str, tuple[Strategy, Callable[[random.Random], Fate]]] = {
    "mix": (Mix({"low": Decimal("0.8"), "middle": Decimal("0.15"), "high": Decimal("0.05")}), a_mix),
    "cascade": (
        Cascade(
            ("low", "middle", "high"),
            detection=DETECTION,
            judge=Assistant("judge", "low", tokens(50, 5), reads_output=True),
            pass_on=True,
        ),
        a_cascade,
    ),
    "confidence": (
        ByConfidence(
            "low",
            {"high": Decimal("0.85"), "medium": Decimal("0.1"), "low": Decimal("0.05")},
            {"high": Decimal("0.3"), "medium": Decimal("0.4"), "low": Decimal("0.3")},
            Assistant("reviewer", "middle", tokens(100, 20), reads_output=True),
            DETECTION,
            "middle",
            Decimal(30),
        ),
        a_confidence,
    ),
    "debate": (
        Agents(Mode.DEBATE, (Role("low"),) * 3, rounds=2, correlation=Decimal(0)),
        a_debate,
    ),
    "plan-and-execute": (
        PlanAndExecute(
            Assistant("planner", "high", tokens(500, 100)),
            (Subtasks("low", 3),),
            Review(
                Assistant("reviewer", "middle", tokens(200, 40), reads_output=True),
                detection=DETECTION,
                escalated=Decimal("0.25"),
            ),
            hand_on=Decimal(50),
            independent=True,
        ),
        a_plan,
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_expected_is_the_mean_of_what_happens(kind: str) -> None:
    strategy, draw = KINDS[kind]
    (spent, spent_error), (right, right_error) = mean_and_error(draw, RUNS, seed=11)
    (outcome,) = strategy.expand(workload(TASK), tier_models(SHEET, DAY)).outcomes
    assert outcome.right is not None
    assert abs(float(cost(strategy, workload(TASK), SHEET)) - spent) < 4 * spent_error + ROUNDING
    assert abs(float(outcome.right) - right) < 4 * right_error
