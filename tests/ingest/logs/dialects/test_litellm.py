from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from routecost.ingest.logs.call import NO_USAGE as UNCOUNTED_USAGE
from routecost.ingest.logs.call import UNKNOWN_FAILED, Call
from routecost.ingest.logs.dialects.litellm import ASSUMED, CACHED, UNCOUNTED, matches, parse
from routecost.model.logs.cells import NO_USAGE
from tests.ingest.logs.samples import encoded, fault, log_of, notes, only, skipped

KEY = "88dc28d0f030c55ed4ab77ed8faf0981"


def row(usage: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    metadata = {} if usage is None else {"usage_object": usage}
    return {
        "request_id": "chatcmpl-1",
        "call_type": "acompletion",
        "api_key": KEY,
        "spend": 0.000132,
        "total_tokens": 3120,
        "prompt_tokens": 3000,
        "completion_tokens": 120,
        "startTime": "2026-11-20T08:00:00.000Z",
        "endTime": "2026-11-20T08:00:00900Z",
        "model": "claude-haiku-5-5",
        "model_group": "haiku",
        "custom_llm_provider": "anthropic",
        "metadata": json.dumps(metadata),
        "cache_hit": "None",
        "request_tags": ["task:triage"],
        "team_id": "t1",
        "session_id": "s1",
        "status": "success",
        **more,
    }


def read(line: dict[str, Any]) -> Call:
    return only(parse(encoded(line)))


def cached(prompt: int | None = None, **more: Any) -> dict[str, Any]:
    usage = {"cache_read_input_tokens": 2400, "cache_creation_input_tokens": 300, **more}
    return usage if prompt is None else {"prompt_tokens": prompt, **usage}


def test_a_call_has_what_its_row_says() -> None:
    call = read(row())
    assert call.units == {"input": 3000, "output": 120}
    assert (call.id, call.model, call.provider) == ("chatcmpl-1", "claude-haiku-5-5", "anthropic")
    assert (call.time, call.session, call.task) == (1_795_161_600_000_000, "s1", "s1")
    assert (call.cost, call.currency, call.outcome) == (132_000, "USD", None)
    assert call.labels == {"tag:task": "triage", "team": "t1", "model_group": "haiku"}


@pytest.mark.parametrize("is_text", [True, False])
def test_metadata_and_tags_are_json_or_text_with_json(is_text: bool) -> None:
    metadata: Any = {"usage_object": cached(3000)}
    tags: Any = ["task:triage", "urgent", "User-Agent: cli/1.0"]
    write = json.dumps if is_text else (lambda value: value)
    call = read(row(metadata=write(metadata), request_tags=write(tags)))
    assert call.units["cache_read"] == 2400
    assert {name: label for name, label in (call.labels or {}).items() if name.startswith("tag")} == {
        "tag:task": "triage",
        "tag": "urgent",
        "tag:User-Agent": "cli/1.0",
    }


@pytest.mark.parametrize("nothing", [None, "", {}, "{}", "null"])
def test_a_row_without_metadata(nothing: Any) -> None:
    assert read(row(metadata=nothing)).units == {"input": 3000, "output": 120}


def test_tags_in_metadata() -> None:
    call = read(row(metadata={"tags": ["task:route"]}, request_tags=[]))
    assert (call.labels or {})["tag:task"] == "route"


INCLUDED = {"input": 300, "cache_read": 2400, "cache_write_5m": 300, "output": 120}
EXCLUDED = {**INCLUDED, "input": 3000}


@pytest.mark.parametrize(
    ("usage", "more", "units", "assumed"),
    [
        (cached(), {}, INCLUDED, [ASSUMED]),
        (cached(3000), {}, INCLUDED, [ASSUMED]),
        (cached(300), {}, INCLUDED, []),
        (cached(prompt_tokens_details={"text_tokens": 300}), {}, INCLUDED, []),
        (cached(5700), {}, EXCLUDED, []),
        (cached(), {"total_tokens": 5820}, EXCLUDED, []),
        (cached(prompt_tokens_details={"text_tokens": 3000}), {}, EXCLUDED, []),
        (cached(), {"prompt_tokens": 12}, {**INCLUDED, "input": 12}, []),
    ],
)
def test_whether_prompt_tokens_include_cached_ones_is_decided_by_the_row(
    usage: dict[str, Any], more: dict[str, Any], units: dict[str, int], assumed: list[str]
) -> None:
    items = list(parse(encoded(row(usage, **more))))
    assert only(items).units == units
    assert notes(items) == assumed


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens_details": {"cached_tokens": 2400, "cache_creation_tokens": 300}},
        {"prompt_tokens_details": {"cached_tokens": 2400, "cache_write_tokens": 300}},
        {"cache_read_input_tokens": 2400, "prompt_tokens_details": {"cache_creation_tokens": 300}},
    ],
)
def test_names_of_cached_tokens(usage: dict[str, Any]) -> None:
    assert read(row(usage)).units == INCLUDED


