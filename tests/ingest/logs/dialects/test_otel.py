from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from routecost.ingest.logs.dialects.otel import NO_TTL, matches, parse
from tests.ingest.logs.samples import (
    TRACE,
    calls,
    chat,
    encoded,
    faults,
    log_of,
    notes,
    only,
    otlp,
    skipped,
    span,
    units,
)

REPEATED = "spans that repeat the usage of their calls"


def units_of(attributes: Mapping[str, object]) -> dict[str, int]:
    return only(parse(otlp(span(attributes)))).units


def test_input_includes_what_is_cached() -> None:
    attributes = chat(
        input_tokens=3000, cache_read__input_tokens=2400, cache_creation__input_tokens=200, output_tokens=120
    )
    assert units_of(attributes) == {"input": 400, "cache_read": 2400, "cache_write_5m": 200, "output": 120}


def test_output_includes_reasoning() -> None:
    attributes = chat(input_tokens=10, output_tokens=120, reasoning__output_tokens=40)
    assert units_of(attributes) == {"input": 10, "output": 120}


def test_modalities_are_parts_of_input_and_output() -> None:
    attributes = chat(
        input_tokens=1000,
        text__input_tokens=500,
        image__input_tokens=300,
        audio__input_tokens=150,
        video__input_tokens=50,
        output_tokens=90,
        audio__output_tokens=60,
    )
    assert units_of(attributes) == {
        "input": 500,
        "input_image": 300,
        "input_audio": 150,
        "input_video": 50,
        "output": 30,
        "output_audio": 60,
    }


@pytest.mark.parametrize(
    "names",
    [
        {"input": "gen_ai.usage.prompt_tokens", "output": "gen_ai.usage.completion_tokens"},
        {"read": "gen_ai.usage.cache_read_input_tokens", "write": "gen_ai.usage.cache_creation_input_tokens"},
        {"read": "gen_ai.usage.input_tokens.cached", "write": "gen_ai.usage.input_tokens.cache_write"},
        {
            "input": "llm.token_count.prompt",
            "output": "llm.token_count.completion",
            "read": "llm.token_count.prompt_details.cache_read",
            "write": "llm.token_count.prompt_details.cache_write",
            "model": "llm.model_name",
        },
    ],
)
def test_legacy_names_are_read(names: dict[str, str]) -> None:
    current = {
        "input": "gen_ai.usage.input_tokens",
        "output": "gen_ai.usage.output_tokens",
        "read": "gen_ai.usage.cache_read.input_tokens",
        "write": "gen_ai.usage.cache_creation.input_tokens",
        "model": "gen_ai.request.model",
        **names,
    }
    values = {"input": 100, "output": 7, "read": 60, "write": 30, "model": "m"}
    call = only(parse(otlp(span({f".{current[name]}": value for name, value in values.items()}))))
    assert call.model == "m"
    assert call.units == {"input": 10, "output": 7, "cache_read": 60, "cache_write_5m": 30}


def test_a_total_tells_that_input_is_without_cached_tokens() -> None:
    attributes = chat(input_tokens=50, cache_read__input_tokens=60, output_tokens=7) | {
        ".llm.usage.total_tokens": 117
    }
    assert units_of(attributes) == {"input": 50, "cache_read": 60, "output": 7}


@pytest.mark.parametrize("operation", ["invoke_agent", "invoke_workflow", "execute_tool", "create_agent"])
def test_agents_and_workflows_repeat_the_sums_of_their_calls(operation: str) -> None:
    parent = span({**chat(input_tokens=30, output_tokens=3), "operation.name": operation}, number=1)
    children = [span(chat(input_tokens=15, output_tokens=1), number=n, parent=1) for n in (2, 3)]
    found = list(parse(otlp(parent, *children)))
    assert [call.units for call in calls(found)] == [{"input": 15, "output": 1}] * 2
    assert skipped(found) == [REPEATED]


