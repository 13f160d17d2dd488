"""Rollouts of Codex: ``sessions/YYYY/MM/DD/rollout-*.jsonl``.

A ``token_count`` event has the usage of the last call and the total of the session; events are repeated with
equal totals. The model is that of the latest turn. A fork or sub-agent begins with a copy of its parent's
lines, with new times: they have the turns, or the session, of the parent, so they are found to be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from routecost.ingest.logs.call import BadRecordError, Call, Item, micros
from routecost.model.logs.efforts import with_effort
from routecost.model.pricing.sheet import STANDARD

NAME = "codex"
_STATES = ("session_meta", "turn_context", "event_msg")
_EVENTS = ("token_count", "task_started", "thread_settings_applied")
_MODES = {"default": STANDARD, "auto": STANDARD, "": STANDARD}


class _Usage(msgspec.Struct, frozen=True, gc=False):
    input_tokens: int = 0
    cached_input_tokens: int | None = 0
    output_tokens: int = 0
    reasoning_output_tokens: int | None = 0

    def since(self, before: _Usage | None) -> _Usage:
        """Return what was used since an earlier total; all of it if the total began again."""
        if before is None or self.input_tokens < before.input_tokens:
            return self
        return _Usage(
            self.input_tokens - before.input_tokens,
            (self.cached_input_tokens or 0) - (before.cached_input_tokens or 0),
            self.output_tokens - before.output_tokens,
            (self.reasoning_output_tokens or 0) - (before.reasoning_output_tokens or 0),
        )


class _Info(msgspec.Struct, gc=False):
    last_token_usage: _Usage | None = None
    total_token_usage: _Usage | None = None


class _Settings(msgspec.Struct, gc=False):
    model: str | None = None
    service_tier: str | None = None
    cwd: str | None = None
    effort: str | None = None


class _Payload(msgspec.Struct, gc=False):
    type: str | None = None
    id: str | None = None
    forked_from_id: str | None = None
    turn_id: str | None = None
    model: str | None = None
    cwd: str | None = None
    effort: str | None = None
    agent_role: str | None = None
    source: msgspec.Raw = msgspec.Raw()
    thread_settings: _Settings | None = None
    info: _Info | None = None


class _Kind(msgspec.Struct, gc=False):
    type: str | None = None


class _Line(msgspec.Struct, gc=False):
    type: str | None = None
    timestamp: str | None = None
    payload: msgspec.Raw = msgspec.Raw()


_decode = msgspec.json.Decoder(_Line).decode
_decode_payload = msgspec.json.Decoder(_Payload | None).decode
_decode_kind = msgspec.json.Decoder(_Kind).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded line is one of this dialect."""
    return (
        isinstance(sample, dict) and sample.get("type") in _STATES and isinstance(sample.get("payload"), dict)
    )


def parser() -> Callable[[bytes], Iterable[Item]]:
    """Return a function that reads the lines of one file, in order."""
    return _Rollout().parse


class _Rollout:
    """What the lines of a file have stated so far."""

    def __init__(self) -> None:
        self._session: str | None = None
        self._thread: str | None = None
        self._turn: str | None = None
        self._agent: str | None = None
        self._settings = _Settings()
        self._total: _Usage | None = None

    def parse(self, line: bytes) -> Iterable[Item]:
        """Return the call of a line, if it has one. Raises BadRecordError and msgspec's errors."""
        record = _decode(line)
        if record.type not in _STATES or not record.payload:
            return ()
        try:
            payload = _decode_payload(record.payload) or _Payload()
        except msgspec.ValidationError:
            if record.type == "event_msg" and _decode_kind(record.payload).type not in _EVENTS:
                return ()
            raise
        if record.type == "session_meta":
            self._begin(payload)
        elif record.type == "turn_context" or payload.type == "task_started":
            self._turn = payload.turn_id or self._turn
            self._set(payload.model, payload.cwd, None, payload.effort)
        elif payload.type == "thread_settings_applied" and payload.thread_settings:
            settings = payload.thread_settings
            self._set(settings.model, settings.cwd, settings.service_tier)
        elif payload.type == "token_count" and payload.info:
            return self._calls(payload.info, record.timestamp)
        return ()

    def _begin(self, payload: _Payload) -> None:
        """Begin a session; a fork has its own first, then that of its parent."""
        self._thread = payload.forked_from_id or payload.id
        if self._session is None:
            self._session = payload.id
            is_subagent = b'"subagent"' in bytes(payload.source)
            self._agent = payload.agent_role or ("subagent" if is_subagent else "main")
        self._set(None, payload.cwd, None)

    def _set(self, model: str | None, cwd: str | None, tier: str | None, effort: str | None = None) -> None:
        now = self._settings
        effort = effort or (None if model and model != now.model else now.effort)
        self._settings = _Settings(model or now.model, tier or now.service_tier, cwd or now.cwd, effort)

    def _calls(self, info: _Info, timestamp: str | None) -> Iterable[Call]:
        total, before = info.total_token_usage, self._total
        if total is not None and total == before:
            return ()
        self._total = total or before
        used = info.last_token_usage or (total and total.since(before))
        if used is None or not (used.input_tokens or used.output_tokens):
            return ()
        if not self._settings.model:
            raise BadRecordError("a token count is before the first turn_context, so its model is not known")
        return (self._call(used, total, timestamp),)

    def _call(self, used: _Usage, total: _Usage | None, timestamp: str | None) -> Call:
        cached = used.cached_input_tokens or 0
        if cached > used.input_tokens:
            raise BadRecordError(
                f"cached_input_tokens ({cached}) cannot exceed input_tokens ({used.input_tokens})"
            )
        settings = self._settings
        tier = settings.service_tier or ""
        project = (settings.cwd or "").replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
        units = {"input": used.input_tokens - cached, "cache_read": cached, "output": used.output_tokens}
        labels = {"project": project, "agent": self._agent or ""}
        return Call(
            model=with_effort(settings.model or "", settings.effort),
            time=None if timestamp is None else micros(timestamp),
            units=units,
            id=self._id(used, total),
            mode=_MODES.get(tier, tier),
            session=self._session,
            task=self._session,
            agent=self._agent,
            provider="openai",
            labels={name: label for name, label in labels.items() if label},
        )

    def _id(self, used: _Usage, total: _Usage | None) -> str | None:
        """Return what is equal for copies of a call only: its turn, or its thread, and what was counted."""
        place = self._turn or self._thread
        if place is None or total is None:
            return None
        counts = (
            count
            for usage in (total, used)
            for count in (usage.input_tokens, usage.cached_input_tokens, usage.output_tokens)
        )
        return f"{place}:{':'.join(map(str, counts))}"
