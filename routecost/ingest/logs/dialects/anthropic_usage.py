"""Anthropic's usage report for messages: sums by bucket of time, model and other dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from routecost.ingest.logs.call import BadRecordError, Call, Item, Note, counted
from routecost.ingest.logs.dialects.report_pages import Row, is_page, sums_of
from routecost.model.pricing.sheet import STANDARD

NAME = "anthropic-usage"
NO_CALLS = "Anthropic's usage report does not count calls"
NO_TIER = "Usage that is not grouped by service tier is taken as standard"
NO_GEO = "Usage that is not grouped by inference geography is taken as global"
_GLOBAL = {"global", "not_available"}
_BANDS: dict[str, tuple[int, int | None]] = {"0-200k": (0, 200_000), "200k-1M": (200_001, 1_000_000)}


class _Writes(msgspec.Struct):
    ephemeral_5m_input_tokens: int = 0
    ephemeral_1h_input_tokens: int = 0


class _Tools(msgspec.Struct):
    web_search_requests: int = 0


class _Row(msgspec.Struct):
    uncached_input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int = 0
    cache_creation: _Writes | None = None
    server_tool_use: _Tools | None = None
    model: str | None = None
    service_tier: str | None = None
    context_window: str | None = None
    inference_geo: str | None = None
    workspace_id: str | None = None


_decode = msgspec.json.Decoder(_Row).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded page is one of this report."""
    return is_page(sample, "starting_at", "uncached_input_tokens", "output_tokens")


def parse(data: bytes) -> Iterable[Item]:
    """Return the sums of a page. Raises BadRecordError and msgspec's errors."""
    return sums_of(NAME, data, _items)


parse_document = parse


def _items(row: Row, key: str) -> Iterator[Item]:
    result = _decode(row.json)
    if result.model is None:
        raise BadRecordError("its model is null; expected a report that is grouped by model")
    if result.context_window is not None and result.context_window not in _BANDS:
        raise BadRecordError(f"its context_window is unknown; expected {' or '.join(_BANDS)}")
    band = None if result.context_window is None else _BANDS[result.context_window]
    yield Note(NO_CALLS)
    if result.service_tier is None:
        yield Note(NO_TIER)
    if result.inference_geo is None:
        yield Note(NO_GEO)
    yield Call(
        model=result.model,
        time=row.middle,
        units=_units(result),
        id=key,
        mode=mode_of(result.service_tier, result.inference_geo),
        calls=0,
        is_sum=True,
        context=None if band is None else band[0],
        context_upto=None if band is None else band[1],
        provider="anthropic",
        labels=None if result.workspace_id is None else {"workspace": result.workspace_id},
    )


def mode_of(tier: str | None, geography: str | None) -> str:
    """Return the processing mode: the service tier, and the place if its rates may differ.

    A sheet with regional rates names the mode after the place (``us``), or ``batch-us``.
    """
    tier = tier or STANDARD
    if geography is None or geography in _GLOBAL:
        return tier
    return geography if tier == STANDARD else f"{tier}-{geography}"


def _units(row: _Row) -> dict[str, int]:
    writes, tools = row.cache_creation or _Writes(), row.server_tool_use or _Tools()
    return counted(
        {
            "input": row.uncached_input_tokens,
            "output": row.output_tokens,
            "cache_read": row.cache_read_input_tokens,
            "cache_write_5m": writes.ephemeral_5m_input_tokens,
            "cache_write_1h": writes.ephemeral_1h_input_tokens,
            "web_search": tools.web_search_requests,
        }
    )
