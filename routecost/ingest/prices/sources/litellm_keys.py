"""The keys of LiteLLM's price map, and what an import does with each."""

from __future__ import annotations

import re
from typing import NamedTuple

from routecost.ingest.prices.sources.decisions import NO_METER, Decision, Priced, words
from routecost.model.pricing.sheet import STANDARD

_NO_METER = (
    *("output_cost_per_character", "cache_creation_input_audio_token_cost"),
    *("input_cost_per_image", "output_cost_per_image", "input_cost_per_pixel", "output_cost_per_pixel"),
    *(f"output_cost_per_image_{size}" for size in ("512", "1024", "1536", "0.5K", "1K", "2K", "4K")),
    *(f"output_cost_per_image_{quality}_quality" for quality in ("low", "medium", "high", "auto")),
    *("output_cost_per_second", "output_cost_per_audio_per_second", "output_cost_per_video_per_second"),
    *(f"output_cost_per_second_{size}" for size in ("480p", "720p", "768p", "1080p", "2k", "4k")),
    *("input_cost_per_video_per_second", "input_cost_per_video_per_second_above_8s_interval"),
    *("input_cost_per_video_per_second_above_15s_interval", "input_cost_per_query"),
    *("google_maps_grounding_cost_per_query", "ocr_cost_per_credit", "guardrail_cost_per_unit"),
    *("code_interpreter_cost_per_session", "computer_use_input_cost_per_1k_tokens"),
    *("computer_use_output_cost_per_1k_tokens", "vector_store_cost_per_gb_per_day"),
    *("input_dbu_cost_per_token", "output_dbu_cost_per_token", "output_db_cost_per_token"),
)
SECONDS_PER_HOUR = 3600
_REGIONAL = "a factor of a region; state it as a multiplier of a sheet that extends this one"

KEYS: dict[str, Decision] = {
    "input_cost_per_token": Priced("input"),
    "output_cost_per_token": Priced("output"),
    "cache_read_input_token_cost": Priced("cache_read"),
    "cache_creation_input_token_cost": Priced("cache_write_5m"),
    "cache_creation_input_token_cost_above_1hr": Priced("cache_write_1h"),
    "input_cost_per_audio_token": Priced("input_audio"),
    "input_cost_per_image_token": Priced("input_image"),
    "input_cost_per_video_token": Priced("input_video"),
    "cache_read_input_audio_token_cost": Priced("cache_read_audio"),
    "cache_read_input_image_token_cost": Priced("cache_read_image"),
    "output_cost_per_audio_token": Priced("output_audio"),
    "output_cost_per_image_token": Priced("output_image"),
    "output_cost_per_video_token": Priced("output_video"),
    "output_cost_per_reasoning_token": Priced("output_reasoning"),
    "citation_cost_per_token": Priced("output_citation"),
    "input_cost_per_character": Priced("input_character"),
    "input_cost_per_request": Priced("request"),
    "input_cost_per_text_message": Priced("input_message"),
    "input_cost_per_audio_per_second": Priced("input_audio_hour", SECONDS_PER_HOUR),
    "ocr_cost_per_page": Priced("document_page"),
    "annotation_cost_per_page": Priced("annotated_page"),
    "file_search_cost_per_1k_calls": Priced("storage_search", 1),
    **dict.fromkeys(_NO_METER, NO_METER),
    "file_search_cost_per_gb_per_day": "a price of a day; state that of an hour as file_storage",
    "cost_per_ptu_per_hour": "a price of capacity; state it as provisioned_hour",
    "regional_processing_uplift_multiplier_eu": _REGIONAL,
    "regional_processing_uplift_multiplier_us": _REGIONAL,
    "regional_endpoint_uplift_multiplier": _REGIONAL,
    "fedramp_uplift_multiplier": _REGIONAL,
    "search_free_requests": "a number of free searches, which models share; state it as an allowance",
}
"""Key without mode and context size -> a price of one unit, or why it is not imported."""


_NOT_PRICES = frozenset(
    words(
        "alias_of audio_transcription_config bedrock_converse_supports_strict_tools "
        "bedrock_output_config_effort_ceiling comment default_reasoning_effort deprecation_source "
        "gemini_audio_only_live gemini_native_audio inference_geo key litellm_provider metadata mode "
        "output_vector_size prompt_cache_min_tokens ptu_count ptu_effective_from ptu_effective_to "
        "reasoning_contexts reasoning_effort_levels reasoning_modes rpd rpm source successor_model "
        "thinking_always_on thinking_on_by_default tool_use_system_prompt_tokens tpm "
        "use_openai_responses_path uses_embed_content vertex_ai_audio_api web_search_billing_unit"
    )
)
_NOT_PRICE = re.compile(r"(supports|supported|max|token_count)_(?!.*cost)", re.ASCII)

MODES = {
    "batches": "batch",
    **{tier: tier for tier in ("priority", "flex", "balanced", "fast", "ultrafast", "auto")},
}
_MODE = re.compile(rf"_({'|'.join(MODES)})$")
_ABOVE = re.compile(r"_above_(\d{1,9})(k?)_tokens$", re.ASCII)


_FROM_THE_SIZE_ON = frozenset({"xai"})
"""Providers whose price steps hold from their context size on, not above it, as LiteLLM bills them."""


class Place(NamedTuple):
    """The parts of a key: the mode, the context size, and the rest. ``combined`` if there is another mode."""

    mode: str
    above_tokens: int
    base: str
    combined: bool


def place_of(key: str, provider: object = None) -> Place:
    """Return the parts of a key of a model of a provider."""
    mode = _MODE.search(key)
    rest = _MODE.sub("", key)
    combined = _MODE.search(rest)
    rest = _MODE.sub("", rest)
    above = _ABOVE.search(rest)
    size = int(above[1]) * (1_000 if above[2] else 1) if above else 0
    size -= bool(size) and provider in _FROM_THE_SIZE_ON
    return Place(MODES[mode[1]] if mode else STANDARD, size, _ABOVE.sub("", rest), combined is not None)


def is_no_price(key: str) -> bool:
    """Return whether a key is known to hold no price."""
    return key in _NOT_PRICES or _NOT_PRICE.match(key) is not None
