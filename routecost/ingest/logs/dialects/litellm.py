"""Spend logs of LiteLLM: rows of ``LiteLLM_SpendLogs``, from the API or an export of the database.

A row's ``metadata`` and ``request_tags`` are JSON, or text with JSON. Its ``prompt_tokens`` include cached
tokens since a fix of 2025; whether a row is older is decided by its own figures (:func:`_includes_cache`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from routecost.ingest.logs.call import (
    FAILURE,
    NO_USAGE,
    UNKNOWN_FAILED,
    BadRecordError,
    Call,
    Item,
    Note,
    Skipped,
    micros,
    nanos,
)
from routecost.ingest.logs.contents import decoded
from routecost.model.pricing.sheet import BATCH, STANDARD

NAME = "litellm"
CACHED = "answers of a gateway's cache"
"""The kind under which answers that cost nothing are counted."""

ASSUMED = "The prompt_tokens of LiteLLM are taken to include cached tokens"
"""What is noted where a row's own figures do not say so."""

UNCOUNTED = "rows without a model and tokens"
_MODES = {"": STANDARD, "default": STANDARD, "auto": STANDARD}


_LONGEST = 100
"""The maximum number of characters of a tag; longer ones are no names."""


class _Lifetimes(msgspec.Struct, gc=False):
    ephemeral_1h_input_tokens: int | None = 0


class _InputDetails(msgspec.Struct, gc=False):
    cached_tokens: int | None = 0
    cache_creation_tokens: int | None = 0
    cache_write_tokens: int | None = 0
    text_tokens: int | None = None
    audio_tokens: int | None = 0
    web_search_requests: int | None = 0
    cache_creation_token_details: _Lifetimes | None = None


class _OutputDetails(msgspec.Struct, gc=False):
    audio_tokens: int | None = 0
    image_tokens: int | None = 0


class _Cache(msgspec.Struct, gc=False):
    cache_read_input_tokens: int | None = 0
    cache_creation_input_tokens: int | None = 0


class _Tools(msgspec.Struct, gc=False):
    web_search_requests: int | None = 0


class _Usage(_Cache, gc=False):
    prompt_tokens: int | None = None
    prompt_tokens_details: _InputDetails | None = None
    completion_tokens_details: _OutputDetails | None = None
    server_tool_use: _Tools | None = None
    service_tier: str | None = None


class _Metadata(msgspec.Struct, gc=False):
    usage_object: _Usage | None = None
    additional_usage_values: _Cache | None = None
    tags: msgspec.Raw = msgspec.Raw()


class _Row(msgspec.Struct, gc=False):
    request_id: str | None = None
    call_type: str | None = None
    spend: Decimal | None = None
    prompt_tokens: int | None = 0
    completion_tokens: int | None = 0
    total_tokens: int | None = 0
    start_time: str | None = msgspec.field(name="startTime", default=None)
    model: str | None = None
    model_group: str | None = None
    custom_llm_provider: str | None = None
    cache_hit: str | bool | None = None
    request_tags: msgspec.Raw = msgspec.Raw()
    team_id: str | None = None
    agent_id: str | None = None
    session_id: str | None = None
    status: str | None = None
    metadata: msgspec.Raw = msgspec.Raw()


class _Counts(NamedTuple):
    """The tokens of a row: ``prompt`` as it is logged, and what was read from and written to caches."""

    prompt: int
    read: int
    short: int
    long: int
    audio: int

    @property
    def cached(self) -> int:
        return self.read + self.short + self.long


_decode = msgspec.json.Decoder(_Row).decode
_decode_text = msgspec.json.Decoder(str).decode
_decode_metadata = msgspec.json.Decoder(_Metadata | None).decode
_decode_tags = msgspec.json.Decoder(list[str] | None).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded row is one of this dialect."""
    return isinstance(sample, dict) and {"request_id", "spend", "startTime"} <= sample.keys()


def parse(line: bytes) -> Iterable[Item]:
    """Return the call of a row, and what was assumed. Raises BadRecordError and msgspec's errors."""
    row = _decode(line)
    if str(row.cache_hit).lower() == "true":
        return (Skipped(CACHED),)
    has_tokens = row.prompt_tokens or row.completion_tokens
    if not row.model:
        if has_tokens:
            raise BadRecordError("a row with tokens has no model")
        return (Skipped(UNKNOWN_FAILED if row.status == FAILURE else UNCOUNTED),)
    metadata = _inner(row.metadata, "metadata", _decode_metadata) or _Metadata()
    usage = metadata.usage_object or _Usage()
    counts = _counts(row, usage, metadata.additional_usage_values or usage)
    includes = _includes_cache(row, usage, counts)
    call = _call(row, metadata, usage, _units(row, usage, counts, includes is not False))
    call.has_total_only = not call.units and bool(row.total_tokens)
    if not (call.units or call.has_total_only or call.cost or call.outcome):
        return (Skipped(NO_USAGE),)
    return (Note(ASSUMED), call) if includes is None else (call,)


