"""Conversion of genai-prices price objects to rate cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from routecost.model.pricing.sheet import STANDARD, ContextStep, PriceEntry, RateCard, Rates

GENAI_METERS = {
    "input_mtok": "input",
    "output_mtok": "output",
    "cache_read_mtok": "cache_read",
    "cache_write_mtok": "cache_write_5m",
    "cache_write_5m_mtok": "cache_write_5m",
    "cache_write_1h_mtok": "cache_write_1h",
    "requests_kcount": "request",
    "web_searches_kcount": "web_search",
    "storage_searches_kcount": "storage_search",
    "input_audio_mtok": "input_audio",
    "input_image_mtok": "input_image",
    "input_video_mtok": "input_video",
    "cache_audio_read_mtok": "cache_read_audio",
    "cache_image_read_mtok": "cache_read_image",
    "output_audio_mtok": "output_audio",
    "output_image_mtok": "output_image",
    "output_video_mtok": "output_video",
    "output_reasoning_mtok": "output_reasoning",
    "output_citation_mtok": "output_citation",
    "input_text_messages_kcount": "input_message",
    "input_document_kpages": "document_page",
    "input_annotated_document_kpages": "annotated_page",
    "input_mchars": "input_character",
    "audio_hours": "audio_hour",
    "input_audio_hours": "input_audio_hour",
}
"""Price key -> meter. Of two keys for one meter, the later is more specific."""

Prices = Mapping[str, Any]
"""Price key -> a Decimal, or a base with tiers."""


def known(prices: Any) -> Prices:
    """Return the prices that have a meter."""
    return {key: vars(prices)[key] for key in GENAI_METERS if vars(prices).get(key) is not None}


def price_entry(cards: Mapping[str, Prices], start: date | None, source: str) -> PriceEntry:
    """Return the price entry from a day on, with all modes and the context steps of any of them."""
    steps = tuple(ContextStep(edge, _card(cards, edge)) for edge in _edges(cards.values()))
    return PriceEntry(_card(cards, 0), start=start, steps=steps, source=source)


def _edges(cards: Iterable[Prices]) -> list[int]:
    return sorted({tier.start for prices in cards for value in prices.values() for tier in _tiers(value)})


def _tiers(value: Any) -> Any:
    return () if isinstance(value, Decimal) else value.tiers


def _card(cards: Mapping[str, Prices], edge: int) -> RateCard:
    rates = {mode: _rates(prices, edge) for mode, prices in cards.items()}
    return RateCard(rates.pop(STANDARD), rates)


def _rates(prices: Prices, edge: int) -> Rates:
    return {GENAI_METERS[key]: _rate(value, edge) for key, value in prices.items()}


def _rate(value: Any, edge: int) -> Decimal:
    reached = [tier.price for tier in _tiers(value) if tier.start <= edge]
    return reached[-1] if reached else value if isinstance(value, Decimal) else value.base
