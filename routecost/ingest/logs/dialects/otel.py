"""Spans of OpenTelemetry's GenAI conventions in OTLP/JSON: one object per line, or a whole document.

Input includes what is read from and written to caches, output includes reasoning. Spans of agents and
workflows repeat the sums of their calls, so only spans of calls count. The names of Traceloop, Sentry and
OpenInference are read, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import msgspec

from routecost.ingest.logs.call import (
    FAILURE,
    UNKNOWN_FAILED,
    BadRecordError,
    Call,
    Item,
    Note,
    Skipped,
    count,
    counted,
)

NAME = "otel"
NO_TTL = "OpenTelemetry does not state how long cache writes live: 5-minute writes are assumed"
OPERATIONS = {"chat", "generate_content", "text_completion", "embeddings"}
_KINDS = {"LLM", "EMBEDDING"}
_REQUESTS = {"chat", "completion", "embedding"}

_U = "gen_ai.usage."
_COUNTS: dict[str, tuple[str, ...]] = {
    "input": (f"{_U}input_tokens", f"{_U}prompt_tokens", "llm.token_count.prompt"),
    "output": (f"{_U}output_tokens", f"{_U}completion_tokens", "llm.token_count.completion"),
    "total": ("llm.usage.total_tokens", f"{_U}total_tokens", "llm.token_count.total"),
    "cache_read": (
        f"{_U}cache_read.input_tokens",
        f"{_U}cache_read_input_tokens",
        f"{_U}cache_read_tokens",
        f"{_U}input_cached_tokens",
        f"{_U}input_tokens.cached",
        "llm.token_count.prompt_details.cache_read",
    ),
    "cache_write_5m": (
        f"{_U}cache_creation.input_tokens",
        f"{_U}cache_creation_input_tokens",
        f"{_U}cache_write_tokens",
        f"{_U}input_tokens.cache_write",
        "llm.token_count.prompt_details.cache_write",
    ),
    "reasoning": (
        f"{_U}reasoning.output_tokens",
        f"{_U}output_tokens.reasoning",
        "llm.token_count.completion_details.reasoning",
    ),
    "input_image": (f"{_U}image.input_tokens",),
    "input_video": (f"{_U}video.input_tokens",),
    "input_audio": (f"{_U}audio.input_tokens", "llm.token_count.prompt_details.audio"),
    "output_audio": (f"{_U}audio.output_tokens", "llm.token_count.completion_details.audio"),
}
_MODALITIES = ("input_image", "input_video", "input_audio")
_TEXTS: dict[str, tuple[str, ...]] = {
    "operation": ("gen_ai.operation.name",),
    "kind": ("openinference.span.kind",),
    "request": ("llm.request.type",),
    "model": ("gen_ai.response.model", "gen_ai.request.model", "llm.model_name", "embedding.model_name"),
    "provider": ("gen_ai.provider.name", "gen_ai.system", "llm.provider"),
    "agent": ("gen_ai.agent.name",),
    "workflow": ("gen_ai.workflow.name", "traceloop.workflow.name"),
    "session": ("gen_ai.conversation.id", "session.id"),
    "response": ("gen_ai.response.id",),
}
_INHERITED = ("agent", "workflow", "session")
_PLACES = {
    key: (name, place, names is _TEXTS)
    for names in (_COUNTS, _TEXTS)
    for name, keys in names.items()
    for place, key in enumerate(keys)
}
"""What an attribute is, its place among the attributes that are the same, and whether it is a text."""


class _Value(msgspec.Struct, rename="camel"):
    string_value: str | None = None
    int_value: int | str | None = None
    bool_value: bool | None = None
    double_value: float | None = None


class _Attribute(msgspec.Struct):
    key: str
    value: msgspec.Raw = msgspec.Raw(b"{}")


class _Status(msgspec.Struct):
    code: int | str | None = None


class _Span(msgspec.Struct, rename="camel"):
    trace_id: str
    span_id: str
    parent_span_id: str | None = None
    start_time_unix_nano: int | str | None = None
    attributes: list[_Attribute] = []
    status: _Status | None = None


class _Scope(msgspec.Struct):
    spans: list[msgspec.Raw] = []


class _Resource(msgspec.Struct):
    attributes: list[_Attribute] = []


class _ResourceSpans(msgspec.Struct, rename="camel"):
    resource: _Resource | None = None
    scope_spans: list[_Scope] = []


class _Document(msgspec.Struct, rename="camel"):
    resource_spans: list[_ResourceSpans] | None = None


class _Read(NamedTuple):
    """A span with the values that are read of it; ``service`` is that of its resource."""

    span: _Span
    texts: Mapping[str, str]
    counts: Mapping[str, int]
    service: str | None

    @property
    def key(self) -> tuple[str, str]:
        return self.span.trace_id, self.span.span_id

    @property
    def parent(self) -> tuple[str, str]:
        return self.span.trace_id, self.span.parent_span_id or ""


_decode = msgspec.json.Decoder(_Document).decode
_decode_span = msgspec.json.Decoder(_Span).decode
_decode_value = msgspec.json.Decoder(_Value).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded line or document is one of this dialect."""
    return isinstance(sample, dict) and isinstance(sample.get("resourceSpans"), list)


