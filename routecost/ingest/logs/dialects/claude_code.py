"""Transcripts of Claude Code: ``projects/<slug>/<session>.jsonl`` and ``subagents/agent-*.jsonl``.

Each content block of an answer is a line that repeats the usage of the whole call: lines with one message id
are one call. A side chain may repeat the message of its parent, so the line of the main chain is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import PurePath
from typing import Any

import msgspec

from routecost.ingest.logs.call import BadRecordError, Call, micros
from routecost.model.logs.cells import NANOS
from routecost.model.pricing.sheet import STANDARD

NAME = "claude-code"
SYNTHETIC = "<synthetic>"
_CALLS = ("assistant", "progress", None)


class _Writes(msgspec.Struct):
    ephemeral_5m_input_tokens: int = 0
    ephemeral_1h_input_tokens: int = 0


class _ServerTools(msgspec.Struct):
    web_search_requests: int = 0


class _Usage(msgspec.Struct):
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_input_tokens: int | None = 0
    cache_creation_input_tokens: int | None = 0
    cache_creation: _Writes | None = None
    service_tier: str | None = None
    speed: str | None = None
    server_tool_use: _ServerTools | None = None


class _Message(msgspec.Struct):
    model: str | None = None
    id: str | None = None
    usage: _Usage | None = None


class _Wrapped(msgspec.Struct, rename="camel"):
    message: _Message
    timestamp: str | None = None
    is_sidechain: bool = False
    request_id: str | None = None


class _Data(msgspec.Struct):
    message: _Wrapped | None = None


class _Line(msgspec.Struct, rename="camel"):
    type: str | None = None
    timestamp: str | None = None
    session_id: str | None = None
    is_sidechain: bool = False
    agent_id: str | None = None
    cwd: str | None = None
    cost_usd: Decimal | None = msgspec.field(name="costUSD", default=None)
    is_api_error_message: bool = False
    message: _Message | None = None
    data: msgspec.Raw = msgspec.Raw(b"")


class _Kind(msgspec.Struct):
    type: str | None = None


_decode = msgspec.json.Decoder(_Line).decode
_decode_data = msgspec.json.Decoder(_Data).decode
_decode_kind = msgspec.json.Decoder(_Kind).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded line is one of this dialect."""
    return isinstance(sample, dict) and (
        ("sessionId" in sample and "type" in sample) or isinstance(sample.get("message"), dict)
    )


def parse(line: bytes) -> Iterable[Call]:
    """Return the call of a line, if it has one. Raises BadRecordError and msgspec's errors."""
    try:
        found = _decode(line)
    except msgspec.ValidationError:
        if _decode_kind(line).type in _CALLS:
            raise
        return ()
    message, time, is_side = found.message, found.timestamp, found.is_sidechain
    if found.type == "progress" and found.data:
        wrapped = _decode_data(found.data).message
        if wrapped is None:
            return ()
        message, time, is_side = wrapped.message, wrapped.timestamp or time, wrapped.is_sidechain
    if message is None or message.usage is None or found.is_api_error_message or message.model == SYNTHETIC:
        return ()
    if message.model is None:
        raise BadRecordError("a message with usage has no model")
    return (_call(found, message, message.usage, time, is_side),)


def _call(line: _Line, message: _Message, usage: _Usage, time: str | None, is_side: bool) -> Call:
    fast = usage.speed == "fast"
    project = PurePath(line.cwd).name if line.cwd else None
    return Call(
        model=message.model or "",
        time=None if time is None else micros(time),
        units=_units(usage),
        id=message.id,
        rank=1 if is_side else 0,
        mode="fast" if fast else usage.service_tier or STANDARD,
        session=line.session_id,
        task=line.session_id,
        agent=line.agent_id or ("sidechain" if is_side else "main"),
        cost=None if line.cost_usd is None else int(line.cost_usd.scaleb(NANOS).to_integral_value()),
        currency=None if line.cost_usd is None else "USD",
        labels=None if project is None else {"project": project},
    )


def _units(usage: _Usage) -> dict[str, int]:
    writes = usage.cache_creation
    written = usage.cache_creation_input_tokens or 0
    long = 0 if writes is None else writes.ephemeral_1h_input_tokens
    short = written - long if writes is None else writes.ephemeral_5m_input_tokens
    if writes is not None and short + long != written and written:
        raise BadRecordError("cache_creation does not sum to cache_creation_input_tokens")
    tools = usage.server_tool_use
    units = {
        "input": usage.input_tokens,
        "output": usage.output_tokens,
        "cache_read": usage.cache_read_input_tokens or 0,
        "cache_write_5m": short,
        "cache_write_1h": long,
        "web_search": 0 if tools is None else tools.web_search_requests,
    }
    return {meter: count for meter, count in units.items() if count}
