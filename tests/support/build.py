"""Short ways to build sheets, workloads and scenarios by hand. Numbers are written as text, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from routecost.engine.compare.compare import compare
from routecost.engine.pricing.pieces import EXACT, Arithmetic, Piece
from routecost.engine.pricing.price import price
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.strategies.mix import Mix
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.bill import Bill
from routecost.model.pricing.sheet import BATCH, ContextStep, PriceEntry, PricingSheet, RateCard, TierModel
from routecost.model.results.comparison import Comparison
from routecost.model.scenario.caching import CacheShares
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.strategy import Strategy
from routecost.model.scenario.success import SuccessRate
from routecost.model.scenario.workload import TaskType, TierTokens, TokenCell, TokenShape, Workload
from routecost.units import ZERO, exact

DAY = date(2026, 2, 1)
Number = str | int | Decimal


def mtok(rate: Number, tokens: Number) -> Decimal:
    """Return the money for tokens at a rate per million, so that expectations read as sums."""
    return Decimal(rate) * Decimal(tokens) / 1_000_000


def rates(**per_meter: Number) -> dict[str, Decimal]:
    """Return rates per meter."""
    return {meter: Decimal(rate) for meter, rate in per_meter.items()}


def card(batch: Mapping[str, Number] | None = None, **standard: Number) -> RateCard:
    """Return a rate card, with batch rates if there are any."""
    return RateCard(rates(**standard), {} if batch is None else {BATCH: rates(**batch)})


def entry(*steps: tuple[int, RateCard], start: date | None = None, **standard: Number) -> PriceEntry:
    """Return a price entry that steps to another card above so many tokens."""
    return PriceEntry(card(None, **standard), start, tuple(ContextStep(*step) for step in steps))


def sheet(**tiers: PriceEntry) -> PricingSheet:
    """Return a sheet on which each tier is a model of its own: ``low`` is ``model-low``."""
    return PricingSheet(
        "invented",
        "USD",
        "a test",
        {tier: (TierModel(f"model-{tier}"),) for tier in tiers},
        {f"model-{tier}": (found,) for tier, found in tiers.items()},
    )


def settled(monthly: Any, on: PricingSheet, numbers: Arithmetic = EXACT) -> Any:
    """Return a month's spend after the terms of a sheet on totals."""
    return SecondStage(on).month({Piece(()): monthly}, numbers=numbers).total


def tokens(input_tokens: Number, output_tokens: Number) -> TokenShape:
    """Return calls that are all alike."""
    return TokenShape.mean(Decimal(input_tokens), Decimal(output_tokens))


@exact
def mean_input(shape: TokenShape) -> Decimal:
    """Return the mean input tokens per call, cached tokens included."""
    return sum((cell.weight * cell.input for cell in shape.cells), ZERO)


@exact
def mean_output(shape: TokenShape) -> Decimal:
    """Return the mean output tokens per call."""
    return sum((cell.weight * cell.output for cell in shape.cells), ZERO)


def cell(weight: Number, low: Number, high: Number, output_tokens: Number = 0) -> TokenCell:
    """Return a share of calls with input spread over a range."""
    return TokenCell(Decimal(weight), Decimal(low), Decimal(high), Decimal(output_tokens))


def task(tasks_per_day: Number, shape: TokenShape, name: str = "tasks", **more: Any) -> TaskType:
    """Return a task type; cache shares are given as ``read``, ``write_5m`` and ``write_1h``."""
    cache = {key: Decimal(more.pop(key)) for key in ("read", "write_5m", "write_1h") if key in more}
    return TaskType(name, Decimal(tasks_per_day), shape, CacheShares(**cache), **more)


def successes(one: TaskType, **rates: Number) -> TaskType:
    """Return a task type with success rates by tier."""
    return replace(one, success={tier: SuccessRate(Decimal(rate)) for tier, rate in rates.items()})


def workload(*tasks: TaskType) -> Workload:
    """Return the workload of these task types."""
    return Workload(tasks)


def mix(**shares: Number) -> Mix:
    """Return a mix."""
    return Mix({tier: Decimal(share) for tier, share in shares.items()})


def bill(strategy: Strategy, work: Workload, on: PricingSheet, day: date = DAY) -> Bill:
    """Return what a strategy costs on a day."""
    return price(strategy.expand(work, tier_models(on, day)).usage, on, day)


def cost(strategy: Strategy | str, work: Workload, on: PricingSheet, day: date = DAY) -> Decimal:
    """Return the total of a strategy, or of a tier for everything."""
    return bill(UniformTier(strategy) if isinstance(strategy, str) else strategy, work, on, day).total


def scenario(
    strategies: Mapping[str, Strategy | str], work: Workload, on: PricingSheet, **more: Any
) -> Scenario:
    """Return a scenario; a strategy may be given as a tier."""
    by_name = {
        name: UniformTier(strategy) if isinstance(strategy, str) else strategy
        for name, strategy in strategies.items()
    }
    return Scenario("invented", work, by_name, on, **more)


def compared(
    strategies: Mapping[str, Strategy | str], work: Workload, on: PricingSheet, **more: Any
) -> Comparison:
    """Return strategies side by side."""
    return compare(scenario(strategies, work, on, **more), DAY)


THINKING: dict[str, Any] = {
    "tier_tokens": dict.fromkeys(
        ("low", "high"), TierTokens(tokens(1_500, 200), Decimal(3), Decimal("0.75"))
    ),
    "carry_reasoning": True,
}
"""Fields of a task type whose calls on any tier have tokens of their own, most of them reasoning."""