def parse(line: bytes) -> Iterable[Item]:
    """Return the calls of a line or document. Raises msgspec's errors."""
    spans = _decode(line).resource_spans
    if spans is None:
        return (Skipped("lines without spans"),)
    return _items(spans)


parse_document = parse


def _items(resources: Iterable[_ResourceSpans]) -> Iterator[Item]:
    read: dict[tuple[str, str], _Read] = {}
    for resource in resources:
        service = None if resource.resource is None else _service(resource.resource.attributes)
        for raw in (raw for scope in resource.scope_spans for raw in scope.spans):
            try:
                read_span = _read(raw, service)
            except (BadRecordError, msgspec.ValidationError) as error:
                yield BadRecordError(str(error))
            else:
                read[read_span.key] = read_span
    within = {one.parent: one for one in read.values() if _bills(one) or _is_failed_call(one)}
    for one in read.values():
        try:
            yield from _call(one, read, within.get(one.key))
        except BadRecordError as error:
            yield error


def _read(raw: msgspec.Raw, service: str | None) -> _Read:
    span = _decode_span(raw)
    if not span.trace_id or not span.span_id:
        raise BadRecordError("a span has no traceId or no spanId")
    texts: dict[str, str] = {}
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    for attribute in span.attributes:
        if (known_place := _PLACES.get(attribute.key)) is None:
            continue
        name, place, is_text = known_place
        value = _text(attribute) if is_text else _count(attribute)
        if value != "" and place <= places.get(name, place):
            places[name] = place
            if isinstance(value, str):
                texts[name] = value
            else:
                counts[name] = value
    return _Read(span, texts, counts, service)


def _value(attribute: _Attribute) -> _Value:
    try:
        return _decode_value(attribute.value)
    except msgspec.ValidationError:
        raise BadRecordError(f"{attribute.key} is not a value of OTLP/JSON") from None


def _text(attribute: _Attribute) -> str:
    value = _value(attribute).string_value
    if value is None:
        raise BadRecordError(f"{attribute.key} is not a stringValue")
    return value


def _count(attribute: _Attribute) -> int:
    value = _value(attribute).int_value
    if value is None:
        raise BadRecordError(f"{attribute.key} is not an intValue")
    return count(value, attribute.key)


def _service(attributes: Iterable[_Attribute]) -> str | None:
    for attribute in attributes:
        if attribute.key == "service.name":
            with suppress(BadRecordError):
                return _text(attribute)
    return None


def _is_call(one: _Read) -> bool | None:
    """Return whether a span is a call of a model; None if it does not say."""
    texts = one.texts
    if "operation" in texts:
        return texts["operation"] in OPERATIONS
    if "kind" in texts:
        return texts["kind"].upper() in _KINDS
    if "request" in texts:
        return texts["request"] in _REQUESTS
    return None


def _bills(one: _Read) -> bool:
    return _is_call(one) is not False and bool(one.counts.get("input") or one.counts.get("output"))


def _failed(one: _Read) -> bool:
    return one.span.status is not None and one.span.status.code in _ERRORS


def _is_failed_call(one: _Read) -> bool:
    return bool(_is_call(one)) and _failed(one) and "model" in one.texts


