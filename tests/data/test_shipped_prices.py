"""The built-in pricing sheets say what genai-prices says, figure by figure and day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from routecost import load_pricing
from routecost.engine.pricing.price import entry_on
from routecost.model.pricing.sheet import STANDARD, PriceEntry, Rates, TierModel

if TYPE_CHECKING:
    from genai_prices.types import ModelPrice, TieredPrices

pytest.importorskip("genai_prices", reason="the shipped prices are compared with genai-prices")
genai_data = pytest.importorskip("genai_prices.data")

Cards = Mapping[tuple[str, int], Rates]
"""(Processing mode, context above so many tokens) -> rates."""

GENAI_IDS = {"claude-3-5-haiku": "claude-3-5-haiku-latest"}
"""Models that genai-prices knows under another id than their vendor does."""

GENAI_METERS = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write_5m",
    "cache_write_1h_mtok": "cache_write_1h",
    "web_searches_kcount": "web_search",
}
GENAI_CONTEXTS: dict[str, dict[str, str]] = {
    STANDARD: {},
    "batch": {"processing": "batch"},
    "fast": {"speed": "fast"},
}

FEBRUARY = date(2026, 2, 1)
CHECKED = date(2026, 11, 22)
BATCH_SINCE = date(2026, 10, 14)
LAST_DAY_BEFORE_BATCH = date(2026, 10, 13)


@dataclass(frozen=True)
class Shipped:
    """A sheet's tiers, low to high, and the days on which it is compared."""

    tiers: Mapping[str, str]
    days: tuple[date, ...]


ARTICLE = Shipped(
    {"haiku": "claude-3-5-haiku", "sonnet": "claude-sonnet-4-5", "opus": "claude-opus-4-1"}, (FEBRUARY,)
)
DATED = {
    "claude-2026-02": Shipped(
        {"haiku": "claude-haiku-4-5", "sonnet": "claude-sonnet-4-5", "opus": "claude-opus-4-5"},
        (FEBRUARY, date(2026, 2, 28)),
    ),
    "claude-2026-11": Shipped(
        {"haiku": "claude-haiku-5-5", "sonnet": "claude-sonnet-5-5", "opus": "claude-opus-5-5"},
        (FEBRUARY, LAST_DAY_BEFORE_BATCH, BATCH_SINCE, CHECKED),
    ),
}
SHEETS = {"claude-article": ARTICLE, **DATED}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def published(model: str, day: date) -> Cards:
    """Return what genai-prices charges for a model on a day, in every mode that it has then."""
    wanted = GENAI_IDS.get(model, model)
    anthropic = next(provider for provider in genai_data.providers if provider.id == "anthropic")
    found = next(known for known in anthropic.models if known.id == wanted)
    standard = found.get_prices(noon(day))
    cards = dict(_cards(STANDARD, standard))
    for mode, context in GENAI_CONTEXTS.items():
        if (prices := found.get_prices(noon(day), context)) != standard:
            cards.update(_cards(mode, prices))
    return cards


def _cards(mode: str, prices: ModelPrice) -> Iterator[tuple[tuple[str, int], Rates]]:
    """Yield a card for each context size at which the prices of a mode change."""
    listed = {GENAI_METERS[key]: value for key, value in vars(prices).items() if value is not None}
    tiered = [value for value in listed.values() if not isinstance(value, Decimal)]
    for above in sorted({0} | {tier.start for value in tiered for tier in value.tiers}):
        yield (mode, above), {meter: _rate_above(value, above) for meter, value in listed.items()}


def _rate_above(value: Decimal | TieredPrices, above: int) -> Decimal:
    if isinstance(value, Decimal):
        return value
    reached = [tier.price for tier in value.tiers if tier.start <= above]
    return reached[-1] if reached else value.base


def shipped(entry: PriceEntry) -> Cards:
    """Return the cards of an entry, in the shape of :func:`published`."""
    by_size = {0: entry.card} | {step.above_tokens: step.card for step in entry.steps}
    return {
        (mode, above): dict(rates)
        for above, card in by_size.items()
        for mode, rates in {STANDARD: card.standard, **card.modes}.items()
    }


@pytest.mark.parametrize(
    ("name", "model", "day"),
    [
        (name, model, day)
        for name, sheet in DATED.items()
        for model in sheet.tiers.values()
        for day in sheet.days
    ],
)
def test_every_figure_is_the_published_one(name: str, model: str, day: date) -> None:
    assert shipped(entry_on(load_pricing(name), model, day)) == published(model, day)


@pytest.mark.parametrize("model", ARTICLE.tiers.values())
def test_the_article_sheet_has_the_token_rates_and_nothing_else(model: str) -> None:
    token_rates = {**published(model, FEBRUARY)[STANDARD, 0]}
    del token_rates["web_search"]
    assert shipped(entry_on(load_pricing("claude-article"), model, FEBRUARY)) == {(STANDARD, 0): token_rates}


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_has_its_tiers_low_to_high_and_no_other_models(name: str) -> None:
    sheet = load_pricing(name)
    expected = {tier: (TierModel(model),) for tier, model in SHEETS[name].tiers.items()}
    assert list(sheet.tiers.items()) == list(expected.items())
    assert list(sheet.models) == list(SHEETS[name].tiers.values())
    assert sheet.currency == "USD"


@pytest.mark.parametrize("name", SHEETS)
def test_every_entry_is_compared_sourced_and_dated(name: str) -> None:
    sheet = load_pricing(name)
    for model, entries in sheet.models.items():
        compared = {entry_on(sheet, model, day).start for day in SHEETS[name].days}
        assert compared == {entry.start for entry in entries}
        for entry in entries:
            assert entry.checked == CHECKED
            assert entry.source is not None
            assert f"genai-prices 0.2.3, anthropic/{GENAI_IDS.get(model, model)}" in entry.source
