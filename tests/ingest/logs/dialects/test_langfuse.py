from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from routecost.api.call_log import open_log
from routecost.ingest.logs.call import UNKNOWN_FAILED
from routecost.ingest.logs.dialects.langfuse import MORE_PAGES, matches, parse, parse_document, parse_row
from routecost.ingest.logs.dialects.langfuse_usage import ALL_APART, DOUBTFUL, SHORT_WRITES
from routecost.ingest.logs.items import SuccessRule
from routecost.model.logs.cells import NO_USAGE
from tests.ingest.logs.samples import (
    calls,
    encoded,
    faults,
    log_of,
    notes,
    observation,
    only,
    skipped,
    units,
)


def read(usage: Mapping[str, object], **more: Any) -> dict[str, int]:
    return only(parse(encoded(observation(usage, **more)))).units


def assumed(usage: Mapping[str, object], **more: Any) -> list[str]:
    return notes(parse(encoded(observation(usage, **more))))


APART = {"input": 300, "cache_read": 2400, "cache_write_5m": 300, "output": 120}


@pytest.mark.parametrize("total", [3120, None])
@pytest.mark.parametrize(
    ("cached", "written"),
    [
        ("input_cached_tokens", "input_cache_creation"),
        ("cache_read_input_tokens", "cache_creation_input_tokens"),
        ("input_cache_read", "input_cache_write"),
    ],
)
def test_input_without_cached_tokens(cached: str, written: str, total: int | None) -> None:
    usage = {"input": 300, cached: 2400, written: 300, "output": 120, "total": total}
    assert read(usage) == APART
    assert assumed(usage) == [SHORT_WRITES]  # more cached than input: input is without it


@pytest.mark.parametrize(("total", "without"), [(3_120, 300), (5_820, 3_000)])
def test_the_total_tells_what_input_includes(total: int, without: int) -> None:
    usage = {"input": 3000, "cache_read_input_tokens": 2700, "output": 120, "total": total}
    assert read(usage) == {"input": without, "cache_read": 2700, "output": 120}
    assert assumed(usage) == []


@pytest.mark.parametrize(("total", "output"), [(1100, 100), (1140, 140)])
def test_the_total_tells_what_output_includes(total: int, output: int) -> None:
    assert read({"input": 1000, "output": 100, "output_reasoning_tokens": 40, "total": total}) == {
        "input": 1000,
        "output": output,
    }


def test_without_a_total_counts_are_apart_as_langfuse_prices_them() -> None:
    usage: Mapping[str, object] = {"input": 3000, "cache_read_input_tokens": 2700, "output": 120}
    assert read(usage) == {"input": 3000, "cache_read": 2700, "output": 120}
    assert assumed(usage) == [ALL_APART, DOUBTFUL]
    priced = {"input": 0.0003, "cache_read_input_tokens": 0.000027, "total": 0.000327}
    assert assumed(usage, cost_details=priced) == []
    assert assumed(usage, cost_details={"total": 0.000327}) == [ALL_APART, DOUBTFUL]


def test_a_total_that_fits_two_ways_tells_nothing() -> None:
    usage: Mapping[str, object] = {
        "input": 100,
        "input_cached_tokens": 40,
        "output": 100,
        "output_reasoning_tokens": 40,
        "total": 240,
    }
    assert assumed(usage) == [ALL_APART, DOUBTFUL]


def test_tokens_that_may_be_counted_twice_are_counted(tmp_path: Path) -> None:
    """Input may include what was read; output is less than its reasoning, which it cannot include."""
    usage = {"input": 3000, "cache_read_input_tokens": 2700, "output": 30, "output_reasoning_tokens": 40}
    lines = (encoded(observation(usage, id=name)) for name in ("a", "b"))
    with log_of(tmp_path, b"\n".join(lines)) as log:
        assert log.read.notes == {ALL_APART: 2, DOUBTFUL: 2 * 2700}


def test_a_total_alone_is_usage_without_a_price(tmp_path: Path) -> None:
    with log_of(tmp_path, encoded(observation({"total": 500}))) as log:
        (cell,) = log.cells([], [])
    assert (cell.calls, cell.units, cell.mode) == (1, {}, NO_USAGE)


def test_nothing_is_assumed_of_calls_without_details() -> None:
    assert assumed({"input": 3000, "output": 120}) == []
    assert assumed({"input": 3000, "output": 120, "total": 1, "input_cached_tokens": 0}) == []


def test_names_of_other_libraries_and_one_hour_writes() -> None:
    usage: Mapping[str, object] = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "input_cache_creation_5m": 3,
        "input_cache_creation_1h": 4,
        "input_audio_tokens": 2,
        "output_audio_tokens": 1,
        "total_tokens": 25,
    }
    assert read(usage) == {
        "input": 10,
        "output": 5,
        "cache_write_5m": 3,
        "cache_write_1h": 4,
        "input_audio": 2,
        "output_audio": 1,
    }


