from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routecost.ingest.logs.call import NO_USAGE, UNKNOWN_FAILED, Call
from routecost.ingest.logs.dialects.claude_code import matches, parse, parser
from tests.ingest.logs.samples import encoded, fault, log_of, only, skipped, units

SESSION = "5f0c7d1e-0000-4000-8000-000000000001"
USAGE = {
    "input_tokens": 12,
    "cache_creation_input_tokens": 18_000,
    "cache_read_input_tokens": 900,
    "cache_creation": {"ephemeral_5m_input_tokens": 600, "ephemeral_1h_input_tokens": 17_400},
    "output_tokens": 412,
    "service_tier": "standard",
}
UNITS = {"input": 12, "output": 412, "cache_read": 900, "cache_write_5m": 600, "cache_write_1h": 17_400}


def answer(number: str = "msg_01A", /, message: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Return a line of an answer; ``usage_X`` sets the field X of its usage."""
    usage = USAGE | {name[6:]: more.pop(name) for name in [*more] if name.startswith("usage_")}
    held = {
        "id": number,
        "model": "claude-sonnet-5-5",
        "role": "assistant",
        "usage": usage,
        **(message or {}),
    }
    return {
        "type": "assistant",
        "timestamp": "2026-11-20T23:59:59.100Z",
        "sessionId": SESSION,
        "requestId": f"req_{number[4:]}",
        "uuid": "a1",
        "isSidechain": False,
        "cwd": "/home/dev/fleet",
        "message": held,
        **more,
    }


def read(line: dict[str, Any]) -> Call:
    return only(parse(encoded(line)))


def written(folder: Path, *files: list[dict[str, Any]]) -> dict[str, int]:
    """Return the units of the calls in files of lines."""
    with log_of(folder, *(b"\n".join(map(encoded, lines)) for lines in files)) as log:
        assert log.read.faults.count == 0
        return units(log.cells([], []))


def test_a_call_has_what_its_line_says() -> None:
    call = read(answer())
    assert call.units == UNITS
    assert (call.id, call.model, call.mode) == ("msg_01A", "claude-sonnet-5-5", "standard")
    assert call.time == 1_795_219_199_100_000
    assert (call.session, call.agent, call.outcome, call.cost) == (SESSION, "main", None, None)
    assert call.labels == {"project": "fleet", "agent": "main"}


def test_input_is_not_reduced_by_cached_tokens() -> None:
    assert read(answer(usage_input_tokens=3)).units["input"] == 3


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" , ", " : ")])
def test_json_may_have_spaces(separators: tuple[str, str]) -> None:
    assert only(parse(json.dumps(answer(), separators=separators).encode())).units == UNITS


@pytest.mark.parametrize(
    ("usage", "units"),
    [
        ({"cache_creation": None}, {"cache_write_5m": 18_000}),
        (
            {"cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}},
            {"cache_write_5m": 18_000},
        ),
        ({"cache_creation": {"ephemeral_1h_input_tokens": 18_000}}, {"cache_write_1h": 18_000}),
        (
            {"cache_creation_input_tokens": 0, "cache_creation": {"ephemeral_5m_input_tokens": 7}},
            {"cache_write_5m": 7},
        ),
    ],
)
def test_cache_writes_are_for_five_minutes_unless_an_hour_is_stated(
    usage: dict[str, Any], units: dict[str, int]
) -> None:
    found = read(answer(**{f"usage_{name}": value for name, value in usage.items()})).units
    assert {meter: count for meter, count in found.items() if "write" in meter} == units


def test_cache_writes_must_add_up() -> None:
    wrong = fault(parse, answer(usage_cache_creation_input_tokens=5))
    assert wrong == "cache_creation does not sum to cache_creation_input_tokens"


def test_fast_calls_have_their_own_rate() -> None:
    assert read(answer(usage_speed="fast")).mode == "fast"
    assert read(answer(usage_speed="standard")).mode == "standard"


@pytest.mark.parametrize("tier", [None, "", "default", "standard"])
def test_tiers_of_the_standard_rate(tier: str | None) -> None:
    assert read(answer(usage_service_tier=tier)).mode == "standard"


def test_another_tier_is_a_mode() -> None:
    assert read(answer(usage_service_tier="batch")).mode == "batch"


def test_web_searches_are_counted() -> None:
    tools = {"web_search_requests": 2, "web_fetch_requests": 1}
    assert read(answer(usage_server_tool_use=tools)).units["web_search"] == 2


@pytest.mark.parametrize(
    "line",
    [
        answer(message={"model": "<synthetic>"}),
        {"type": "user", "sessionId": SESSION, "message": {"role": "user", "content": "text"}},
        {"type": "user", "sessionId": SESSION, "message": "a text where an object is expected"},
        {"type": "summary", "summary": "text", "leafUuid": "u"},
        {"type": "file-history-snapshot", "snapshot": {}},
        {"type": "progress", "data": {"type": "hook_progress"}},
        {"type": "progress", "data": None},
    ],
)
def test_lines_without_a_call(line: dict[str, Any]) -> None:
    assert list(parse(encoded(line))) == []


@pytest.mark.parametrize("usage", [None, {}, {"service_tier": "standard"}])
def test_a_message_without_usage_is_counted_or_costs_something_unknown(usage: dict[str, Any] | None) -> None:
    line = {**answer(), "message": {"model": "claude-sonnet-5-5", "id": "msg_1", "usage": usage}}
    assert skipped(parse(encoded(line))) == [NO_USAGE]
    call = only(parse(encoded({**line, "costUSD": 0.5})))
    assert (call.units, call.cost, call.id) == ({}, 500_000_000, "msg_1")


def test_usage_with_one_of_two_counts_is_a_fault() -> None:
    line = answer(message={"usage": {"input_tokens": 5}})
    assert fault(parse, line) == "its usage has only one of input_tokens and output_tokens"


def test_failed_requests_are_calls_without_usage_of_the_model_before_them() -> None:
    retry = {"type": "system", "subtype": "api_error", "retryAttempt": 3, "sessionId": SESSION, "uuid": "u3"}
    next_of_file = parser()
    assert skipped(next_of_file(encoded(retry))) == [UNKNOWN_FAILED]
    (call,) = next_of_file(encoded(answer()))
    for line in (answer(isApiErrorMessage=True), retry):
        (failed,) = next_of_file(encoded(line))
        assert isinstance(call, Call)
        assert isinstance(failed, Call)
        assert (failed.model, failed.units, failed.outcome) == (call.model, {}, "failure")
        assert failed.session == SESSION


def test_a_wrapped_line_of_a_subagent() -> None:
    inner = {name: answer("msg_01E")[name] for name in ("message", "timestamp", "requestId", "isSidechain")}
    outer = {"type": "progress", "sessionId": SESSION, "data": {"agentId": "a7", "message": inner}}
    call = read(outer)
    assert (call.units, call.id, call.session) == (UNITS, "msg_01E", SESSION)
    assert (call.agent, call.rank) == ("subagent", 1)


def test_an_old_line_has_its_cost() -> None:
    line = json.dumps(answer()).replace('"type"', '"costUSD": 1.32e-04, "type"', 1)
    call = only(parse(line.encode()))
    assert (call.cost, call.currency) == (132_000, "USD")


def test_subagents_have_their_type_if_the_transcript_states_it() -> None:
    assert read(answer(isSidechain=True, agentId="a7c3")).agent == "subagent"
    call = read(answer(isSidechain=True, agentId="a7c3", attributionAgent="Explore"))
    assert call.agent == "Explore"
    assert call.labels == {"project": "fleet", "agent": "Explore"}


@pytest.mark.parametrize("cwd", ["/home/dev/fleet", "/home/dev/fleet/", "C:\\dev\\fleet"])
def test_the_project_is_the_last_folder(cwd: str) -> None:
    assert (read(answer(cwd=cwd)).labels or {})["project"] == "fleet"


def test_unicode_in_a_folder() -> None:
    assert (read(answer(cwd="/home/dev/Übersicht 概要")).labels or {})["project"] == "Übersicht 概要"


def test_a_message_with_usage_needs_a_model() -> None:
    assert fault(parse, answer(message={"model": None})) == "a message with usage has no model"


@pytest.mark.parametrize("count", [1.5, "5", True, None])
def test_a_count_of_another_type_is_a_fault(count: object) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"Expected `int`.*message.usage.input_tokens"):
        list(parse(encoded(answer(usage_input_tokens=count))))


def test_ids_of_gateways_are_unique_in_a_session_only() -> None:
    one, other = (read(answer(message={"id": "1"}, sessionId=session)).id for session in ("s1", "s2"))
    assert one != other


def test_lines_without_a_message_id_have_that_of_the_request_or_the_line() -> None:
    line = answer(message={"id": None})
    assert read(line).id == "req_01A"
    assert read({**line, "requestId": None}).id == f"{SESSION}/a1"
    assert read({**line, "requestId": None, "uuid": None}).id is None


def test_the_line_with_the_largest_output_is_kept(tmp_path: Path) -> None:
    blocks = [answer(usage_output_tokens=count) for count in (1, 412, 200)]
    assert written(tmp_path, blocks) == UNITS


repeated_lines = st.lists(
    st.builds(
        answer,
        st.sampled_from(["msg_01A", "msg_01B"]),
        timestamp=st.sampled_from(["59.100Z", "59.100000Z", "59.1005Z", "59.200Z", "58Z"]).map(
            "2026-11-20T23:59:{}".format
        ),
        usage_output_tokens=st.sampled_from([3, 4]),
        isSidechain=st.booleans(),
        requestId=st.sampled_from([None, "req_1"]),
        costUSD=st.sampled_from([None, 1, 2]),
    ),
    max_size=7,
)


@given(repeated_lines)
def test_a_line_that_repeats_a_call_is_the_same_at_a_later_time(lines: list[dict[str, Any]]) -> None:
    parse_next, last = parser(), None
    for line in lines:
        found, alone = only(parse_next(encoded(line))), read(line)
        if found is last:
            assert found == alone or (found.time or 0) // 1000 < (alone.time or 0) // 1000
            alone.time = found.time
        assert found == alone
        last = found


def test_a_bad_time_of_a_repeated_line_is_a_fault(tmp_path: Path) -> None:
    lines = [answer(), answer(timestamp="2026-11-20T23:59:61Z"), answer(timestamp="2126-11-20T23:59:59Z")]
    with log_of(tmp_path, b"\n".join(map(encoded, lines))) as log:
        assert [(one.line, one.reason[:8]) for one in log.read.faults] == [(2, "its time"), (3, "its time")]


def test_a_replayed_message_of_the_parent_is_counted_once(tmp_path: Path) -> None:
    replay = answer(requestId="req_other", isSidechain=True, usage_speed="slow", usage_output_tokens=900)
    assert written(tmp_path, [answer(), replay]) == UNITS


def test_a_side_chain_is_counted(tmp_path: Path) -> None:
    side = answer("msg_01B", isSidechain=True)
    assert written(tmp_path, [answer(), side]) == {meter: 2 * count for meter, count in UNITS.items()}


def test_subagents_in_files_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / SESSION / "subagents"
    folder.mkdir(parents=True)
    own = answer("msg_01B", isSidechain=True, agentId="a7c3")
    (folder / "agent-a7c3.jsonl").write_bytes(
        encoded(own) + b"\n" + encoded(answer(isSidechain=True)) + b"\n"
    )
    (folder / "agent-a7c3.meta.json").write_bytes(b'{"agentType":"Explore"}')
    tools = tmp_path / SESSION / "tool-results"
    tools.mkdir()
    (tools / "toolu_01.json").write_bytes(b'{"anything": 1}')
    assert written(tmp_path, [answer()]) == {meter: 2 * count for meter, count in UNITS.items()}


def test_a_torn_last_line_is_reported_and_not_counted(tmp_path: Path) -> None:
    with log_of(tmp_path, encoded(answer()) + b"\n" + encoded(answer("msg_01B"))[:300]) as log:
        assert units(log.cells([], [])) == UNITS
        faults = log.read.faults
        assert (faults.count, [torn.line for torn in faults.torn]) == (0, [2])


def test_recognition() -> None:
    assert matches(answer())
    assert matches({"type": "progress", "data": {"message": {}}})
    assert not matches({"type": "session_meta", "payload": {}})
    assert not matches({"message": "text"})
    assert not matches([])
