"""The article's fleet with break-evens, and ways to pick one of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from routecost.engine.breakeven.breakeven import breakeven
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.breakeven import BreakEven, Breakevens, Question
from routecost.model.scenario.strategy import Strategy
from tests.support.build import (
    DAY,
    entry,
    mix,
    mtok,
    scenario,
    sheet,
    task,
    tokens,
    workload,
)

NEAR = Decimal("1e-9")
STEP = Decimal("1e-4")
ARTICLE = sheet(
    haiku=entry(input="0.80", output=4), sonnet=entry(input=3, output=15), opus=entry(input=15, output=75)
)
HAIKU, SONNET, OPUS = (
    mtok(rate, 2_000) + mtok(5 * Decimal(rate), 500) for rate in (Decimal("0.80"), Decimal(3), Decimal(15))
)
ROUTED = mix(haiku="0.80", sonnet="0.15", opus="0.05")
FLEET: dict[str, Strategy | str] = {"default": "sonnet", "proposed": ROUTED}
WORK = workload(task(500, tokens(2_000, 500)))


def breakevens_of(
    strategies: Mapping[str, Strategy | str] = FLEET,
    work: Any = WORK,
    on: PricingSheet = ARTICLE,
    **more: Any,
) -> Breakevens:
    names = {name: name for name in ("default", "proposed") if name in strategies}
    return breakeven(scenario(strategies, work, on, **(names | more)), DAY)


def only(rows: Breakevens, question: Question, parameter: str, unit: str | None = None) -> BreakEven:
    (row,) = (
        row for row in rows.of(question) if row.parameter == parameter and (unit is None or row.unit == unit)
    )
    return row


def wrong(rows: Breakevens, parameter: str, unit: str = "share of all tasks") -> BreakEven:
    return only(rows, Question.WRONG_TIER, parameter, unit)


def near(left: Decimal | None, right: Decimal | None) -> bool:
    assert left is not None
    assert right is not None
    return abs(left - right) <= NEAR * max(abs(left), abs(right))
