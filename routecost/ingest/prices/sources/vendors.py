"""Facts about vendors that price sources do not state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from routecost.model.pricing.sheet import PriceEntry

_OPENAI = "https://developers.openai.com/api/docs/guides/prompt-caching"
_AZURE = "https://learn.microsoft.com/azure/foundry/openai/how-to/prompt-caching"
_GOOGLE = "https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/context-cache/context-cache-overview"
_XAI = "https://docs.x.ai/developers/advanced-api-usage/prompt-caching"
_GATEWAY = "https://openrouter.ai/docs/features/prompt-caching"

CACHES_WITHOUT_PREMIUM = {
    "azure": _AZURE,
    "deepseek": "https://api-docs.deepseek.com/guides/kv_cache",
    "fireworks": "https://docs.fireworks.ai/guides/prompt-caching",
    "gemini": _GOOGLE,
    "google": _GOOGLE,
    "groq": "https://console.groq.com/docs/prompt-caching",
    "moonshot": _GATEWAY,
    "moonshotai": _GATEWAY,
    "openai": _OPENAI,
    "vertex_ai-language-models": _GOOGLE,
    "x-ai": _XAI,
    "xai": _XAI,
}
"""Vendors that cache prompts by themselves, so that a token that they store costs as much as any other
input, with the page that says so."""

SAME_VENDOR = {"gemini": "google", "moonshot": "moonshotai", "xai": "x-ai"}
"""Names of vendors in LiteLLM -> those in genai-prices."""

_VERSION = re.compile(r"(?:^|/)gpt-(\d{1,3})(?:\.(\d{1,3}))?(?![\da-z])")
_FIRST_WITH_PREMIUM = {"azure": (5, 6), "openai": (5, 6)}
"""The first version of GPT whose cache writes cost more than input, according to the same pages."""


_STATED = re.compile(r"genai-prices [^,]{0,200}, ([^/\s]{1,200})/(\S+)")


def stated_listings(entry: PriceEntry) -> list[tuple[str, str]]:
    """Return the providers and models of genai-prices that the source of an entry names."""
    return _STATED.findall(entry.source or "")


def vendor_of(entries: Iterable[PriceEntry]) -> str | None:
    """Return the vendor that the entries of a model state, or that their sources name."""
    stated = [(entry.provider, *(provider for provider, _ in stated_listings(entry))) for entry in entries]
    return next((name for names in stated for name in names if name is not None), None)


def of_vendor(entry: PriceEntry, provider: str | None, model: str) -> PriceEntry:
    """Return an entry with its provider, and with the price of cache writes if the vendor has no premium."""
    rates = entry.card.standard
    caches = "cache_read" in rates and "input" in rates and not any("cache_write" in meter for meter in rates)
    entry = replace(entry, provider=provider)
    is_free = provider in CACHES_WITHOUT_PREMIUM and not _has_premium(provider, model)
    return entry.with_writes_at_input() if caches and is_free else entry


def _has_premium(provider: str, model: str) -> bool:
    version = _VERSION.search(model)
    first = _FIRST_WITH_PREMIUM.get(provider)
    return bool(version and first and (int(version[1]), int(version[2] or 0)) >= first)


def cache_sources(entries: Iterable[PriceEntry]) -> Iterator[str]:
    """Yield, for each vendor whose cache writes an import prices as input, the page that says so."""
    priced = (entry.provider for entry in entries if entry.cache_writes is not None)
    for provider in dict.fromkeys(priced):
        if provider in CACHES_WITHOUT_PREMIUM:
            page = CACHES_WITHOUT_PREMIUM[provider]
            yield f"Cache writes of {provider} cost the input rate, without a premium. Ref: {page}"
