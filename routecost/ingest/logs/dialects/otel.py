"""Spans of OpenTelemetry's GenAI conventions in OTLP/JSON: one object per line, or a whole document.

Input includes what is read from and written to caches, output includes reasoning. Spans of agents and
workflows repeat the sums of their calls, so only spans of calls count. The names of Traceloop, Sentry and
OpenInference are read, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from routecost.ingest.logs.call import (
    FAILURE,
    NO_USAGE,
    UNKNOWN_FAILED,
    BadRecordError,
    Call,
    Found,
    Item,
    Note,
    Skipped,
    Waiting,
    counted,
)
from routecost.ingest.logs.dialects.otel_attributes import (
    MODALITIES,
    PLACES,
    Attribute,
    service_of,
    text,
    whole,
)
from routecost.ingest.logs.dialects.otel_traces import NAMES, NESTED, TOO_MANY, Traces
from routecost.model.logs.efforts import with_effort

NAME = "otel"
NO_TTL = "OpenTelemetry does not state how long cache writes live: 5-minute writes are assumed"
OPERATIONS = {"chat", "generate_content", "text_completion", "embeddings"}
_KINDS = {"LLM", "EMBEDDING"}
_REQUESTS = {"chat", "completion", "embedding"}


class _Status(msgspec.Struct):
    code: int | str | None = None


class _Span(msgspec.Struct, rename="camel"):
    trace_id: str
    span_id: str
    parent_span_id: str | None = None
    start_time_unix_nano: int | str | None = None
    attributes: list[Attribute] = []
    status: _Status | None = None


class _Scope(msgspec.Struct):
    spans: list[msgspec.Raw] = []


class _Resource(msgspec.Struct):
    attributes: list[Attribute] = []


class _ResourceSpans(msgspec.Struct, rename="camel"):
    resource: _Resource | None = None
    scope_spans: list[_Scope] = []


class _Document(msgspec.Struct, rename="camel"):
    resource_spans: list[_ResourceSpans] | None = None


class _Read(msgspec.Struct, array_like=True, gc=False):
    """A span with the values that are read of it; ``service`` is that of its resource."""

    trace: str
    span: str
    above: str | None
    start: int | str | None
    failed: bool
    texts: dict[str, str]
    counts: dict[str, int]
    service: str | None

    @property
    def key(self) -> tuple[str, str]:
        return self.trace, self.span

    @property
    def parent(self) -> tuple[str, str] | None:
        return (self.trace, self.above) if self.above and self.above != self.span else None

    @property
    def used(self) -> tuple[int, int]:
        return self.counts.get("input", 0), self.counts.get("output", 0)


_decode = msgspec.json.Decoder(_Document).decode
_decode_span = msgspec.json.Decoder(_Span).decode
_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(list[_Read]).decode


def matches(sample: Any) -> bool:
    """Return whether a decoded line or document is one of this dialect."""
    return isinstance(sample, dict) and isinstance(sample.get("resourceSpans"), list)


def parse(line: bytes) -> Iterable[Item]:
    """Return the calls of a line or document that holds whole traces. Raises msgspec's errors."""
    gathering = Gathering()
    items = [*gathering.parse(line)]
    gathering.end()
    for item in items:
        yield from gathering.found(item.data) if isinstance(item, Waiting) else (item,)


parse_document = parse


class Gathering:
    """Reads the spans of all files: a trace is in any of them, so calls are known when all are read."""

    def __init__(self) -> None:
        self._traces = Traces(is_bounded=True)

    def parse(self, line: bytes) -> Iterable[Item]:
        """Return the spans of a line or document, which wait, and bad ones. Raises msgspec's errors."""
        resources = _decode(line).resource_spans
        if resources is None:
            return (Skipped("lines without spans"),)
        spans: list[_Read] = []
        items: list[Item] = []
        for one in _spans(resources):
            (items if isinstance(one, BadRecordError) else spans).append(one)  # type: ignore[arg-type]
        _collect(spans, self._traces)
        return [*items, Waiting(_pack(spans))] if spans else items

    parse_document = parse

    def end(self) -> Iterable[Note]:
        """Relate the spans to each other; returns what is to be noted."""
        self._traces.sort()
        return (Note(TOO_MANY),) if self._traces.is_full else ()

    def found(self, data: bytes) -> Iterator[Found]:
        """Yield the calls of the spans of a line."""
        spans, traces = _unpack(data), self._traces
        if traces.is_full:
            traces = Traces()
            _collect(spans, traces)
            traces.sort()
        for one in spans:
            try:
                yield from _call(one, traces)
            except BadRecordError as error:
                yield error


gathering = Gathering


def _collect(spans: Iterable[_Read], traces: Traces) -> None:
    for one in spans:
        traces.add(one.key, one.parent, tuple(one.texts.get(name) for name in NAMES))
        if one.parent is not None and (_bills(one) or _is_failed_call(one)):
            response = one.texts.get("response")
            traces.mark(one.parent)
            traces.mark(one.parent, response)
            traces.mark(one.parent, one.used, response is None)


