"""Tokens measured on one model are scaled for another, only where the scenario asks for it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from routecost.model.pricing.sheet import PricingSheet, TokensVs
from tests.support.build import compared, entry, mtok, sheet, task, tokens, workload

WORK = workload(task(10, tokens(1_000, 100), read="0.5", write_5m="0.1"))
RATES: dict[str, Any] = {"input": 1, "output": 5, "cache_read": "0.1", "cache_write_5m": "1.25"}


def priced(**against: TokensVs) -> PricingSheet:
    plain = {tier: entry(**RATES) for tier in ("low", "middle", "high")}
    return sheet(**{tier: replace(made, tokens_vs=against.get(tier)) for tier, made in plain.items()})


def against(reference: str, factor: str, low: str | None = None, high: str | None = None) -> TokensVs:
    bounds = (None if bound is None else Decimal(bound) for bound in (low, high))
    return TokensVs(f"model-{reference}", Decimal(factor), "a test", *bounds)


ON = priced(high=against("low", "1.3", "1.2", "1.4"))
ONE_TASK = mtok(1, 400) + mtok("0.1", 500) + mtok("1.25", 100) + mtok(5, 100)


def test_nothing_is_scaled_unless_the_scenario_says_what_it_measured_on() -> None:
    comparison = compared({"low": "low", "high": "high"}, WORK, ON)
    assert comparison["high"].cost_per_task == comparison["low"].cost_per_task == ONE_TASK
    assert comparison.scaling is None


def test_every_token_of_a_call_is_scaled() -> None:
    comparison = compared({"low": "low", "high": "high"}, WORK, ON, tokens_measured_on="model-low")
    assert comparison["low"].cost_per_task == ONE_TASK
    assert comparison["high"].cost_per_task == ONE_TASK * Decimal("1.3")
    assert comparison.scaling is not None
    assert [(each.model, each.low, each.high) for each in comparison.scaling.scaled] == [
        ("model-high", Decimal("1.2"), Decimal("1.4"))
    ]
    assert comparison.scaling.unknown == ()


def test_a_model_without_a_known_factor_is_named() -> None:
    comparison = compared({"middle": "middle"}, WORK, ON, tokens_measured_on="model-low")
    assert comparison["middle"].cost_per_task == ONE_TASK
    assert comparison.scaling is not None
    assert (comparison.scaling.scaled, comparison.scaling.unknown) == ((), ("model-middle",))


def test_measured_on_the_newer_model_the_older_takes_fewer() -> None:
    comparison = compared(
        {"low": "low"}, WORK, priced(high=against("low", "1.25")), tokens_measured_on="model-high"
    )
    assert comparison["low"].cost_per_task == ONE_TASK / Decimal("1.25")


def test_two_models_with_the_same_reference_are_compared_through_it() -> None:
    on = priced(middle=against("low", "1.5", "1", "2"), high=against("low", "3", "3", "4"))
    comparison = compared({"high": "high"}, WORK, on, tokens_measured_on="model-middle")
    assert comparison["high"].cost_per_task == ONE_TASK * 2
    assert comparison.scaling is not None
    scaled = {each.model: each for each in comparison.scaling.scaled}["model-high"]
    assert (scaled.low, scaled.high) == (Decimal("1.5"), Decimal(4))
