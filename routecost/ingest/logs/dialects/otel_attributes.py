"""Attributes of OpenTelemetry's GenAI conventions and of their forerunners, and values in OTLP/JSON."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import msgspec

from routecost.ingest.logs.call import BadRecordError, count

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
MODALITIES = ("input_image", "input_video", "input_audio")
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
    "effort": ("gen_ai.request.reasoning.level", "gen_ai.request.reasoning_effort"),
}
PLACES = {
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


class Attribute(msgspec.Struct):
    """A name and a value, which is decoded only if the name is known."""

    key: str
    value: msgspec.Raw = msgspec.Raw(b"{}")


_decode_value = msgspec.json.Decoder(_Value).decode


def _value(attribute: Attribute) -> _Value:
    try:
        return _decode_value(attribute.value)
    except msgspec.ValidationError:
        raise BadRecordError(f"{attribute.key} is not a value of OTLP/JSON") from None


def text(attribute: Attribute) -> str:
    """Return the text of an attribute; raises BadRecordError for another value."""
    value = _value(attribute).string_value
    if value is None:
        raise BadRecordError(f"{attribute.key} is not a stringValue")
    return value


def whole(attribute: Attribute) -> int:
    """Return the count of an attribute; raises BadRecordError for another value."""
    value = _value(attribute).int_value
    if value is None:
        raise BadRecordError(f"{attribute.key} is not an intValue")
    return count(value, attribute.key)


def service_of(attributes: Iterable[Attribute]) -> str | None:
    """Return the name of the service among the attributes of a resource."""
    for attribute in attributes:
        if attribute.key == "service.name":
            with suppress(BadRecordError):
                return text(attribute)
    return None