def test_cache_writes_and_their_lives_count_once() -> None:
    writes: dict[str, object] = {"cache_creation_input_tokens": 7, "ephemeral_5m_input_tokens": 3}
    split = {**writes, "ephemeral_1h_input_tokens": 4, "input": 0, "output": 1}
    assert read(split) == {"cache_write_5m": 3, "cache_write_1h": 4, "output": 1}
    assert assumed(split) == []


def test_an_unknown_key_matters_unless_the_total_is_complete_without_it() -> None:
    assert read({"input": 10, "output": 5, "total": 15, "SECRET": 3}) == {"input": 10, "output": 5}
    assert read({"input": 10, "output": 5, "SECRET": 0}) == {"input": 10, "output": 5}
    (fault,) = faults(parse(encoded(observation({"input": 10, "output": 5, "total": 18, "SECRET": 3}))))
    assert "unknown key; expected input, output, total" in fault
    assert "SECRET" not in fault


@pytest.mark.parametrize("kind", ["SPAN", "EVENT", "AGENT", "CHAIN", "TOOL"])
def test_only_generations_and_embeddings_are_calls(kind: str) -> None:
    found = list(parse(encoded(observation({"input": 5}, type=kind))))
    assert (calls(found), skipped(found)) == ([], ["observations that are no calls"])
    assert read({"input": 5}, type="EMBEDDING") == {"input": 5}


def test_failed_calls() -> None:
    for usage in ({}, {"input": 0}):
        failed = only(parse(encoded(observation(usage, level="ERROR"))))
        assert (failed.outcome, failed.units) == ("failure", {})
    unknown = observation({}, level="ERROR", provided_model_name=None)
    assert skipped(parse(encoded(unknown))) == [UNKNOWN_FAILED]
    assert skipped(parse(encoded(observation({})))) == ["calls without usage"]
    assert only(parse(encoded(observation({"input": 4}, level="ERROR")))).outcome == "failure"
    assert only(parse(encoded(observation({"input": 4})))).outcome is None


@pytest.mark.parametrize(
    ("total_cost", "model_id", "cost"),
    [(0.0001395, "", 139_500), (0, "", None), (0, None, None), (0, "m1", 0), (None, "m1", None)],
)
def test_a_cost_of_zero_without_a_price_is_unknown(
    total_cost: object, model_id: object, cost: object
) -> None:
    call = only(parse(encoded(observation({"input": 4}, total_cost=total_cost, model_id=model_id))))
    assert (call.cost, call.currency) == (cost, None if cost is None else "USD")


def test_the_fields_of_a_call() -> None:
    more = {"session_id": "s1", "trace_name": "support", "environment": "prod", "tags": ["task:a:b", "vip"]}
    call = only(parse(encoded(observation({"input": 4}, **more))))
    assert (call.id, call.task, call.session) == ("o1", "t1", "s1")
    assert call.time == 1_795_161_600_000_000  # no zone is UTC
    assert call.labels == {
        "name": "triage",
        "workflow": "support",
        "environment": "prod",
        "tag:task": "a:b",
        "tag:vip": "vip",
    }


def test_an_empty_text_is_null() -> None:
    empty = dict.fromkeys(("session_id", "trace_name", "name", "start_time", "trace_id"), "")
    call = only(parse(encoded(observation({"input": 4}, **empty))))
    assert (call.session, call.time, call.task, call.labels) == (None, None, None, None)


API: dict[str, Any] = {
    "id": "o1",
    "traceId": "t1",
    "type": "GENERATION",
    "name": "triage",
    "startTime": "2026-11-20T08:00:00.000Z",
    "model": "claude-haiku-5-5",
    "usageDetails": {
        "input": 300,
        "cache_read_input_tokens": 2400,
        "cache_creation_input_tokens": 300,
        "output": 120,
    },
    "costDetails": {"total": 0.0001395},
    "calculatedTotalCost": 0.0001395,
    "input": {"text": "SECRET"},
    "metadata": {},
    "level": "DEFAULT",
}


def test_a_page_of_the_api_is_the_same_call() -> None:
    meta = {"page": 1, "totalPages": 1}
    call = only(parse_document(json.dumps({"data": [API], "meta": meta}, indent=1).encode()))
    exported = only(parse(encoded(observation(API["usageDetails"], total_cost=0.0001395))))
    for name in ("id", "task", "time", "units", "cost", "currency"):
        assert getattr(call, name) == getattr(exported, name)
    assert call.model == "claude-haiku-5-5"


def test_a_page_says_that_more_follow() -> None:
    last = encoded({"data": [API], "meta": {"page": 2, "totalPages": 2}})
    first = encoded({"data": [API], "meta": {"page": 1, "totalPages": 2}})
    by_cursor = encoded({"data": [API], "meta": {"cursor": "abc"}})
    assert MORE_PAGES not in notes(parse_document(last))
    assert MORE_PAGES in notes(parse_document(first))
    assert MORE_PAGES in notes(parse_document(by_cursor))


