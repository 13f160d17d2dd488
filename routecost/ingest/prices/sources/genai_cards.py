"""Conversion of genai-prices price objects to rate cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from routecost.ingest.prices.sources.decisions import NO_METER, Decision, Priced, words
from routecost.model.pricing.sheet import STANDARD, ContextStep, PriceEntry, RateCard, Rates

_WITHOUT_METER = words(
    "cache_audio_write_1h_mtok cache_audio_write_5m_mtok cache_audio_write_mtok "
    "cache_image_write_1h_mtok cache_image_write_5m_mtok cache_image_write_mtok cache_text_read_mtok "
    "cache_text_write_1h_mtok cache_text_write_5m_mtok cache_text_write_mtok cache_video_read_mtok "
    "cache_video_write_1h_mtok cache_video_write_5m_mtok cache_video_write_mtok "
    "code_executions_kcount input_audio_tool_mtok input_gpixels input_image_tool_mtok input_text_mtok "
    "input_text_tool_mtok input_tool_mtok input_video_tool_mtok output_audio_citation_mtok "
    "output_audio_hours output_audio_reasoning_mtok output_image_citation_mtok "
    "output_image_reasoning_mtok output_text_citation_mtok output_text_mtok "
    "output_text_reasoning_mtok output_video_citation_mtok output_video_reasoning_mtok "
    "rerank_searches_kcount social_searches_kcount"
)

GENAI_KEYS: dict[str, Decision] = {
    "input_mtok": Priced("input", 1),
    "output_mtok": Priced("output", 1),
    "cache_read_mtok": Priced("cache_read", 1),
    "cache_write_mtok": Priced("cache_write_5m", 1),
    "cache_write_5m_mtok": Priced("cache_write_5m", 1),
    "cache_write_1h_mtok": Priced("cache_write_1h", 1),
    "requests_kcount": Priced("request", 1),
    "web_searches_kcount": Priced("web_search", 1),
    "storage_searches_kcount": Priced("storage_search", 1),
    "input_audio_mtok": Priced("input_audio", 1),
    "input_image_mtok": Priced("input_image", 1),
    "input_video_mtok": Priced("input_video", 1),
    "cache_audio_read_mtok": Priced("cache_read_audio", 1),
    "cache_image_read_mtok": Priced("cache_read_image", 1),
    "output_audio_mtok": Priced("output_audio", 1),
    "output_image_mtok": Priced("output_image", 1),
    "output_video_mtok": Priced("output_video", 1),
    "output_reasoning_mtok": Priced("output_reasoning", 1),
    "output_citation_mtok": Priced("output_citation", 1),
    "input_text_messages_kcount": Priced("input_message", 1),
    "input_document_kpages": Priced("document_page", 1),
    "input_annotated_document_kpages": Priced("annotated_page", 1),
    "input_mchars": Priced("input_character", 1),
    "audio_hours": Priced("audio_hour", 1),
    "input_audio_hours": Priced("input_audio_hour", 1),
    **dict.fromkeys(_WITHOUT_METER, NO_METER),
}
"""Price key -> a rate of a meter, or why there is none. Of two for one meter, the later is more specific."""

GENAI_METERS = {key: priced.meter for key, priced in GENAI_KEYS.items() if isinstance(priced, Priced)}

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
