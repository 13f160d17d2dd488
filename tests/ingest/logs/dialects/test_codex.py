from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from routecost.ingest.logs.call import BadRecordError, Call
from routecost.ingest.logs.dialects.codex import matches, parser
from tests.ingest.logs.samples import calls, encoded, log_of, units

TIME = "2026-11-20T08:00:05.000Z"


def line(kind: str, /, **payload: Any) -> dict[str, Any]:
    return {"timestamp": TIME, "type": kind, "payload": payload}


def used(input_tokens: int, cached: int = 0, output: int = 0) -> dict[str, int]:
    counts = {"input_tokens": input_tokens, "cached_input_tokens": cached, "output_tokens": output}
    return {**counts, "reasoning_output_tokens": output // 2, "total_tokens": input_tokens + output}


def counted(last: dict[str, int] | None, total: dict[str, int] | None) -> dict[str, Any]:
    return line("event_msg", type="token_count", info={"last_token_usage": last, "total_token_usage": total})


def session(name: str = "s1", **more: Any) -> dict[str, Any]:
    return line("session_meta", id=name, cwd="/home/dev/fleet", **more)


def turn(name: str | None = None, model: str = "gpt-5.6-terra") -> dict[str, Any]:
    return line("turn_context", model=model, turn_id=name, cwd="/home/dev/fleet")


FIRST, SECOND = used(1000, 250, 125), used(2500, 1250, 325)
LAST = used(1500, 1000, 200)
ONE, TWO = counted(FIRST, FIRST), counted(LAST, SECOND)


def read(lines: Iterable[dict[str, Any]]) -> list[Call]:
    parse = parser()
    return [call for one in lines for call in calls(parse(encoded(one)))]


def written(folder: Path, *files: list[dict[str, Any]]) -> dict[str, int]:
    with log_of(folder, *(b"\n".join(map(encoded, lines)) for lines in files)) as log:
        assert log.read.faults.count == 0
        return units(log.cells([], []))


def test_a_call_has_what_its_event_says() -> None:
    (call,) = read([session(), turn(), ONE])
    assert call.units == {"input": 750, "cache_read": 250, "output": 125}
    assert (call.model, call.mode, call.time) == ("gpt-5.6-terra", "standard", 1_795_161_605_000_000)
    assert (call.session, call.agent, call.provider) == ("s1", "main", "openai")
    assert call.labels == {"project": "fleet", "agent": "main"}


def test_events_repeat() -> None:
    assert len(read([session(), turn(), ONE, ONE, TWO, TWO, TWO])) == 2
    assert len(read([turn(), ONE, ONE])) == 1


def test_equal_calls_with_a_growing_total_are_two() -> None:
    found = read([session(), turn(), counted(FIRST, FIRST), counted(FIRST, used(2000, 500, 250))])
    assert len({call.id for call in found}) == 2


def test_the_last_usage_is_that_of_the_call() -> None:
    assert [call.units["output"] for call in read([session(), turn(), ONE, TWO])] == [125, 200]


def test_usage_is_the_growth_of_the_total_without_the_last() -> None:
    one, two, again = read(
        [session(), turn(), counted(None, FIRST), counted(None, SECOND), counted(None, used(80, 0, 8))]
    )
    assert one.units == {"input": 750, "cache_read": 250, "output": 125}
    assert two.units == {"input": 500, "cache_read": 1000, "output": 200}
    assert again.units == {"input": 80, "cache_read": 0, "output": 8}


def test_the_model_is_that_of_the_latest_turn() -> None:
    found = read([session(), turn(), ONE, turn(model="gpt-5.6-luna"), TWO])
    assert [call.model for call in found] == ["gpt-5.6-terra", "gpt-5.6-luna"]


def test_settings_change_model_and_tier() -> None:
    settings = {"model": "gpt-5.6-luna", "service_tier": "priority"}
    applied = line("event_msg", type="thread_settings_applied", thread_settings=settings)
    (call,) = read([session(), turn(), applied, ONE])
    assert (call.model, call.mode) == ("gpt-5.6-luna", "priority")


@pytest.mark.parametrize(
    "other",
    [
        line("event_msg", type="token_count", info=None),
        line("event_msg", type="token_count", rate_limits={}),
        line("event_msg", type="user_message", message="secret"),
        line("event_msg", type="plan", id=5, info="text"),
        line("response_item", type="message", id=5),
        {"timestamp": TIME, "type": "compacted"},
        {"timestamp": TIME, "type": "event_msg", "payload": None},
        counted(used(0), used(0)),
    ],
)
def test_lines_without_a_call(other: dict[str, Any]) -> None:
    assert read([session(), turn(), other]) == []


def test_a_count_before_the_first_turn_has_no_model() -> None:
    with pytest.raises(BadRecordError, match="its model is not known"):
        read([session(), ONE])


def test_more_cached_than_input_is_a_fault() -> None:
    wrong = used(10, 11, 1)
    with pytest.raises(BadRecordError, match=r"cached_input_tokens \(11\) cannot exceed input_tokens \(10\)"):
        read([session(), turn(), counted(wrong, wrong)])


def test_a_count_of_another_type_is_a_fault() -> None:
    with pytest.raises(msgspec.ValidationError, match="input_tokens"):
        read([session(), turn(), counted({"input_tokens": "many"}, None)])  # type: ignore[dict-item]


def test_files_have_states_of_their_own(tmp_path: Path) -> None:
    files = [[session(name), turn(), ONE] for name in ("s1", "s2")]
    assert written(tmp_path, *files) == {"input": 1500, "cache_read": 500, "output": 250}


PARENT = [session(), turn(), ONE, TWO]
OWN = counted(used(300, 200, 30), used(2800, 1450, 355))


@pytest.mark.parametrize("embedded", [[], [session()]])
def test_a_fork_repeats_its_parent_with_new_times(tmp_path: Path, embedded: list[dict[str, Any]]) -> None:
    copied = [{**one, "timestamp": "2026-11-25T08:00:00Z"} for one in [*embedded, *PARENT[1:]]]
    fork = [session("s2", forked_from_id="s1"), *copied, OWN]
    expected = {"input": 1350, "cache_read": 1450, "output": 355}
    assert written(tmp_path, PARENT, fork) == expected


def test_turns_tell_forks_at_one_point_apart(tmp_path: Path) -> None:
    parent = [session(), turn("t1"), ONE]
    forks = [
        [session(name, forked_from_id="s1"), *parent[1:], turn(f"t{name}"), TWO] for name in ("s2", "s3")
    ]
    both = {"input": 750 + 2 * 500, "cache_read": 250 + 2 * 1000, "output": 125 + 2 * 200}
    assert written(tmp_path, parent, *forks) == both


def test_equal_subagents_are_two(tmp_path: Path) -> None:
    source = {"subagent": {"thread_spawn": {"parent_thread_id": "s1"}}}
    files = [[session(name, source=source), turn(), ONE] for name in ("s2", "s3")]
    assert written(tmp_path, *files) == {"input": 1500, "cache_read": 500, "output": 250}
    assert {call.agent for call in read(files[0])} == {"subagent"}


def test_a_file_that_is_read_twice_counts_once(tmp_path: Path) -> None:
    assert written(tmp_path / "twice", PARENT, PARENT) == written(tmp_path / "once", PARENT)


def test_recognition() -> None:
    assert matches(json.loads(encoded(turn())))
    assert not matches({"type": "session_meta"})
    assert not matches("session_meta")