@pytest.mark.parametrize("operation", ["chat", "generate_content", "text_completion", "embeddings"])
def test_calls_of_models_are_counted(operation: str) -> None:
    assert units_of({**chat(input_tokens=30), "operation.name": operation}) == {"input": 30}


@pytest.mark.parametrize(
    ("kind", "is_call"), [("LLM", True), ("EMBEDDING", True), ("AGENT", False), ("CHAIN", False)]
)
def test_the_kind_of_openinference_tells_calls_from_chains(kind: str, is_call: bool) -> None:
    attributes = {
        ".openinference.span.kind": kind,
        ".llm.model_name": "m",
        ".llm.token_count.prompt": 5,
    }
    assert len(calls(parse(otlp(span(attributes))))) == is_call


def test_a_span_without_operation_above_a_call_repeats_it() -> None:
    outer = {"request.model": "m", "usage.prompt_tokens": 10}
    found = list(parse(otlp(span(outer, number=1), span(outer, number=2, parent=1))))
    assert [call.id for call in calls(found)] == [f"{TRACE}:{2:016x}"]
    assert skipped(found) == [REPEATED]


@pytest.mark.parametrize(("inner", "expected"), [("msg_1", 1), ("msg_2", 2)])
def test_a_call_that_two_instrumentations_record_counts_once(inner: str, expected: int) -> None:
    outer = span({**chat(input_tokens=10), "response.id": "msg_1"}, number=1)
    found = parse(otlp(outer, span({**chat(input_tokens=10), "response.id": inner}, number=2, parent=1)))
    assert len(calls(found)) == expected


def test_the_model_that_answered_is_priced() -> None:
    attributes = {**chat(input_tokens=1), "response.model": "claude-haiku-5-5-20261014"}
    assert only(parse(otlp(span(attributes)))).model == "claude-haiku-5-5-20261014"


def test_names_come_from_the_span_or_from_the_nearest_above() -> None:
    spans = [
        span({**chat(input_tokens=1)}, number=3, parent=2),
        span({"operation.name": "invoke_agent", "agent.name": "triage"}, number=2, parent=1),
        span(
            {"operation.name": "invoke_workflow", "workflow.name": "support", "agent.name": "root"}
            | {"conversation.id": "conv_1"},
            number=1,
        ),
    ]
    call = only(parse(otlp(*spans, service="fleet")))
    assert (call.agent, call.session, call.task, call.id) == ("triage", "conv_1", TRACE, f"{TRACE}:{3:016x}")
    assert call.labels == {"agent": "triage", "workflow": "support", "service": "fleet"}


def test_a_circle_of_spans_ends() -> None:
    spans = [span(chat(input_tokens=1), number=1, parent=2), span(chat(input_tokens=1), number=2, parent=1)]
    assert len(calls(parse(otlp(*spans)))) == 2


@pytest.mark.parametrize("code", [2, "2", "STATUS_CODE_ERROR"])
def test_a_failed_call_with_tokens_is_billed_and_a_failure(code: object) -> None:
    assert only(parse(otlp(span(chat(input_tokens=9), status={"code": code})))).outcome == "failure"
    without = only(parse(otlp(span(chat(), status={"code": code}))))
    assert (without.outcome, without.units) == ("failure", {})


def test_a_failed_call_that_two_instrumentations_recorded_is_one() -> None:
    status = {"code": 2}
    spans = [span(chat(), number=1, status=status), span(chat(), number=2, parent=1, status=status)]
    assert len(calls(parse(otlp(*spans)))) == 1


def test_spans_without_usage_are_counted() -> None:
    found = list(
        parse(otlp(span(chat()), span({"operation.name": "execute_tool"}, number=2), span({}, number=3)))
    )
    assert calls(found) == []
    assert skipped(found) == ["calls without usage", *["spans of other operations"] * 2]


def test_usage_of_an_unknown_operation_is_counted_apart() -> None:
    attributes = {**chat(input_tokens=5), "operation.name": "SECRET"}
    assert skipped(parse(otlp(span(attributes)))) == [
        "spans with usage of an operation that is no known call"
    ]