def _spans(resources: Iterable[_ResourceSpans]) -> Iterator[_Read | BadRecordError]:
    for resource in resources:
        service = None if resource.resource is None else service_of(resource.resource.attributes)
        for raw in (raw for scope in resource.scope_spans for raw in scope.spans):
            try:
                yield _read(raw, service)
            except (BadRecordError, msgspec.ValidationError) as error:
                yield BadRecordError(str(error))


def _read(raw: msgspec.Raw, service: str | None) -> _Read:
    span = _decode_span(raw)
    if not span.trace_id or not span.span_id:
        raise BadRecordError("a span has no traceId or no spanId")
    texts: dict[str, str] = {}
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    for attribute in span.attributes:
        if (known_place := PLACES.get(attribute.key)) is None:
            continue
        name, place, is_text = known_place
        value = text(attribute) if is_text else whole(attribute)
        if value != "" and place <= places.get(name, place):
            places[name] = place
            if isinstance(value, str):
                texts[name] = value
            else:
                counts[name] = value
    start, failed = span.start_time_unix_nano, span.status is not None and span.status.code in _ERRORS
    if isinstance(start, int) and not 0 <= start < 2**63:
        start = str(start)  # which is no number of nanoseconds
    return _Read(span.trace_id, span.span_id, span.parent_span_id, start, failed, texts, counts, service)


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
    return _is_call(one) is not False and any(one.used)


def _is_failed_call(one: _Read) -> bool:
    return bool(_is_call(one)) and one.failed and "model" in one.texts


def _call(one: _Read, traces: Traces) -> Iterator[Found]:
    is_call = _is_call(one)
    if is_call is False or (is_call is None and not one.counts):
        yield Skipped(_kind(one))
    elif not _bills(one) and not _is_failed_call(one):
        yield Skipped(UNKNOWN_FAILED if one.failed else NO_USAGE)
    elif _repeats(one, traces):
        yield Skipped(_REPEATED)
    else:
        if one.counts.get("cache_write_5m"):
            yield Note(NO_TTL)
        if _may_repeat(one, traces):
            yield Note(NESTED)
        yield _billed(one, traces)


def _kind(one: _Read) -> str:
    """Return what kind of span without a call this is; one of an unknown operation may have cost money."""
    if not one.counts:
        return "spans of other operations"
    known = "kind" in one.texts or one.texts.get("operation") in _PARENTS
    return _REPEATED if known else "spans with usage of an operation that is no known call"


_REPEATED = "spans that repeat the usage of their calls"
_PARENTS = {"invoke_agent", "invoke_workflow", "create_agent", "execute_tool"}
_ERRORS = (2, "2", "STATUS_CODE_ERROR")


def _repeats(one: _Read, traces: Traces) -> bool:
    """Return whether a call below a span is the same: two instrumentations recorded it."""
    if _is_call(one) is None or not _bills(one):  # an answer of an error has no id
        return traces.has(one.key)
    return "response" in one.texts and traces.has(one.key, one.texts["response"])


def _may_repeat(one: _Read, traces: Traces) -> bool:
    """Return whether a call below a span used as much, and responses do not tell the two apart."""
    without_id = traces.has(one.key, one.used, True)
    return without_id or ("response" not in one.texts and traces.has(one.key, one.used, False))


def _billed(one: _Read, traces: Traces) -> Call:
    if "model" not in one.texts:
        raise BadRecordError("a span with usage has no gen_ai.response.model and no gen_ai.request.model")
    known, units, response = _inherited(one, traces), _units(one.counts), one.texts.get("response")
    provider = one.texts.get("provider")
    # some servers repeat ids of responses within a trace, but hardly with equal output
    name = one.span if response is None else f"{provider or ''}:{response}:{one.used[1]}"
    labels = {"workflow": known.get("workflow"), "agent": known.get("agent"), "service": one.service}
    return Call(
        model=with_effort(one.texts["model"], one.texts.get("effort")),
        time=_micros(one.start),
        units=units,
        id=f"{one.trace}:{name}",
        rank=0 if response is None else max(0, 7 - len(units)),
        session=known.get("session"),
        task=one.trace,
        agent=known.get("agent"),
        outcome=FAILURE if one.failed else None,
        provider=provider,
        labels={name: label for name, label in labels.items() if label is not None} or None,
    )


def _inherited(one: _Read, traces: Traces) -> dict[str, str]:
    """Return the agent, workflow and conversation of a span, or of the nearest span above that has them."""
    labels = {name: one.texts[name] for name in NAMES if name in one.texts}
    for texts in traces.from_span(one.parent):
        labels = {name: text for name, text in zip(NAMES, texts, strict=True) if text is not None} | labels
    return labels


def _units(counts: Mapping[str, int]) -> dict[str, int]:
    whole, output = counts.get("input", 0), counts.get("output", 0)
    cached = {name: counts.get(name, 0) for name in ("cache_read", "cache_write_5m")}
    apart = {name: counts.get(name, 0) for name in MODALITIES}
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