def test_cached_tokens_in_additional_values() -> None:
    assert read(row(metadata={"additional_usage_values": cached()})).units == INCLUDED


def test_cache_writes_for_an_hour() -> None:
    lifetimes = {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200}
    units = read(row(cached(prompt_tokens_details={"cache_creation_token_details": lifetimes}))).units
    assert units == {**INCLUDED, "cache_write_5m": 100, "cache_write_1h": 200}
    lifetimes["ephemeral_1h_input_tokens"] = 301
    usage = cached(prompt_tokens_details={"cache_creation_token_details": lifetimes})
    assert fault(parse, row(usage)) == "1-hour cache writes (301) cannot exceed cache writes (300)"


def test_audio_and_searches_have_their_own_meters() -> None:
    usage = {
        "prompt_tokens_details": {"audio_tokens": 1000, "web_search_requests": 2},
        "completion_tokens_details": {"audio_tokens": 20, "reasoning_tokens": 30},
    }
    assert read(row(usage)).units == {
        "input": 2000,
        "input_audio": 1000,
        "output": 100,
        "output_audio": 20,
        "web_search": 2,
    }


@pytest.mark.parametrize("hit", ["True", "true", True])
def test_answers_of_the_gateways_cache_cost_nothing(hit: object) -> None:
    assert skipped(parse(encoded(row(cache_hit=hit)))) == [CACHED]


@pytest.mark.parametrize("hit", ["False", "None", "", None, False])
def test_other_answers_do(hit: object) -> None:
    assert read(row(cache_hit=hit)).units == {"input": 3000, "output": 120}


@pytest.mark.parametrize("spend", [0.0, 0, None])
def test_a_spend_of_nothing_is_unknown(spend: float | None) -> None:
    call = read(row(spend=spend))
    assert (call.cost, call.currency) == (None, None)


@pytest.mark.parametrize(("spend", "nanos"), [("0.0074", 7_400_000), (1e-9, 1)])
def test_spend_is_read_exactly(spend: object, nanos: int) -> None:
    assert read(row(spend=spend)).cost == nanos


@pytest.mark.parametrize("spend", ["NaN", -1, 1e300, "Infinity"])
def test_a_spend_that_no_call_has(spend: object) -> None:
    assert fault(parse, row(spend=spend)) == "its cost is not an amount from 0 to 1,000,000,000"


def test_failures_are_calls_without_tokens() -> None:
    failed: dict[str, Any] = {
        "total_tokens": 0,
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "spend": 0,
        "status": "failure",
    }
    call = read(row(**failed))
    assert (call.outcome, call.units, call.calls, call.cost) == ("failure", {}, 1, None)
    assert skipped(parse(encoded(row(**failed, model="")))) == [UNKNOWN_FAILED]
    assert skipped(parse(encoded(row(**{**failed, "status": None}, model="")))) == [UNCOUNTED]


def test_usage_that_is_not_logged_is_not_nothing(tmp_path: Path) -> None:
    nothing: dict[str, Any] = {"prompt_tokens": None, "completion_tokens": 0, "spend": 0}
    assert skipped(parse(encoded(row(**nothing, total_tokens=0)))) == [UNCOUNTED_USAGE]
    with log_of(tmp_path, encoded(row(**nothing, total_tokens=500))) as log:
        (cell,) = log.cells([], [])
    assert (cell.calls, cell.units, cell.mode) == (1, {}, NO_USAGE)


def test_tokens_need_a_model() -> None:
    assert fault(parse, row(model="")) == "a row with tokens has no model"


def test_batches_are_sums_at_the_batch_rate() -> None:
    call = read(row(call_type="aretrieve_batch"))
    assert (call.mode, call.is_sum) == ("batch", True)


@pytest.mark.parametrize(
    ("field", "text"), [("metadata", '{"secret": "tru'), ("request_tags", '["secret", "tru')]
)
def test_bad_json_in_a_text_is_a_fault_that_names_its_field(field: str, text: str) -> None:
    assert fault(parse, row(None, **{field: text})) == f"{field} is not valid JSON"


def test_wrong_types_in_metadata() -> None:
    wrong = fault(parse, row({"cache_read_input_tokens": "secret"}))
    assert wrong == "metadata: Expected `int | null`, got `str` - at `$.usage_object.cache_read_input_tokens`"


@pytest.mark.parametrize("time", ["2026-11-20 08:00:00", "2026-11-20T09:00:00+01:00", "2026-11-20T08:00:00"])
def test_times_without_a_zone_are_in_utc(time: str) -> None:
    assert read(row(startTime=time)).time == 1_795_161_600_000_000


def test_long_tags_are_no_names() -> None:
    assert "tag" not in (read(row(request_tags=["x" * 101])).labels or {})


def test_recognition() -> None:
    assert matches(row())
    assert not matches({"request_id": "1", "model": "m"})
    assert not matches(None)
