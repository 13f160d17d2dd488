"""Caching as a lever: a shared prefix is written once per window and model, and read after that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.agents import Agents, Mode, Role
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.errors import UsageError
from routecost.model.pricing.usage import UsageKey
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.success import Rework
from routecost.model.scenario.workload import Carry, TaskCalls, TaskType, TokenCell, TokenShape
from tests.support.build import (
    DAY,
    cell,
    compared,
    cost,
    entry,
    mix,
    mtok,
    sheet,
    successes,
    task,
    tokens,
    workload,
)

PRICES: dict[str, Any] = {
    "input": 1,
    "output": 5,
    "cache_read": "0.1",
    "cache_write_5m": "1.25",
    "cache_write_1h": 2,
}
ON = sheet(low=entry(**PRICES), high=entry(**PRICES))


def prefixed(prefix: int, reuse: int, window: str = "5m") -> TaskType:
    cache = CachedPrefix(Decimal(prefix), Decimal(reuse), window)
    return replace(task(100, tokens(2_000, 0)), cache=cache)


def test_one_call_of_a_window_writes_and_the_others_read() -> None:
    one_call = mtok(1, 1_000) + (mtok("1.25", 1_000) + 9 * mtok("0.1", 1_000)) / 10
    assert cost("low", workload(prefixed(1_000, reuse=9)), ON) == 100 * one_call


def test_the_window_of_an_hour_is_written_at_its_own_rate() -> None:
    usage = UniformTier("low").expand(workload(prefixed(1_000, 9, "1h")), tier_models(ON, DAY)).usage
    assert usage.counts[UsageKey("model-low", "cache_write_1h")] == 100 * 1_000 / 10
    assert UsageKey("model-low", "cache_write_5m") not in usage.counts


def test_routing_splits_the_calls_of_a_window_and_writes_more() -> None:
    work = workload(prefixed(1_000, reuse=9))
    halves = mtok(1, 1_000) + (mtok("1.25", 1_000) + 4 * mtok("0.1", 1_000)) / 5  # 5 calls meet on each
    assert cost(mix(low="0.5", high="0.5"), work, ON) == 100 * halves


def test_below_one_call_a_window_every_call_writes_for_nobody() -> None:
    work = workload(prefixed(1_000, reuse=1))
    rare, often = Decimal("0.1"), Decimal("0.9")
    rarely = mtok(1, 1_000) + mtok("1.25", 1_000)
    mostly = mtok(1, 1_000) + mtok("1.25", 1_000) / (2 * often) + mtok("0.1", 1_000) * (1 - 1 / (2 * often))
    expected = 100 * (rare * rarely + often * mostly)
    assert abs(cost(mix(low=rare, high=often), work, ON) - expected) < Decimal("1e-20")


def test_compare_says_where_caching_costs_more_than_it_saves() -> None:
    unused, used = (compared({"low": "low"}, workload(prefixed(1_000, reuse)), ON) for reuse in (0, 9))
    assert unused.caching_losses == {"low": 30 * 100 * (mtok("1.25", 1_000) - mtok(1, 1_000))}
    assert used.caching_losses == {}


def test_a_prompt_shorter_than_the_prefix_has_no_prefix() -> None:
    rows = TokenShape((cell("0.5", 999, 999), cell("0.5", 1_000, 1_000)))
    work = workload(replace(prefixed(1_000, reuse=9), tokens=rows))
    # half of the calls begin with the prefix, so 5 of them meet in one window
    expected = 50 * mtok(1, 999) + 50 * (mtok("1.25", 1_000) + 4 * mtok("0.1", 1_000)) / 5
    assert cost("low", work, ON) == expected


def test_a_range_is_divided_where_it_reaches_the_prefix() -> None:
    own = TokenShape((cell(1, 500, 2_500),))  # three quarters have the prefix
    one = Agents(Mode.SINGLE, (Role("low", own),))
    halved = mtok("1.25", 1_000) / Decimal("7.5") + mtok("0.1", 1_000) * (1 - 1 / Decimal("7.5"))
    expected = 100 * (mtok(1, 750) / 4 + Decimal("0.75") * (mtok(1, 750) + halved))
    assert abs(cost(one, workload(prefixed(1_000, reuse=9)), ON) - expected) < Decimal("1e-20")


def test_a_sum_of_ranges_that_may_be_shorter_than_the_prefix_is_refused() -> None:
    own = TokenShape((TokenCell(Decimal(1), Decimal(500), Decimal(600), Decimal(300), Decimal(200)),))
    calls = replace(prefixed(1_300, reuse=9), calls=TaskCalls(2, carry=Carry.ALL))
    with pytest.raises(UsageError, match="shorter than the shared prefix of 1300; state rows without ranges"):
        cost(Cascade(("low",), tokens={"low": own}), workload(calls), ON)


def test_two_tiers_on_one_model_share_its_cache() -> None:
    tiers = sheet(low=entry(**PRICES), high=entry(**PRICES))
    one_model = replace(
        tiers,
        models={"model-low": tiers.models["model-low"]},
        tiers={**tiers.tiers, "high": tiers.tiers["low"]},
    )
    work = workload(prefixed(1_000, reuse=9))
    assert cost(mix(low="0.5", high="0.5"), work, one_model) == cost("low", work, one_model)


def test_rework_comes_after_the_cache_has_expired() -> None:
    rework = Rework(Decimal(1), Decimal(0), "low")
    one = replace(successes(prefixed(1_000, reuse=9), low="0.5"), rework=rework, failure_cost=Decimal(1))
    first = mtok(1, 1_000) + (mtok("1.25", 1_000) + 9 * mtok("0.1", 1_000)) / 10
    again = mtok(1, 1_000) + (mtok("1.25", 1_000) + 4 * mtok("0.1", 1_000)) / 5  # 5 of them meet
    assert cost("low", workload(one), ON) == 100 * first + 50 * again
