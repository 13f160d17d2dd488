"""Fields with a narrower range than a count: uncertain, out of range, and stated at another place."""

from __future__ import annotations

from pathlib import Path

import pytest

import routecost

SCENARIO = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload: {{tasks_per_day: 10, tokens: {{input: 1000, output: 100{tokens}}}, calls: {{per_task: {calls}}}}}
strategies: {{one: {one}}}
"""
HAIKU = "{tier: haiku}"
TALK = "{conversation: [{tier: haiku, turns: 4}], cached: CACHED}"
PARTS = "{plan_and_execute: {planner: PLANNER, executors: [{tier: haiku, count: UNCERTAIN}]}}".replace(
    "PLANNER", "{tier: opus, tokens: {input: 1, output: 1}}"
)
UNCERTAIN = "{uncertain: uniform, low: 2, high: 6}"


def findings(folder: Path, calls: str = "4", one: str = HAIKU, tokens: str = "") -> list[str]:
    """Return the messages of the errors in a scenario."""
    path = folder / "fleet.yaml"
    path.write_text(SCENARIO.format(calls=calls, one=one, tokens=tokens), encoding="utf-8")
    try:
        routecost.compare(path)
    except routecost.DocumentError as error:
        return [finding.message for finding in error.findings]
    return []


@pytest.mark.parametrize(
    ("place", "calls", "one"),
    [
        ("workload.calls.per_task", UNCERTAIN, HAIKU),
        (
            "strategies.one.conversation.0.turns",
            "4",
            f"{{conversation: [{{tier: haiku, turns: {UNCERTAIN}}}]}}",
        ),
        (
            "strategies.one.agents.rounds",
            "1",
            f"{{agents: {{mode: debate, roles: [{{tier: haiku, count: 2}}], rounds: {UNCERTAIN}}}}}",
        ),
        ("strategies.one.plan_and_execute.executors.0.count", "1", PARTS.replace("UNCERTAIN", UNCERTAIN)),
    ],
)
def test_an_uncertain_whole_number_is_refused_when_it_is_loaded(
    place: str, calls: str, one: str, tmp_path: Path
) -> None:
    expected = f'"{place}" is uncertain, but takes whole numbers only; expected a whole number'
    assert expected in findings(tmp_path, calls, one)


@pytest.mark.parametrize("calls", ["-1", "1e16", "many", "0", "1.5", "1001"])
def test_a_refused_number_of_calls_names_the_range_that_is_accepted(calls: str, tmp_path: Path) -> None:
    (message,) = findings(tmp_path, calls)
    assert message.endswith("a whole number from 1 to 1000")
    assert findings(tmp_path, "1000") == []


@pytest.mark.parametrize("cached", ["true", "false"])
def test_what_the_calls_state_is_not_stated_by_a_conversation(cached: str, tmp_path: Path) -> None:
    (message,) = findings(tmp_path, one=TALK.replace("CACHED", cached))
    assert message == '"cached" is stated by the calls of "tasks"; remove it here'


def test_a_meter_among_text_tokens_is_sent_to_its_place(tmp_path: Path) -> None:
    (message,) = findings(tmp_path, tokens=", input_audio: 5")
    assert message == 'unknown key "input_audio"; expected it under "meters", beside "tokens"'
    (message,) = findings(tmp_path, tokens=", inputs: 5")
    assert message == 'unknown key "inputs"; did you mean "input"?'
