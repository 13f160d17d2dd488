"""Counts of Langfuse's ``usage_details``, whose keys are those of many libraries."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations

from routecost.ingest.logs.call import BadRecordError, Note

ALL_APART = "No total in Langfuse says what input and output include: all counts are taken as apart"
DOUBTFUL = "Tokens of these that may be counted twice, so that costs are the most that is possible"
"""How many tokens fewer there are at the least."""

SHORT_WRITES = "Langfuse does not state how long cache writes live: 5-minute writes are assumed"

_KEYS = {
    "input": ("input", "input_tokens", "prompt_tokens", "inputTokens", "promptTokens"),
    "output": ("output", "output_tokens", "completion_tokens", "outputTokens", "completionTokens"),
    "total": ("total", "total_tokens", "totalTokens"),
    "cache_read": (
        "input_cached_tokens",
        "input_cache_read",
        "input_cache_read_tokens",
        "cache_read_input_tokens",
        "cached_input_tokens",
        "cached_tokens",
    ),
    "cache_write": (
        "input_cache_creation",
        "input_cache_creation_tokens",
        "cache_creation_input_tokens",
        "input_cache_write",
        "input_cache_write_tokens",
    ),
    "cache_write_5m": ("input_cache_creation_5m", "ephemeral_5m_input_tokens"),
    "cache_write_1h": ("input_cache_creation_1h", "ephemeral_1h_input_tokens"),
    "reasoning": (
        "output_reasoning_tokens",
        "output_reasoning",
        "reasoning_tokens",
        "reasoning_output_tokens",
    ),
    "input_audio": ("input_audio_tokens", "input_audio"),
    "input_image": ("input_image_tokens", "input_image"),
    "output_audio": ("output_audio_tokens", "output_audio"),
}
_ROLES = {key: role for role, keys in _KEYS.items() for key in keys}
_WHOLE = {None, "input", "output", "total"}
_WRITES = ("cache_write_5m", "cache_write_1h")
_PARTS = {
    "cached": ("input", ("cache_read", *_WRITES)),
    "spoken": ("input", ("input_audio", "input_image")),
    "reasoning": ("output", ("reasoning",)),
    "said": ("output", ("output_audio",)),
}
"""Details that input or output may or may not include."""

_SHOWN = "input, output, total, cache_read_input_tokens, cache_creation_input_tokens, output_reasoning_tokens"
_Costs = Mapping[str, Decimal | None]


def units_of(usage: Mapping[str, int], costs: _Costs) -> tuple[dict[str, int], list[Note]]:
    """Return the counts by meter, and what is assumed. Raises BadRecordError for counts that do not fit."""
    counts, is_known = _by_role(usage)
    notes = [*map(Note, _split_writes(counts))]
    total = counts.pop("total", 0)
    parts = {
        name: size
        for name, (_, roles) in _PARTS.items()
        if (size := sum(counts.get(role, 0) for role in roles))
    }
    included = _included(counts, parts, total)
    if not is_known and (included is None or _sum(counts, parts, included) != total):
        raise BadRecordError(f"usage_details has an unknown key; expected {_SHOWN}")
    if included is None:
        included = frozenset()
        if not any(cost and _ROLES.get(key) not in _WHOLE for key, cost in costs.items()):
            most = max(sum(parts[name] for name in choice) for choice in _choices(counts, parts))
            notes += [Note(ALL_APART), Note(DOUBTFUL, most)]
    for name in included:
        counts[_PARTS[name][0]] -= parts[name]
    counts["output"] = counts.get("output", 0) + counts.pop("reasoning", 0)
    return counts, notes


def _by_role(usage: Mapping[str, int]) -> tuple[dict[str, int], bool]:
    """Return the counts by role, and whether all keys are known. Raises BadRecordError if two disagree."""
    counts: dict[str, int] = {}
    is_known = True
    for key, count in usage.items():
        role = _ROLES.get(key)
        if role is None:
            is_known = is_known and not count
        elif count and counts.setdefault(role, count) != count:
            raise BadRecordError(f'usage_details has two different counts of "{_KEYS[role][0]}"')
    return counts, is_known


def _split_writes(counts: dict[str, int]) -> list[str]:
    """Replace cache writes by those of 5 minutes and of an hour; return what is assumed."""
    written = counts.pop("cache_write", 0)
    split = sum(counts.get(role, 0) for role in _WRITES)
    if split and written not in {0, split}:
        raise BadRecordError("cache writes of 5 minutes and of an hour do not sum to all cache writes")
    if split or not written:
        return []
    counts["cache_write_5m"] = written
    return [SHORT_WRITES]


def _sum(counts: Mapping[str, int], parts: Mapping[str, int], included: frozenset[str]) -> int:
    whole = counts.get("input", 0) + counts.get("output", 0)
    return whole + sum(size for name, size in parts.items() if name not in included)


def _included(counts: Mapping[str, int], parts: Mapping[str, int], total: int) -> frozenset[str] | None:
    """Return the parts that input and output include: by the total, or as no others fit; None if unknown."""
    choices = _choices(counts, parts)
    fitting = [included for included in choices if _sum(counts, parts, included) == total]
    return fitting[0] if len(fitting) == 1 else choices[0] if len(choices) == 1 else None


def _choices(counts: Mapping[str, int], parts: Mapping[str, int]) -> list[frozenset[str]]:
    """Return the parts that input and output may include, in every combination that fits."""
    return [
        included
        for number in range(len(parts) + 1)
        for included in map(frozenset, combinations(parts, number))
        if _fits(counts, parts, included)
    ]


def _fits(counts: Mapping[str, int], parts: Mapping[str, int], included: frozenset[str]) -> bool:
    return all(
        sum(parts[name] for name in included if _PARTS[name][0] == whole) <= counts.get(whole, 0)
        for whole in ("input", "output")
    )
