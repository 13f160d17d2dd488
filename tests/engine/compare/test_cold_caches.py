"""`compare` says which strategies come back to a model whose cache has expired."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.conversation import Conversation, Turns
from routecost.engine.strategies.tier import UniformTier
from routecost.model.scenario.arrivals import Arrivals
from routecost.model.scenario.caching import NO_CACHE, CachedPrefix, Caching
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import Rework, SuccessRate
from routecost.model.scenario.workload import Carry, TaskCalls, TaskType
from routecost.report.caveats import cold_caches
from tests.support.build import compared, entry, sheet, task, tokens, workload

ONE = Decimal(1)
CACHED = entry(input=1, output=5, cache_read="0.1", cache_write_5m="1.25")
ON = sheet(low=CACHED, high=CACHED)
PREFIX = CachedPrefix(Decimal(500), Decimal(9))
BACK = Conversation((Turns("low", 1), Turns("high", 1), Turns("low", 1)))


def notes(strategy: Strategy, one: TaskType) -> str:
    comparison = compared({"it": strategy}, workload(one), ON)
    return " ".join(map(str, cold_caches(comparison)))


@pytest.mark.parametrize(
    ("cache", "calls", "rate", "is_cold"),
    [
        (PREFIX, TaskCalls(), "0.9", True),
        (PREFIX, TaskCalls(), "1", False),
        (CachedPrefix(Decimal(500), None), TaskCalls(), "0.9", False),
        (NO_CACHE, TaskCalls(), "0.9", False),
        (NO_CACHE, TaskCalls(2, Decimal(100), cached=ONE), "0.9", True),
    ],
)
def test_rework(cache: Caching, calls: TaskCalls, rate: str, is_cold: bool) -> None:
    one = replace(
        task(100, tokens(1_000, 300)),
        cache=cache,
        calls=calls,
        success={"low": SuccessRate(Decimal(rate))},
        rework=Rework(ONE, Decimal(0), "low"),
        arrivals=Arrivals("UTC", (((0, 10_080), ONE),)),
    )
    for strategy in (UniformTier("low"), Assigned({"tasks": UniformTier("low")})):
        found = notes(strategy, one)
        assert ("With it, rework comes after the cache has expired" in found) is is_cold


@pytest.mark.parametrize(
    ("pause", "cached", "is_cold"), [(None, 1, True), (60, 1, False), (200, 1, True), (200, 0, False)]
)
def test_calls(pause: int | None, cached: int, is_cold: bool) -> None:
    seconds = None if pause is None else Decimal(pause)
    calls = TaskCalls(3, Decimal(1_000), Carry.ALL, Decimal(cached), seconds)
    found = notes(BACK, replace(task(1, tokens(200, 50)), calls=calls))
    assert ("With it, a model is called again after its cache has expired" in found) is is_cold
