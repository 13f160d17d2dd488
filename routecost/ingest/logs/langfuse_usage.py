"""Counts of Langfuse's ``usage_details``, whose keys are those of many libraries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product

from routecost.ingest.logs.call import BadRecordError

ALL_APART = "no total in Langfuse says what input and output include: all counts are taken as apart"
SHORT_WRITES = "Langfuse does not state how long cache writes live: 5-minute writes are assumed"

INPUT = ("input", "input_tokens", "prompt_tokens", "inputTokens", "promptTokens")
OUTPUT = ("output", "output_tokens", "completion_tokens", "outputTokens", "completionTokens")
TOTAL = ("total", "total_tokens", "totalTokens")
_READ = (
    "input_cached_tokens",
    "input_cache_read",
    "input_cache_read_tokens",
    "cache_read_input_tokens",
    "cached_input_tokens",
    "cached_tokens",
)
_WRITTEN = (
    "input_cache_creation",
    "input_cache_creation_tokens",
    "cache_creation_input_tokens",
    "input_cache_write",
    "input_cache_write_tokens",
)
CACHED = {
    **dict.fromkeys(_READ, "cache_read"),
    **dict.fromkeys(_WRITTEN, "cache_write_5m"),
    "input_cache_creation_5m": "cache_write_5m",
    "input_cache_creation_1h": "cache_write_1h",
    "ephemeral_5m_input_tokens": "cache_write_5m",
    "ephemeral_1h_input_tokens": "cache_write_1h",
}
"""The meters of counts of which an input may or may not include the tokens."""

REASONING = ("output_reasoning_tokens", "output_reasoning", "reasoning_tokens", "reasoning_output_tokens")
_MODAL = {
    "input_audio_tokens": "input_audio",
    "input_audio": "input_audio",
    "input_image_tokens": "input_image",
    "input_image": "input_image",
    "output_audio_tokens": "output_audio",
    "output_audio": "output_audio",
}
_KNOWN = {*INPUT, *OUTPUT, *TOTAL, *CACHED, *REASONING, *_MODAL}
_SHOWN = "input, output, total, cache_read_input_tokens, cache_creation_input_tokens, output_reasoning_tokens"


def units_of(
    usage: Mapping[str, int], costs: Mapping[str, Decimal | None]
) -> tuple[dict[str, int], list[str]]:
    """Return the counts by meter, and what is assumed. Raises BadRecordError for counts that do not fit."""
    main = {"input": _one(usage, INPUT), "output": _one(usage, OUTPUT)}
    total, reasoning = _one(usage, TOTAL), _one(usage, REASONING)
    apart: dict[str, int] = {}
    for names in (CACHED, _MODAL):
        for key, meter in names.items():
            if key in usage:
                if apart.get(meter):
                    raise BadRecordError("usage_details counts the same tokens under two keys")
                apart[meter] = apart.get(meter, 0) + usage[key]
    details = {
        "cached": sum(apart.get(meter, 0) for meter in set(CACHED.values())),
        "spoken": apart.get("input_audio", 0) + apart.get("input_image", 0),
        "reasoning": reasoning,
        "said": apart.get("output_audio", 0),
    }
    unknown = any(count for key, count in usage.items() if key not in _KNOWN)
    included, notes = _included(main, details, total, costs)
    if unknown and _sum(main, details, included) != total:
        raise BadRecordError(f"usage_details has an unknown key; expected {_SHOWN}")
    apart["input"] = main["input"] - sum(details[name] for name in ("cached", "spoken") if included[name])
    apart["output"] = main["output"] - (details["said"] if included["said"] else 0)
    apart["output"] += 0 if included["reasoning"] else reasoning
    if apart["input"] < 0 or apart["output"] < 0:
        raise BadRecordError("the parts of its input or output are more than the whole, by its total")
    if any(usage.get(key) for key in _WRITTEN):
        notes.append(SHORT_WRITES)
    return apart, notes


def _one(usage: Mapping[str, int], names: tuple[str, ...]) -> int:
    """Return the count under any of its names. Raises BadRecordError if two disagree."""
    counts = {usage[name] for name in names if usage.get(name)}
    if len(counts) > 1:
        raise BadRecordError(f"usage_details has two different counts of {names[0]} tokens")
    return next(iter(counts), 0)


_Included = dict[str, bool]


def _sum(main: Mapping[str, int], details: Mapping[str, int], included: _Included) -> int:
    return sum(main.values()) + sum(details[name] for name in details if not included[name])


def _choices(main: Mapping[str, int], details: Mapping[str, int]) -> Iterator[_Included]:
    """Yield which details can be included in input and output; those that cannot be are not."""
    for flags in product((False, True), repeat=len(details)):
        included = dict(zip(details, flags, strict=True))
        inside = {
            "input": sum(details[name] for name in ("cached", "spoken") if included[name]),
            "output": sum(details[name] for name in ("reasoning", "said") if included[name]),
        }
        if all(inside[name] <= main[name] for name in main) and all(
            details[name] or not included[name] for name in details
        ):
            yield included


def _included(
    main: Mapping[str, int], details: Mapping[str, int], total: int, costs: Mapping[str, Decimal | None]
) -> tuple[_Included, list[str]]:
    """Decide what input and output include: by the total, else by priced keys, else as Langfuse."""
    choices = list(_choices(main, details))
    if total:
        fitting = [included for included in choices if _sum(main, details, included) == total]
        if len(fitting) == 1:
            return fitting[0], []
    apart = choices[0]
    if len(choices) == 1:
        return apart, []
    priced = any(costs.get(key) for key in (*CACHED, *REASONING, *_MODAL))
    return apart, [] if priced else [ALL_APART]
