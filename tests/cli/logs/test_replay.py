"""``routecost replay``: results, refusals and exit codes."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from routecost.api.logs.replay import ReplayOptions, replay
from routecost.api.logs.source import LogSource
from routecost.errors import CurrencyError, DocumentError, UnknownNameError, UsageError
from routecost.model.results.logs.replay import UnroutedCallsError
from tests.cli.running import routecost
from tests.support.transcripts import call, written

SHEET = "claude-2026-11"
SONNET, HAIKU, OPUS = "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5"
NOON = "2026-11-20T12:00:00Z"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def of(project: str, line: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A call of a project, which is its task type, in a session of its own."""
    return {**line, "cwd": f"/home/dev/{project}", **more}


def log(*lines: dict[str, Any]) -> LogSource:
    written(Path("calls.jsonl"), *lines)
    return LogSource(["calls.jsonl"], task_types="project")


def two_types() -> LogSource:
    return log(
        of("extraction", call(1, SONNET, NOON, input=1000, output=500, read=8000)),
        of("planning", call(2, OPUS, NOON, input=1000, output=500, cost=0.014)),
    )


def table(name: str = "cheap.yaml", **tiers: str) -> str:
    rows = "".join(f"  - {{task: {task.replace('_', '-')}, tier: {tier}}}\n" for task, tier in tiers.items())
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text(f"version: 1\ntaxonomy: agent-fleet\nroutes:\n{rows}", encoding="utf-8")
    return f"./{name}"


def test_json_has_a_row_per_table_and_per_task_type() -> None:
    two_types()
    cheap = table(extraction="haiku", planning="sonnet")
    args = ("calls.jsonl", "--task-type", "project", "--table", cheap, "--pricing", SHEET, "-f", "json")
    done = routecost("replay", *args)
    found = json.loads(done.stdout)
    assert (done.code, found["schema"], found["actual"]) == (0, "routecost.replay/1", 0.0218)
    (row,) = found["tables"]
    assert (row["table"], row["cost"], row["cost_high"]) == ("cheap", 0.00743, 0.00835)
    assert row["vs_actual"] == pytest.approx(0.00743 / 0.0218 - 1)
    assert row["price"] + row["mix"] + row["tokens"] + row["cache"] == pytest.approx(0.00743 - 0.0218)
    assert [(one["task_type"], one["tier"], one["replaced_by"]) for one in found["task_types"]] == [
        ("extraction", "haiku", HAIKU),
        ("planning", "sonnet", SONNET),
    ]
    assert found["reconciliation"][0]["difference"] == 0


def test_all_task_types_that_a_table_lacks_are_listed() -> None:
    two_types()
    cheap = table(extractions="haiku")
    done = routecost("replay", "calls.jsonl", "--task-type", "project", "--table", cheap, "--pricing", SHEET)
    assert (done.code, done.stdout) == (2, "")
    first, second, advice = done.stderr.splitlines()
    assert first == 'error: 1 call: table "cheap" has no task type "extraction"; did you mean "extractions"?'
    assert '"planning"' in second
    assert "--default-tier" in advice
    found = replay(two_types(), tables=[cheap], pricing=[SHEET], options=ReplayOptions("as-logged"))
    assert found.tables[0].cost == found.actual


def test_a_log_under_its_own_models_costs_what_it_did() -> None:
    every = table(extraction="sonnet", planning="opus")
    for by_session in (False, True):
        options = ReplayOptions(by_session=by_session)
        found = replay(two_types(), tables=[every], pricing=[SHEET], options=options)
        assert found.tables[0].cost == found.actual
        assert found.actual.low == Decimal("0.0218")