def test_lines_of_metrics_are_counted() -> None:
    assert skipped(parse(encoded({"resourceMetrics": []}))) == ["lines without spans"]


def test_the_life_of_cache_writes_is_an_assumption() -> None:
    assert notes(parse(otlp(span(chat(input_tokens=9, cache_creation__input_tokens=2))))) == [NO_TTL]
    assert notes(parse(otlp(span(chat(input_tokens=9, cache_creation__input_tokens=0))))) == []


@pytest.mark.parametrize("nanoseconds", ["1795219200000000999", 1795219200000000999])
def test_times_are_nanoseconds(nanoseconds: object) -> None:
    call = only(parse(otlp(span(chat(input_tokens=1), startTimeUnixNano=nanoseconds))))
    assert call.time == 1795219200000000


@pytest.mark.parametrize("nanoseconds", ["", "0", 0, None])
def test_a_time_may_be_unknown(nanoseconds: object) -> None:
    assert only(parse(otlp(span(chat(input_tokens=1), startTimeUnixNano=nanoseconds)))).time is None


BAD: list[dict[str, Any]] = [
    span(chat(input_tokens=-1)),
    span(chat(input_tokens=1.5)),
    span(chat(input_tokens=3.0)),
    span(chat(input_tokens=True)),
    span(chat(input_tokens="12 SECRET")),
    span(chat(input_tokens=2**60)),
    span(chat(input_tokens=10, cache_read__input_tokens=11)),
    span(chat(input_tokens=10, image__input_tokens=11)),
    span(chat(input_tokens=10, output_tokens=3, reasoning__output_tokens=4)),
    span(chat(input_tokens=10, output_tokens=3, audio__output_tokens=4)),
    span({"operation.name": "chat", "usage.input_tokens": 4}),
    span({**chat(input_tokens=1), "request.model": 7}),
    span(chat(input_tokens=1), startTimeUnixNano="SECRET"),
    span(chat(input_tokens=1), startTimeUnixNano="9" * 19),
    span(chat(input_tokens=1), startTimeUnixNano=-5),
    span(chat(input_tokens=1), spanId=""),
    span(chat(input_tokens=1), traceId=3),
    span(chat(input_tokens=1), attributes="SECRET"),
    span(chat(), attributes=[{"key": "gen_ai.usage.input_tokens", "value": "SECRET"}]),
    span(chat(), attributes=[{"key": "gen_ai.usage.input_tokens", "value": {"intValue": "٣"}}]),
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_span_is_reported_and_the_others_are_read(bad: dict[str, Any]) -> None:
    good = span(chat(input_tokens=5), number=9)
    (fault,) = faults(parse(otlp(bad, good)))
    assert "SECRET" not in fault
    assert [item.units for item in parse(otlp(bad, good)) if hasattr(item, "units")] == [{"input": 5}]


def test_prompts_are_not_decoded() -> None:
    with_prompts = span(chat(input_tokens=5))
    with_prompts["attributes"] += [
        {"key": "gen_ai.input.messages", "value": {"stringValue": 12}},
        {"key": "gen_ai.prompt", "value": "SECRET is no value"},
    ]
    with_prompts["events"] = [{"attributes": "SECRET"}]
    call = only(parse(otlp(with_prompts)))
    assert call.units == {"input": 5}
    assert "SECRET" not in repr(call)


def test_a_line_is_recognised() -> None:
    assert matches({"resourceSpans": []})
    assert not matches({"resourceSpans": {}})
    assert not matches([])


def test_repeated_and_torn_lines_of_a_file(tmp_path: Path) -> None:
    line = otlp(span(chat(input_tokens=5), number=1), span(chat(input_tokens=-1), number=2))
    with log_of(tmp_path, line + b"\n" + line + b"\n" + line[:-30]) as log:
        assert units(log.cells([], [])) == {"input": 5}
        assert (log.read.faults.count, len(log.read.faults.torn)) == (2, 1)
        assert {reject.line for reject in log.read.faults.rejects} == {1, 2}
