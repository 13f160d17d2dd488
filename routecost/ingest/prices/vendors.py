"""Facts about vendors that price sources do not state."""

from __future__ import annotations

from dataclasses import replace

from routecost.model.pricing.sheet import PriceEntry

CACHES_WITHOUT_PREMIUM = {
    *("azure", "deepseek", "fireworks", "gemini", "google", "groq", "moonshot", "moonshotai", "openai"),
    *("vertex_ai-language-models", "x-ai", "xai"),
}
"""Vendors that cache prompts by themselves: a token that they store costs as much as any other input."""


def of_vendor(entry: PriceEntry, provider: str | None) -> PriceEntry:
    """Return an entry with its provider, and with the price of cache writes if the vendor has no premium."""
    rates = entry.card.standard
    caches = "cache_read" in rates and "input" in rates and not any("cache_write" in meter for meter in rates)
    entry = replace(entry, provider=provider)
    return entry.with_writes_at_input() if caches and provider in CACHES_WITHOUT_PREMIUM else entry