def _inner(raw: msgspec.Raw, name: str, decode: Callable[[bytes], Any]) -> Any:
    """Return the value of a field that is JSON, or a text with JSON."""
    if not raw:
        return None
    try:
        data = bytes(raw)
        if data.startswith(b'"'):
            data = _decode_text(data).encode() or b"null"
        return decoded(decode, data)
    except msgspec.ValidationError as error:
        raise BadRecordError(f"{name}: {error}") from None
    except (msgspec.DecodeError, ValueError):
        raise BadRecordError(f"{name} is not valid JSON") from None


def _counts(row: _Row, usage: _Usage, extra: _Cache) -> _Counts:
    details = usage.prompt_tokens_details or _InputDetails()
    read = usage.cache_read_input_tokens or details.cached_tokens or extra.cache_read_input_tokens or 0
    written = (
        usage.cache_creation_input_tokens
        or details.cache_creation_tokens
        or details.cache_write_tokens
        or extra.cache_creation_input_tokens
        or 0
    )
    lifetimes = details.cache_creation_token_details or _Lifetimes()
    long = lifetimes.ephemeral_1h_input_tokens or 0
    if long > written:
        raise BadRecordError(f"1-hour cache writes ({long}) cannot exceed cache writes ({written})")
    return _Counts(row.prompt_tokens or 0, read, written - long, long, details.audio_tokens or 0)


def _includes_cache(row: _Row, usage: _Usage, counts: _Counts) -> bool | None:
    """Return whether ``prompt_tokens`` include cached tokens; None if the row's figures do not say so."""
    prompt, cached = counts.prompt, counts.cached
    if not cached:
        return True
    completed = row.completion_tokens or 0
    text = (usage.prompt_tokens_details or _InputDetails()).text_tokens
    if prompt < cached or prompt + cached in {usage.prompt_tokens, (row.total_tokens or 0) - completed}:
        return False
    if text and prompt == text + counts.audio:
        return False
    if prompt - cached == usage.prompt_tokens or (text and prompt == text + counts.audio + cached):
        return True
    return None


def _units(row: _Row, usage: _Usage, counts: _Counts, includes: bool) -> dict[str, int]:
    output = usage.completion_tokens_details or _OutputDetails()
    audio, image = output.audio_tokens or 0, output.image_tokens or 0
    details = usage.prompt_tokens_details or _InputDetails()
    tools = usage.server_tool_use or _Tools()
    units = {
        "input": counts.prompt - counts.audio - (counts.cached if includes else 0),
        "input_audio": counts.audio,
        "cache_read": counts.read,
        "cache_write_5m": counts.short,
        "cache_write_1h": counts.long,
        "output": (row.completion_tokens or 0) - audio - image,
        "output_audio": audio,
        "output_image": image,
        "web_search": tools.web_search_requests or details.web_search_requests or 0,
    }
    return {meter: count for meter, count in units.items() if count}


def _call(row: _Row, metadata: _Metadata, usage: _Usage, units: dict[str, int]) -> Call:
    is_batch = "batch" in (row.call_type or "")
    tier = usage.service_tier or ""
    cost = nanos(row.spend) if row.spend else None  # 0 is written for models without a price
    return Call(
        model=row.model or "",
        time=micros(row.start_time) if row.start_time else None,
        units=units,
        id=row.request_id or None,
        mode=BATCH if is_batch else _MODES.get(tier, tier),
        is_sum=is_batch,
        session=row.session_id or None,
        task=row.session_id or None,
        agent=row.agent_id or None,
        outcome=FAILURE if row.status == FAILURE else None,  # "success" says only that there was an answer
        cost=cost,
        currency=None if cost is None else "USD",
        provider=row.custom_llm_provider or None,
        labels=_labels(row, metadata),
    )


def _labels(row: _Row, metadata: _Metadata) -> dict[str, str]:
    tags = _inner(row.request_tags, "request_tags", _decode_tags)
    tags = tags or _inner(metadata.tags, "metadata.tags", _decode_tags) or ()
    named = {"agent": row.agent_id, "team": row.team_id, "model_group": row.model_group}
    labels = {name: label for name, label in named.items() if label}
    for tag in tags:
        name, colon, value = tag.partition(":")
        if len(tag) <= _LONGEST:
            labels.setdefault(f"tag:{name.strip()}" if colon else "tag", value.strip() if colon else tag)
    return labels