def test_a_bad_record_of_a_page_is_reported_and_the_others_are_read() -> None:
    page = encoded({"data": [{**API, "usageDetails": {"input": -4}}, API, {**API, "model": 4}]})
    found = list(parse(page))
    assert [fault.split(":")[0] for fault in faults(found)] == ["data[0]", "data[2]"]
    assert len([item for item in found if hasattr(item, "units")]) == 1


def test_rows_of_parquet_and_csv() -> None:
    row = observation({"input": 300, "output": 120}, total_cost=Decimal("0.0001395"))
    expected = only(parse(encoded({**row, "total_cost": 0.0001395})))
    parquet = {**row, "start_time": datetime(2026, 11, 20, 8, 0, 0)}  # noqa: DTZ001  as Parquet has it
    csv = {
        **row,
        "usage_details": '{"input":300,"output":"120"}',
        "cost_details": "",
        "total_cost": "0.0001395",
    }
    assert only(parse_row(parquet)) == expected
    assert only(parse_row({**csv, "input": "SECRET", "tags": "[]"})) == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"usage_details": {"input": -1}},
        {"usage_details": {"input": 1.0}},
        {"usage_details": {"input": True}},
        {"usage_details": {"input": "1e3"}},
        {"usage_details": {"input": 2**60}},
        {"usage_details": {"input": 5, "prompt_tokens": 6}},
        {"usage_details": {"input": 5, "input_cached_tokens": 2, "cache_read_input_tokens": 3}},
        {"usage_details": {"input_cache_creation": 5, "ephemeral_1h_input_tokens": 4}},
        {"usage_details": "SECRET"},
        {"provided_model_name": ""},
        {"provided_model_name": None, "model": None},
        {"start_time": "SECRET"},
        {"total_cost": "SECRET"},
        {"total_cost": "NaN"},
        {"total_cost": -1},
        {"total_cost": 1e300},
        {"tags": "SECRET"},
        {"id": 5},
    ],
)
def test_bad_records(wrong: dict[str, Any]) -> None:
    (fault,) = faults(parse_or_raise({**observation({"input": 4}), **wrong}))
    assert "SECRET" not in fault


def parse_or_raise(record: dict[str, Any]) -> Any:
    yield from parse(encoded(record))


def test_prompts_are_not_decoded() -> None:
    for prompt in ("SECRET", {"SECRET": ["SECRET"]}, 5, None):
        record = {**observation({"input": 4}), "input": prompt, "output": prompt, "metadata": prompt}
        for found in (parse(encoded(record)), parse(encoded({"data": [record]})), parse_row(record)):
            assert "SECRET" not in repr(list(found))


def test_a_line_a_page_and_a_row_are_recognised() -> None:
    assert matches(observation({}))
    assert matches({"data": [API], "meta": {}})
    assert not matches({"data": []})
    assert not matches({"id": "x", "type": "assistant", "sessionId": "s"})


def test_an_observation_in_the_export_and_the_api_counts_once(tmp_path: Path) -> None:
    files = encoded(observation(API["usageDetails"])), encoded({"data": [API], "meta": {}})
    with log_of(tmp_path, *files) as log:
        assert units(log.cells([], [])) == APART
        assert log.read.calls == {"langfuse": 2}


PARQUET = """
COPY (
    SELECT
        'o1' AS id, 't1' AS trace_id, 'GENERATION' AS type, 'triage' AS name,
        TIMESTAMP '2026-11-20 08:00:00' AS start_time, 'm' AS provided_model_name,
        MAP {'input': 300::UBIGINT, 'cache_read_input_tokens': 2400::UBIGINT, 'total': 2700::UBIGINT}
            AS usage_details,
        MAP {'input': 0.00003::DECIMAL(18, 12)} AS cost_details, 0.0001395::DECIMAL(18, 12) AS total_cost,
        ['task:a'] AS tags, 'SECRET' AS output
) TO '%s' (FORMAT parquet)
"""
CSV = """id,trace_id,type,start_time,provided_model_name,usage_details,total_cost,tags,output
o1,t1,GENERATION,2026-11-20 08:00:00,m,"{""input"":300,""cache_read_input_tokens"":2400}",0.0001395,[],SECRET
"""


def test_exports_in_parquet_and_csv(tmp_path: Path) -> None:
    duckdb.execute(PARQUET % (tmp_path / "a.parquet"))
    (tmp_path / "b.csv").write_text(CSV.replace("o1", "o2"), encoding="utf-8")
    scores = "SELECT 't1' AS trace_id, 'ok' AS name, 1::DOUBLE AS value, 'NUMERIC' AS data_type"
    duckdb.execute(f"COPY ({scores}) TO '{tmp_path / 'c.parquet'}' (FORMAT parquet)")
    with open_log([tmp_path], success=SuccessRule("ok", 0.5)) as log:
        (cell,) = log.cells(["outcome", "task"], [])
        assert log.read.faults.skipped == {}
        assert log.first == log.last == 1_795_161_600_000_000
    assert (cell.calls, cell.keys) == (2, {"outcome": "success", "task": "t1"})
    assert (cell.units, cell.cost_nanos) == ({"input": 600, "cache_read": 4800}, 279_000)