def test_a_session_writes_again_what_the_new_model_does_not_have() -> None:
    lines = (
        call(1, SONNET, "2026-11-20T12:00:00Z", write=8000),
        call(2, SONNET, "2026-11-20T12:04:00Z", read=8000),
        call(3, SONNET, "2026-11-20T12:10:00Z", read=8000),
    )
    source = log(*(of("extraction", line, sessionId="s") for line in lines))
    cheap = table(extraction="haiku")
    found = replay(source, tables=[cheap], pricing=[SHEET], options=ReplayOptions(by_session=True))
    read, write = Decimal("0.01") * 8000 / 1_000_000, Decimal("0.125") * 8000 / 1_000_000
    assert found.tables[0].cost.low == found.tables[0].cost.high == write + read + write
    assert found.loose == 0


def test_calls_without_a_time_have_a_range_by_session_too() -> None:
    line = of("extraction", call(1, SONNET, NOON, read=8000))
    del line["timestamp"]
    options = ReplayOptions(by_session=True)
    found = replay(log(line), tables=[table(extraction="haiku")], pricing=[SHEET], options=options)
    (cost,) = (one.cost for one in found.tables)
    assert (cost.low, cost.high, found.loose) == (Decimal("0.00008"), Decimal("0.001"), 1)


def test_an_empty_log_costs_nothing_under_any_table() -> None:
    source = log({"type": "user", "sessionId": "s"})
    found = replay(source, tables=[table(extraction="haiku")], pricing=[SHEET])
    assert found.calls == found.tables[0].cost.high == 0
    assert found.tables[0].vs_actual is None
    text = routecost("replay", "calls.jsonl", "--table", "./cheap.yaml", "--pricing", SHEET)
    assert (text.code, text.stderr) == (0, "")


def test_tables_of_one_name_are_called_by_their_paths_and_none_may_be_given_twice() -> None:
    tables = [
        table(f"{folder}/t.yaml", extraction=tier, planning="opus")
        for folder, tier in (("a", "haiku"), ("b", "opus"))
    ]
    found = replay(two_types(), tables=tables, pricing=[SHEET])
    assert [one.name for one in found.tables] == ["./a/t.yaml", "./b/t.yaml"]
    assert found.tables[0].cost.low < found.tables[1].cost.low
    with pytest.raises(UsageError, match=r'table "./a/t.yaml" is given twice'):
        replay(two_types(), tables=[tables[0], tables[0]], pricing=[SHEET])


def test_strategies_of_a_scenario_are_replayed_or_refused_with_the_reason() -> None:
    found = replay(two_types(), scenario="support-desk", pricing=[SHEET], options=ReplayOptions("opus"))
    assert found.tables
    assert found.refused
    assert all("expected a tier, a mix" in reason or "router" in reason for reason in found.refused.values())
    with pytest.raises(UsageError, match=f'"{next(iter(found.refused))}" cannot be replayed: '):
        replay(two_types(), scenario="support-desk", strategies=[*found.refused], pricing=[SHEET])
    with pytest.raises(UsageError, match="add --scenario SCENARIO"):
        replay(two_types(), strategies=["routed"], pricing=[SHEET])


def test_a_second_sheet_reprices_the_logged_models() -> None:
    found = replay(two_types(), pricing=[SHEET, "claude-2026-02"])
    (one,) = found.tables
    assert (one.name, one.pricing) == ("as-logged", "claude-2026-02")
    assert all(row.tiers == {"as-logged": 1} for row in one.rows)
    assert one.stages.parts.price is None  # the sheet has other models of the same tiers


