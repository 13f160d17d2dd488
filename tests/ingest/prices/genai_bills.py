"""The same usage, priced by us and by genai-prices: counts that overlap there are disjoint here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

from genai_prices import Usage as GenaiUsage
from genai_prices.data import providers

from routecost.engine.pricing.price import entry_on, price
from routecost.model.pricing.sheet import STANDARD, PricingSheet
from routecost.model.pricing.usage import CALLS, Usage, UsageKey
from routecost.units import CONTEXT_METERS

PROVIDERS = {provider.id: provider for provider in providers}
SECONDS = 3600

COUNTED_AS = {
    "input_tokens": CONTEXT_METERS,
    "cache_read_tokens": ("cache_read", "cache_read_audio", "cache_read_image"),
    "cache_write_tokens": ("cache_write_5m", "cache_write_1h"),
    "cache_write_1h_tokens": ("cache_write_1h",),
    "input_audio_tokens": ("input_audio", "cache_read_audio"),
    "cache_audio_read_tokens": ("cache_read_audio",),
    "input_image_tokens": ("input_image", "cache_read_image"),
    "cache_image_read_tokens": ("cache_read_image",),
    "input_video_tokens": ("input_video",),
    "output_tokens": (
        "output",
        "output_audio",
        "output_image",
        "output_video",
        "output_reasoning",
        "output_citation",
    ),
    "output_audio_tokens": ("output_audio",),
    "output_image_tokens": ("output_image",),
    "output_video_tokens": ("output_video",),
    "output_reasoning_tokens": ("output_reasoning",),
    "output_citation_tokens": ("output_citation",),
    "web_searches": ("web_search",),
    "storage_searches": ("storage_search",),
    "input_text_messages": ("input_message",),
    "input_document_pages": ("document_page", "annotated_page"),
    "input_annotated_document_pages": ("annotated_page",),
    "input_characters": ("input_character",),
}
"""What genai-prices counts, inclusively -> our meters in it."""


def genai_bill(provider: str, model: str, day: date, mode: str, counts: Mapping[str, int]) -> Decimal:
    """Return what genai-prices charges for a call at noon of a day."""
    known = next(info for info in PROVIDERS[provider].models if info.id == model)
    context = {} if mode == STANDARD else _context(known, mode)
    usage = {key: sum(counts.get(meter, 0) for meter in meters) for key, meters in COUNTED_AS.items()}
    usage["audio_seconds"] = (counts.get("audio_hour", 0) + counts.get("input_audio_hour", 0)) * SECONDS
    usage["input_audio_seconds"] = counts.get("input_audio_hour", 0) * SECONDS
    reported = GenaiUsage(**usage)  # zeros too: it takes what is missing for unknown
    return known.calc_price(
        reported,
        PROVIDERS[provider],
        genai_request_timestamp=datetime.combine(day, time(12), UTC),
        price_context=context,
    ).total_price


def _context(found: object, mode: str) -> dict[str, str]:
    variants = getattr(found, "price_variants", None) or ()
    contexts = [variant.when for variant in variants if mode in variant.when.values()]
    return dict(contexts[0])


def our_bill(sheet: PricingSheet, model: str, day: date, mode: str, counts: Mapping[str, int]) -> Decimal:
    """Return what a sheet charges for the same call."""
    context = sum(counts.get(meter, 0) for meter in CONTEXT_METERS)
    edges = [step.above_tokens for step in entry_on(sheet, model, day).steps]
    above = max((edge for edge in edges if edge < context), default=0)
    upto = min((edge for edge in edges if edge >= context), default=None)
    keys = {
        UsageKey(model, meter, mode, above, upto): Decimal(count)
        for meter, count in {**counts, CALLS: 1}.items()
    }
    return price(Usage(keys), sheet, day).total
