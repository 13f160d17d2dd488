"""OpenAI's usage report for completions and embeddings: sums by bucket of time, model and other dimensions.

Input includes what is read from and written to caches; the counts by modality do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from routecost.ingest.logs.call import BadRecordError, Call, Item, Note, counted
from routecost.ingest.logs.dialects.report_pages import Row, is_page, sums_of
from routecost.model.pricing.sheet import BATCH, STANDARD

NAME = "openai-usage"
NO_TIER = "Usage that is not grouped by batch and service tier is taken as standard"
_STANDARD = {"default", "auto", STANDARD}
_APART = ("audio", "image")


class _Row(msgspec.Struct):
    input_tokens: int
    num_model_requests: int
    output_tokens: int = 0
    input_cached_tokens: int | None = None
    input_uncached_tokens: int | None = None
    input_cache_write_tokens: int | None = None
    input_audio_tokens: int | None = None
    input_image_tokens: int | None = None
    input_cached_audio_tokens: int | None = None
    input_cached_image_tokens: int | None = None
    output_audio_tokens: int | None = None
    output_image_tokens: int | None = None
    model: str | None = None
    batch: bool | None = None
    service_tier: str | None = None
    project_id: str | None = None


_decode = msgspec.json.Decoder(_Row).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded page is one of this report."""
    return is_page(sample, "start_time", "input_tokens", "num_model_requests")


def parse(data: bytes) -> Iterable[Item]:
    """Return the sums of a page. Raises BadRecordError and msgspec's errors."""
    return sums_of(NAME, data, _items)


parse_document = parse


def _items(row: Row, key: str) -> Iterator[Item]:
    result = _decode(row.json)
    if result.model is None:
        raise BadRecordError("its model is null; expected a report that is grouped by model")
    if result.service_tier is None and not result.batch:
        yield Note(NO_TIER)
    yield Call(
        model=result.model,
        time=row.middle,
        units=_units(result),
        id=key,
        mode=_mode(result),
        calls=result.num_model_requests,
        is_sum=True,
        provider="openai",
        labels=None if result.project_id is None else {"project": result.project_id},
    )


def _mode(row: _Row) -> str:
    tier = STANDARD if row.service_tier is None or row.service_tier in _STANDARD else row.service_tier
    if row.batch:
        return BATCH if tier in {STANDARD, BATCH} else f"{BATCH}-{tier}"
    return tier


def _units(row: _Row) -> dict[str, int]:
    read, written = row.input_cached_tokens or 0, row.input_cache_write_tokens or 0
    uncached = row.input_tokens - read - written
    if row.input_uncached_tokens is not None and row.input_uncached_tokens != uncached:
        raise BadRecordError("its cached, uncached and cache-write tokens do not sum to its input_tokens")
    units = {"input": uncached, "output": row.output_tokens, "cache_read": read, "cache_write_5m": written}
    if uncached < 0:
        raise BadRecordError("the parts of its input_tokens are more than its input_tokens")
    for kind in _APART:
        for meter, field in (
            ("input", f"input_{kind}_tokens"),
            ("output", f"output_{kind}_tokens"),
            ("cache_read", f"input_cached_{kind}_tokens"),
        ):
            part = getattr(row, field) or 0
            if not 0 <= part <= units[meter]:
                raise BadRecordError(f"{field} is {part}; expected a count of at most {units[meter]}")
            units[meter] -= part
            units[f"{meter}_{kind}"] = part
    return counted(units)