def test_calls_without_a_price_are_left_out_of_both_bills() -> None:
    lines = [of("extraction", call(at, model, NOON, input=1000)) for at, model in ((1, SONNET), (2, "gpt-x"))]
    source = log(*lines)
    unpriced = LogSource(source.paths, task_types="project", allow_unpriced=True)
    for by_session in (False, True):
        options = ReplayOptions(by_session=by_session)
        found = replay(unpriced, tables=[table(extraction="haiku")], pricing=[SHEET], options=options)
        assert (found.calls, found.actual.low) == (1, Decimal("0.002"))
        assert (found.tables[0].cost.low, found.unpriced[0].calls) == (Decimal("0.0001"), 1)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({}, UsageError, "nothing to replay; add --table"),
        ({"tables": ["no-such"]}, UnknownNameError, 'no table named "no-such"'),
        ({"tables": ["./broken.yaml"]}, DocumentError, "broken.yaml:3:"),
        ({"scenario": "article-fleet", "strategies": ["rooted"]}, UnknownNameError, "no strategy named"),
        ({"tables": ["article"], "pricing": ["claude-2026-11"] * 2}, UsageError, "is given twice"),
        ({"tables": ["article"], "options": ReplayOptions("haik")}, UnroutedCallsError, 'mean "haiku"'),
        (
            {"tables": ["article"], "options": ReplayOptions(output_factors={"x": Decimal(1)})},
            UnroutedCallsError,
            'model "x"',
        ),
        (
            {"tables": ["article"], "options": ReplayOptions(output_factors={SONNET: Decimal(0)})},
            UsageError,
            "expected a number above 0",
        ),
        ({"tables": ["article"], "pricing": [SHEET, "./euro.yaml"]}, CurrencyError, "is in EUR"),
    ],
)
def test_wrong_input_is_refused(change: dict[str, Any], error: type[Exception], message: str) -> None:
    Path("broken.yaml").write_text("version: 1\ntaxonomy: agent-fleet\nroutes: 7\n", encoding="utf-8")
    Path("euro.yaml").write_text(
        "version: 1\ncurrency: EUR\nsource: test\ntiers: {haiku: h}\n"
        "models: {h: [{checked: 2026-11-22, input: 1, output: 1}]}\n",
        encoding="utf-8",
    )
    source = two_types()
    with pytest.raises(error, match=message):
        replay(source, **{"pricing": [SHEET], **change})


def test_an_output_factor_needs_a_model_and_a_number() -> None:
    two_types()
    done = routecost("replay", "calls.jsonl", "--output-factor", "1.2", "--table", "article")
    assert (done.code, done.stderr.splitlines()[0]) == (
        2,
        'error: --output-factor "1.2" has no factor; expected MODEL=FACTOR, such as x=1.2',
    )


ESCALATING = """
version: 1
taxonomy: agent-fleet
escalation: [haiku, sonnet, opus]
routes:
  - task: extraction
    tier: haiku
    confidence: required
    evidence: {successes: 70, trials: 100, evaluated: 2026-11-01ESCALATED}
  - {task: planning, tier: sonnet, confidence: required}
"""


@pytest.mark.parametrize(("counted", "share"), [("", Decimal("0.3")), (", escalated: 20", Decimal("0.2"))])
def test_escalations_of_a_table_are_priced_beside_its_calls(counted: str, share: Decimal) -> None:
    source = log(
        of("extraction", call(1, SONNET, NOON, input=1000, output=500)),
        of("planning", call(2, OPUS, NOON, input=1000, output=500)),
    )
    Path("up.yaml").write_text(ESCALATING.replace("ESCALATED", counted), encoding="utf-8")
    found = replay(source, tables=["./up.yaml"], pricing=[SHEET])
    on_haiku, on_sonnet, on_opus = (Decimal(cost) for cost in ("0.00035", "0.007", "0.014"))
    ((extraction, planning),) = found.escalations.values()
    assert (extraction.path, extraction.share) == (("sonnet", "opus"), share)
    assert extraction.expected == (share * on_sonnet, share * on_sonnet)
    assert extraction.most == on_sonnet + on_opus
    assert (planning.path, planning.share, planning.expected, planning.most) == (
        ("opus",),
        None,
        None,
        on_opus,
    )
    assert found.tables[0].cost == (on_haiku + on_sonnet, on_haiku + on_sonnet)
    done = routecost(
        "replay", "calls.jsonl", "--task-type", "project", "--table", "./up.yaml", "--pricing", SHEET
    )
    assert "Escalations that a table would add" in done.stdout


def test_work_that_is_never_rejected_adds_no_escalations() -> None:
    two_types()
    found = replay(
        LogSource(["calls.jsonl"], task_types="project"),
        tables=[table(extraction="haiku", planning="sonnet")],
        pricing=[SHEET],
    )
    assert not found.escalations
