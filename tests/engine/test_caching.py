"""Caching as a lever: a shared prefix is written once per window and model, and read after that."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.usage.calls import calls
from routecost.model.pricing.usage import UsageKey
from routecost.model.scenario.caching import CachedPrefix
from routecost.model.scenario.workload import TaskType
from tests.support.build import DAY, compared, cost, entry, mix, mtok, sheet, task, tokens, workload

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
    usage = calls(prefixed(1_000, 9, "1h"), "low", tier_models(ON, DAY), Decimal(100))
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
