"""Transcripts of Claude Code: ``projects/<slug>/<session>.jsonl`` and ``subagents/agent-*.jsonl``.

Each content block of an answer is a line that repeats the usage of the whole call: lines with one message id
are one call. A side chain may repeat the message of its parent, so the line of the main chain is kept.
Claude Code retries requests that fail; each is a call without usage, of the model of the call before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from routecost.ingest.logs.call import (
    FAILURE,
    LATEST,
    NO_USAGE,
    UNKNOWN_FAILED,
    BadRecordError,
    Call,
    Item,
    Skipped,
    micros,
    nanos,
)
from routecost.model.pricing.sheet import STANDARD

NAME = "claude-code"
SYNTHETIC = "<synthetic>"
MAIN, SUBAGENT = "main", "subagent"
_CALLS = ("assistant", "progress", None)
_GLOBAL = ("msg_", "req_")
"""The prefixes of ids that no two calls share; others are unique in a session only."""

_MODES = {None: STANDARD, "": STANDARD, "default": STANDARD, "auto": STANDARD}


class _Writes(msgspec.Struct, gc=False):
    ephemeral_5m_input_tokens: int | None = 0
    ephemeral_1h_input_tokens: int | None = 0


class _ServerTools(msgspec.Struct, gc=False):
    web_search_requests: int | None = 0


class _Usage(msgspec.Struct, gc=False):
    input_tokens: int | msgspec.UnsetType = msgspec.UNSET
    cache_creation_input_tokens: int | None = 0
    cache_read_input_tokens: int | None = 0
    cache_creation: _Writes | None = None
    output_tokens: int | msgspec.UnsetType = msgspec.UNSET
    server_tool_use: _ServerTools | None = None
    service_tier: str | None = None
    speed: str | None = None


class _Message(msgspec.Struct, gc=False):
    model: str | None = None
    id: str | None = None
    usage: _Usage | None = None


class _Line(msgspec.Struct, rename="camel", gc=False):
    """A line; its keys are in the order in which they are written, which makes decoding faster."""

    is_sidechain: bool | None = False
    cwd: str | None = None
    session_id: str | None = None
    agent_id: str | None = None
    type: str | None = None
    message: _Message | None = None
    request_id: str | None = None
    uuid: str | None = None
    timestamp: str | None = None
    data: msgspec.Raw = msgspec.Raw()
    subtype: str | None = None
    attribution_agent: str | None = None
    attribution_skill: str | None = None
    cost_usd: Decimal | None = msgspec.field(name="costUSD", default=None)
    is_api_error_message: bool | None = False


class _Data(msgspec.Struct, rename="camel", gc=False):
    message: _Line | None = None
    agent_id: str | None = None


class _Kind(msgspec.Struct, gc=False):
    type: str | None = None
    subtype: str | None = None


_decode = msgspec.json.Decoder(_Line).decode
_decode_data = msgspec.json.Decoder(_Data | None).decode
_decode_kind = msgspec.json.Decoder(_Kind).decode


_BESIDE = ("summary", "file-history-snapshot")
"""The types of lines without a session, which may be all that a transcript has."""


def matches(sample: Any) -> bool:
    """Return whether a decoded line is one of this dialect."""
    if not isinstance(sample, dict):
        return False
    held = sample.get("data" if sample.get("type") == "progress" else "message")
    is_beside = sample.get("type") in _BESIDE
    return is_beside or ("type" in sample and ("sessionId" in sample or isinstance(held, dict)))


def parser() -> Callable[[bytes], Iterable[Item]]:
    """Return :func:`parse` for the lines of one file; lines that repeat the one before are its same items."""
    model: str | None = None
    name: str | None = None
    before = _Line()
    items: tuple[Item, ...] = ()

    def parse_next(line: bytes) -> Iterable[Item]:
        nonlocal model, name, before, items
        if (record := _record(line)) is None:
            return ()
        message = record.message
        if message is not None and message.id == name and name and _repeats(record, before, items[0]):
            return items
        own = _items(record, model)
        if own and isinstance(own[0], Call):
            model = own[0].model
            if own[0].units and message is not None:
                name, before, items = message.id, record, own
        return own

    return parse_next


def _repeats(record: _Line, before: _Line, call: Item) -> bool:
    """Return whether a line is that of the call of a line before it, but for its time, which is no earlier.

    Of such lines, the first is kept. Raises BadRecordError for a bad time.
    """
    assert isinstance(call, Call)
    if record.timestamp != before.timestamp:
        if record.timestamp is None or call.time is None:
            return False
        time = micros(record.timestamp)
        if not call.time // 1000 < time // 1000 < LATEST // 1000:
            return False
    own = record.timestamp, record.uuid
    record.timestamp, record.uuid = before.timestamp, before.uuid
    if record == before:
        return True
    record.timestamp, record.uuid = own
    return False


def parse(line: bytes, model: str | None = None) -> tuple[Item, ...]:
    """Return the call of a line, if it has one; ``model`` is that of a failed request, if it is known.

    Raises BadRecordError and msgspec's errors.
    """
    record = _record(line)
    return () if record is None else _items(record, model)


def _record(line: bytes) -> _Line | None:
    try:
        record = _decode(line)
    except msgspec.ValidationError:
        if _decode_kind(line).type in _CALLS:
            raise
        return None
    return _unwrapped(record, record.data) if record.type == "progress" and record.data else record


def _items(record: _Line, model: str | None) -> tuple[Item, ...]:
    message = record.message
    if record.is_api_error_message or (record.type == "system" and record.subtype == "api_error"):
        if model is None:
            return (Skipped(UNKNOWN_FAILED),)
        return (_call(record, model, {}, record.uuid, outcome=FAILURE),)
    if message is None or message.model == SYNTHETIC:
        return ()
    usage = message.usage or _Usage()
    units = _units(usage)
    if not units and not record.cost_usd:
        return (Skipped(NO_USAGE),) if message.model else ()
    if not message.model:
        raise BadRecordError("a message with usage has no model")
    name = _id(message.id or record.request_id or record.uuid, record.session_id)
    call = _call(record, message.model, units, name)
    call.mode = _mode(usage)
    return (call,)


def _unwrapped(outer: _Line, data: msgspec.Raw) -> _Line:
    """Return the line of a sub-agent that a line of the main chain wraps."""
    wrapped = _decode_data(data) or _Data()
    inner = wrapped.message or _Line()
    inner.timestamp = inner.timestamp or outer.timestamp
    inner.session_id = inner.session_id or outer.session_id
    inner.cwd = inner.cwd or outer.cwd
    inner.agent_id = inner.agent_id or wrapped.agent_id or outer.agent_id
    inner.is_sidechain = inner.is_sidechain or inner.agent_id is not None
    return inner


def _mode(usage: _Usage) -> str:
    tier = usage.service_tier
    return "fast" if usage.speed == "fast" else _MODES.get(tier) or tier or ""


def _call(
    line: _Line, model: str, units: dict[str, int], name: str | None, *, outcome: str | None = None
) -> Call:
    is_side = line.is_sidechain or line.agent_id is not None
    agent = line.attribution_agent or (SUBAGENT if is_side else MAIN)
    cost = None if line.cost_usd is None else nanos(line.cost_usd)
    return Call(
        model=model,
        time=None if line.timestamp is None else micros(line.timestamp),
        units=units,
        id=name,
        rank=1 if is_side else 0,
        session=line.session_id,
        task=line.session_id,
        agent=agent,
        outcome=outcome,
        cost=cost,
        currency=None if cost is None else "USD",
        labels=_labels(line.cwd, agent, line.attribution_skill),
    )


def _id(name: str | None, session: str | None) -> str | None:
    if not name:
        return None
    return name if name.startswith(_GLOBAL) or session is None else f"{session}/{name}"


@lru_cache(maxsize=1024)
def _labels(cwd: str | None, agent: str, skill: str | None) -> dict[str, str]:
    """Return the labels of a call; they are shared by calls and must not be changed."""
    project = (cwd or "").replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    labels = {"project": project, "agent": agent, "skill": skill}
    return {name: label for name, label in labels.items() if label}


def _units(usage: _Usage) -> dict[str, int]:
    """Return the units by meter; none if the usage is not stated."""
    if usage.input_tokens is msgspec.UNSET or usage.output_tokens is msgspec.UNSET:
        if usage.input_tokens is usage.output_tokens:
            return {}
        raise BadRecordError("its usage has only one of input_tokens and output_tokens")
    units = {"input": usage.input_tokens, "output": usage.output_tokens}
    if read := usage.cache_read_input_tokens:
        units["cache_read"] = read
    written, writes = usage.cache_creation_input_tokens or 0, usage.cache_creation
    short = (0 if writes is None else writes.ephemeral_5m_input_tokens) or 0
    long = (0 if writes is None else writes.ephemeral_1h_input_tokens) or 0
    if not (short or long):
        short = written  # a cache is kept for five minutes unless another time is stated
    elif written and short + long != written:
        raise BadRecordError("cache_creation does not sum to cache_creation_input_tokens")
    if short:
        units["cache_write_5m"] = short
    if long:
        units["cache_write_1h"] = long
    if usage.server_tool_use and (searches := usage.server_tool_use.web_search_requests):
        units["web_search"] = searches
    return units
