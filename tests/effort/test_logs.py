"""Logs that carry the effort of calls: tiers, learned tokens, evidence and replays of each effort."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="logs need the extra logs")

import routecost
from routecost import LogSource, ReplayOptions
from routecost.errors import RoutecostError, UsageError
from routecost.ingest.logs.dialects.codex import parser
from routecost.ingest.logs.dialects.otel import parse
from routecost.ingest.logs.task_types import label_of
from routecost.model.logs.efforts import of_effort, with_effort
from tests.effort.fleets import SHEET
from tests.ingest.logs.samples import calls, chat, encoded, only, otlp, span

MAPPING = """version: 1
mapping: ours
time: time
model: model
effort: {column: effort, optional: true}
task_type: kind
task: task
outcome: result
meters: {input: input, output: output}
"""


@pytest.fixture
def log(tmp_path: Path) -> LogSource:
    """Return three extractions at low effort for each at high effort, which all succeed there."""
    rows = ["time,model,effort,kind,task,result,input,output"]
    for number in range(40):
        effort, output = ("high", 2400) if number % 4 == 3 else ("LOW", 300)
        result = "failure" if number in {0, 8} else "success"
        start = f"2026-11-0{1 + number // 20}T10:{number:02}:00Z"
        rows.append(f"{start},m-big,{effort},extraction,t{number},{result},2000,{output}")
    (tmp_path / "calls.csv").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "sheet.yaml").write_text(json.dumps(SHEET), encoding="utf-8")
    return LogSource([tmp_path / "calls.csv"], dialect=str(tmp_path / "ours.yaml"))


def test_a_scenario_learns_the_tokens_of_each_effort(log: LogSource, tmp_path: Path) -> None:
    found = routecost.calibrate(log, pricing=tmp_path / "sheet.yaml", output=tmp_path / "fleet.yaml")
    assert found.total.difference == 0
    assert "low: {output: 300, effort: low}" in found.scenario_text
    assert "high: {output: 2400, effort: high}" in found.scenario_text
    (tmp_path / "fleet.yaml").write_text(found.scenario_text, encoding="utf-8")
    comparison = routecost.compare(tmp_path / "fleet.yaml")
    assert comparison["all-high"].cost_per_day == 20 * Decimal("0.042")
    assert comparison["as-logged"].cost_per_day == 15 * Decimal("0.0105") + 5 * Decimal("0.042")
    rows = {row.tier: (row.model, row.successes, row.trials) for row in found.evidence}
    assert rows == {"low": ("m-big", 28, 30), "high": ("m-big", 10, 10)}
    assert "effort: high" in (found.evidence_text or "")


@pytest.mark.slow
def test_rows_of_unknown_effort_have_no_tier(log: LogSource, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",LOW,", ",,"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"m-big \(30 calls\)"):
        routecost.calibrate(log, pricing=tmp_path / "sheet.yaml")
    path.write_text(path.read_text(encoding="utf-8").replace(",,", ",max,"), encoding="utf-8")
    with pytest.raises(UsageError, match=r"m-big \[max\] \(30 calls\)"):
        routecost.calibrate(log, pricing=tmp_path / "sheet.yaml")
    own = tmp_path / "own.yaml"
    found = routecost.calibrate(log, pricing=tmp_path / "sheet.yaml", own_pricing=own)
    assert "m-big-max: {model: m-big, effort: max}" in (found.pricing_text or "")


@pytest.mark.slow
def test_a_replay_at_another_effort_needs_the_length_of_answers(log: LogSource, tmp_path: Path) -> None:
    sheet = routecost.load_pricing(tmp_path / "sheet.yaml")
    scenario = tmp_path / "fleet.yaml"
    found = routecost.calibrate(log, pricing=tmp_path / "sheet.yaml", output=scenario)
    scenario.write_text(found.scenario_text, encoding="utf-8")
    with pytest.raises(RoutecostError, match="--output-factor low=FACTOR"):
        routecost.replay(log, scenario=scenario, strategies=["all-low"], pricing=[sheet])
    options = ReplayOptions(output_factors={"low": Decimal("0.125")})
    replay = routecost.replay(
        log, scenario=scenario, strategies=["all-low"], pricing=[sheet], options=options
    )
    assert replay.tables[0].stages.cost.low == 40 * Decimal("0.0105")  # those at low effort are as logged
    (tokens,) = replay.tokens
    assert (tokens.model, tokens.replaced_by) == ("m-big [high]", "m-big [low]")


def test_dialects_that_log_the_effort_read_it() -> None:
    parse_codex = parser()
    usage = {"input_tokens": 10, "output_tokens": 5}
    lines = [
        {"type": "session_meta", "payload": {"id": "s"}},
        {"type": "turn_context", "payload": {"model": "gpt-x", "effort": "high", "turn_id": "t"}},
        {"type": "event_msg", "payload": {"type": "token_count", "info": {"last_token_usage": usage}}},
        {"type": "turn_context", "payload": {"model": "gpt-y", "turn_id": "u"}},
        {"type": "event_msg", "payload": {"type": "token_count", "info": {"last_token_usage": usage}}},
    ]
    read = [call for line in lines for call in calls(parse_codex(encoded(line)))]
    assert [call.model for call in read] == ["gpt-x [high]", "gpt-y"]
    attribute = {"key": "gen_ai.request.reasoning.level", "value": {"stringValue": "low"}}
    one = span(chat(input_tokens=10, output_tokens=5))
    one["attributes"].append(attribute)
    assert of_effort(only(parse(otlp(one))).model)[1] == "low"
    assert label_of(read[0], "model") == "gpt-x"  # rules for task types match the model's name


@pytest.mark.parametrize(
    ("effort", "name"),
    [
        (None, "m"),
        ("", "m"),
        (" XHigh ", "m [xhigh]"),
        ("=cmd()", "m [unrecognised]"),
        ("\u202e</script>", "m [unrecognised]"),
    ],
)
def test_an_effort_is_a_short_name(effort: str | None, name: str) -> None:
    assert with_effort("m", effort) == name
    assert of_effort(name)[0] == "m"
