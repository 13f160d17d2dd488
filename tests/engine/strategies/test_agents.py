"""Agents that talk to each other: what each call reads, and how often they are right together."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.agents import Agents, Mode, Role
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.majority_vote import all_right, vote
from routecost.engine.usage.task_flow import Assistant
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.strategy import Outcome, Strategy
from routecost.model.scenario.success import Detection, Latency
from routecost.model.scenario.workload import TaskType, Workload
from routecost.units import ZERO
from tests.examples import FEWER_EXAMPLES
from tests.support.build import DAY, cost, entry, mtok, sheet, successes, task, tokens, workload
from tests.support.simulate import Fate, mean_and_error
from tests.support.strategies import sheets, workloads

SHEET = sheet(
    low=entry(input=1, output=5, cache_read="0.1", cache_write_5m="1.25"),
    high=entry(input=10, output=50, cache_read=1, cache_write_5m="12.5"),
)
TASK = successes(task(1, tokens(1_000, 100)), low="0.8", high="0.95")
LOW, HIGH = Role("low"), Role("high")


def outcome(strategy: Strategy, one: TaskType = TASK) -> Outcome:
    (result,) = strategy.expand(workload(one), tier_models(SHEET, DAY)).outcomes
    return result


def spent(strategy: Strategy) -> Decimal:
    return cost(strategy, workload(TASK), SHEET)


def call(read: int, written: int = 100) -> Decimal:
    return mtok(1, read) + mtok(5, written)


@pytest.mark.parametrize(
    "one",
    [
        Agents(Mode.SINGLE, (LOW,)),
        Agents(Mode.DEBATE, (LOW,)),
        Agents(Mode.DEBATE, (LOW,), cached=True),
        Agents(Mode.ENSEMBLE, (LOW,)),
        Agents(Mode.CHAIN, (LOW,)),
        Agents(Mode.REVIEW, (LOW,)),
    ],
    ids=lambda one: f"{one.mode} {one.cached}",
)
@FEWER_EXAMPLES
@given(work=workloads(), on=sheets())
def test_one_agent_and_one_round_is_single(one: Agents, work: Workload, on: PricingSheet) -> None:
    made, expected = (strategy.expand(work, tier_models(on, DAY)) for strategy in (one, UniformTier("low")))
    assert (made.usage, made.outcomes) == (expected.usage, expected.outcomes)


def test_a_chain_reads_all_before_it() -> None:
    chain = Agents(Mode.CHAIN, (LOW, LOW, LOW), correlation=ZERO)
    assert spent(chain) == call(1_000) + call(1_100) + call(1_200)
    assert outcome(chain).right == Decimal("0.8") ** 3


def test_a_debate_reads_all_rounds_before() -> None:
    debate = Agents(Mode.DEBATE, (LOW, LOW, LOW), rounds=3)
    assert spent(debate) == 3 * (call(1_000) + call(1_300) + call(1_600))
    assert outcome(debate).right is None


def test_what_was_read_before_is_read_from_the_cache() -> None:
    debate = Agents(Mode.DEBATE, (LOW, LOW), rounds=3, cached=True)
    first = mtok("1.25", 1_000)
    second = mtok("0.1", 1_000) + mtok("1.25", 200)
    last = mtok("0.1", 1_200) + mtok(1, 200)
    assert spent(debate) == 2 * (first + second + last + 3 * mtok(5, 100))


def test_a_judge_decides_in_place_of_the_vote() -> None:
    judge = Assistant("judge", "high", tokens(50, 10), reads_output=True)
    ensemble = Agents(Mode.ENSEMBLE, (LOW, LOW), judge=judge, correlation=ZERO)
    assert spent(ensemble) == 2 * call(1_000) + mtok(10, 50 + 200) + mtok(50, 10)
    assert outcome(ensemble).right is None
    assert outcome(replace(ensemble, success=Decimal("0.9"))).right == Decimal("0.9")


def test_a_loop_tries_again_with_what_was_said() -> None:
    judge = Assistant("judge", "low", tokens(200, 20), reads_output=True)
    loop = Agents(Mode.REVIEW, (LOW,), rounds=3, judge=judge, rejects=Decimal("0.5"))
    judged = mtok(1, 300) + mtok(5, 20)
    first, second, third = call(1_000), call(1_120), call(1_240)
    half, quarter = Decimal("0.5"), Decimal("0.25")
    assert spent(loop) == first + judged + half * (second + judged) + quarter * third


def test_agents_of_a_round_work_at_the_same_time() -> None:
    line = replace(tier_models(SHEET, DAY), latency={"low": Latency(Decimal(1)), "high": Latency(Decimal(3))})
    debate = Agents(Mode.DEBATE, (LOW, HIGH), rounds=2)
    chain = Agents(Mode.CHAIN, (LOW, HIGH))
    seconds = [one.expand(workload(TASK), line).outcomes[0].seconds for one in (debate, chain)]
    assert seconds == [6, 4]


def test_votes_worked_by_hand() -> None:
    rates = [Decimal("0.8")] * 3
    assert vote(rates, ZERO) == Decimal("0.512") + 3 * Decimal("0.64") * Decimal("0.2")
    assert vote(rates, Decimal(1)) == Decimal("0.8")
    assert vote([Decimal("0.6"), Decimal("0.9")], ZERO) == Decimal("0.54") + Decimal("0.42") / 2
    assert all_right([Decimal("0.6"), Decimal("0.9")], Decimal(1)) == Decimal("0.6")


@given(st.lists(st.integers(0, 10).map(lambda tenths: Decimal(tenths) / 10), min_size=1, max_size=5))
def test_a_vote_is_the_sum_over_all_ways_to_be_right(rates: list[Decimal]) -> None:
    total = ZERO
    for ways in product((0, 1), repeat=len(rates)):
        chance = Decimal(1)
        for rate, right in zip(rates, ways, strict=True):
            chance *= rate if right else 1 - rate
        majority = (2 * sum(ways) > len(ways)) + (2 * sum(ways) >= len(ways))
        total += chance * majority / 2
    assert vote(rates, ZERO) == total


def a_loop(chance: random.Random) -> Fate:
    """A reviewer loop of three tries whose tries go together in 40% of the tasks."""
    alike, first = chance.random() < 0.4, chance.random() < 0.8
    money, read, right = 0.0, 1_000, False
    for at in range(3):
        right = first if alike or at == 0 else chance.random() < 0.8
        money += read * 1e-6 + 100 * 5e-6
        if at == 2:
            break
        money += 300e-6 + 20 * 5e-6
        if chance.random() >= (0.1 if right else 0.7):
            break
        read += 120
    return money, right


def test_a_loop_is_the_mean_of_what_happens() -> None:
    judge = Assistant("judge", "low", tokens(200, 20), reads_output=True)
    detection = Detection(Decimal("0.7"), Decimal("0.1"))
    loop = Agents(Mode.REVIEW, (LOW,), rounds=3, judge=judge, detection=detection, correlation=Decimal("0.4"))
    (mean, error), (right, right_error) = mean_and_error(a_loop, 20_000, seed=3)
    assert abs(float(spent(loop)) - mean) < 4 * error
    result = outcome(loop).right
    assert result is not None
    assert abs(float(result) - right) < 4 * right_error


def an_ensemble(chance: random.Random) -> Fate:
    """Three agents, of which one cause decides for all in 40% of the tasks."""
    alike, ease = chance.random() < 0.4, chance.random()
    rates = [0.8, 0.8, 0.95]
    right = [ease < rate if alike else chance.random() < rate for rate in rates]
    return 2 * 0.0015 + 0.015, sum(right) >= 2


def test_an_ensemble_is_the_mean_of_what_happens() -> None:
    ensemble = Agents(Mode.ENSEMBLE, (LOW, LOW, HIGH), correlation=Decimal("0.4"))
    (mean, _), (right, error) = mean_and_error(an_ensemble, 20_000, seed=5)
    assert abs(float(spent(ensemble)) - mean) < 1e-9
    result = outcome(ensemble).right
    assert result is not None
    assert abs(float(result) - right) < 4 * error