def _call(one: _Read, read: Mapping[tuple[str, str], _Read], child: _Read | None) -> Iterator[Item]:
    """Yield the call of a span; ``child`` is one below it that is a call, if there is any."""
    is_call, failed = _is_call(one), _failed(one)
    if is_call is False or (is_call is None and not one.counts):
        yield Skipped(_kind(one))
    elif not _bills(one) and not _is_failed_call(one):
        yield Skipped(UNKNOWN_FAILED if failed else "calls without usage")
    elif child is not None and (is_call is None or _repeats(one, child)):
        yield Skipped(_REPEATED)
    else:
        if one.counts.get("cache_write_5m"):
            yield Note(NO_TTL)
        yield _billed(one, read, failed=failed)


def _kind(one: _Read) -> str:
    """Return what kind of span without a call this is; one of an unknown operation may have cost money."""
    if not one.counts:
        return "spans of other operations"
    known = "kind" in one.texts or one.texts.get("operation") in _PARENTS
    return _REPEATED if known else "spans with usage of an operation that is no known call"


_REPEATED = "spans that repeat the usage of their calls"
_PARENTS = {"invoke_agent", "invoke_workflow", "create_agent", "execute_tool"}
_ERRORS = (2, "2", "STATUS_CODE_ERROR")


def _repeats(one: _Read, child: _Read) -> bool:
    """Return whether two instrumentations recorded one call."""
    if not _bills(one) and not _bills(child):
        return True  # an answer of an error has no id
    return "response" in one.texts and one.texts["response"] == child.texts.get("response")


def _billed(one: _Read, read: Mapping[tuple[str, str], _Read], *, failed: bool) -> Call:
    if "model" not in one.texts:
        raise BadRecordError("a span with usage has no gen_ai.response.model and no gen_ai.request.model")
    known = _inherited(one, read)
    labels = {"workflow": known.get("workflow"), "agent": known.get("agent"), "service": one.service}
    return Call(
        model=one.texts["model"],
        time=_micros(one.span.start_time_unix_nano),
        units=_units(one.counts),
        id=f"{one.span.trace_id}:{one.span.span_id}",
        session=known.get("session"),
        task=one.span.trace_id,
        agent=known.get("agent"),
        outcome=FAILURE if failed else None,
        provider=one.texts.get("provider"),
        labels={name: label for name, label in labels.items() if label is not None} or None,
    )


def _inherited(one: _Read, read: Mapping[tuple[str, str], _Read]) -> dict[str, str]:
    """Return the agent, workflow and conversation of a span, or of the nearest span above that has them."""
    labels: dict[str, str] = {}
    above: _Read | None = one
    seen = set()
    while above is not None and above.key not in seen:
        seen.add(above.key)
        for name in _INHERITED:
            if name in above.texts:
                labels.setdefault(name, above.texts[name])
        above = read.get(above.parent)
    return labels


def _units(counts: Mapping[str, int]) -> dict[str, int]:
    whole, output = counts.get("input", 0), counts.get("output", 0)
    cached = {name: counts.get(name, 0) for name in ("cache_read", "cache_write_5m")}
    apart = {name: counts.get(name, 0) for name in _MODALITIES}
    inside = sum(cached.values())
    if inside and counts.get("total") == whole + inside + output:
        inside = 0  # the total says that input is without them
    text = whole - inside - sum(apart.values())
    if text < 0:
        raise BadRecordError("the parts of its input tokens are more than its input tokens")
    if counts.get("reasoning", 0) > output:
        raise BadRecordError("its reasoning tokens are more than its output tokens, which include them")
    spoken = counts.get("output_audio", 0)
    if spoken > output:
        raise BadRecordError("its audio output tokens are more than its output tokens, which include them")
    return counted({"input": text, "output": output - spoken, "output_audio": spoken, **cached, **apart})


def _micros(nanoseconds: int | str | None) -> int | None:
    """Return a time in microseconds; None if it is unknown, which 0 means."""
    if isinstance(nanoseconds, str) and not nanoseconds:
        return None
    if (
        isinstance(nanoseconds, str)
        and nanoseconds.isascii()
        and nanoseconds.isdigit()
        and len(nanoseconds) < 20
    ):
        nanoseconds = int(nanoseconds)
    if isinstance(nanoseconds, str) or (nanoseconds is not None and not 0 <= nanoseconds < 2**63):
        raise BadRecordError("startTimeUnixNano is no number of nanoseconds")
    return nanoseconds // 1000 if nanoseconds else None
