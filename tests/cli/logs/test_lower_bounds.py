"""Costs that are lower bounds, because some calls have no price, are marked where they are shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import routecost
from tests.support.transcripts import call, written

SONNET = "claude-sonnet-5-5"
OPTIONS = ["--pricing", "claude-2026-11", "--task-type", "project", "--allow-unpriced"]
TABLE = """
version: 1
taxonomy: agent-fleet
routes:
  - {task: extraction, tier: haiku}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a log: on two days, $2 of extraction, $2 of planning and unknown costs of gpt-x."""
    monkeypatch.chdir(tmp_path)
    kinds = ((SONNET, "extraction"), (SONNET, "planning"), ("gpt-x", "extraction"), ("gpt-x", "drafts"))
    lines = [
        {**call(10 * day + at, model, f"2026-11-{day}T{23 - at}:30:00Z", input=1_000_000), "cwd": f"/{kind}"}
        for day in (18, 19)
        for at, (model, kind) in enumerate(kinds)
    ]
    written(Path("calls.jsonl"), *lines)
    Path("table.yaml").write_text(TABLE, encoding="utf-8")
    return tmp_path


def shown(command: str, *options: str) -> str:
    """What a command prints, with single spaces."""
    done = routecost(command, "calls.jsonl", *OPTIONS, *options)
    assert done.code == 0, done.stderr
    return " ".join(done.stdout.replace("\N{EN DASH}", "-").split())


def data(command: str, *options: str) -> dict[str, object]:
    """What a command states as JSON."""
    done = routecost(command, "calls.jsonl", *OPTIONS, *options, "-f", "json")
    loaded: dict[str, object] = json.loads(done.stdout)
    return loaded


def test_compare_marks_the_costs_of_both_periods() -> None:
    text = shown("usage", "--compare", "2026-11-18", "2026-11-19")
    assert "extraction $2.00 or more $2.00 or more $0.00" in text
    assert "planning $2.00 $2.00 $0.00" in text
    assert "drafts - - -" in text
    assert "total $4.00 or more $4.00 or more" in text
    assert "The change, its parts and the figures are those of the calls with a price." in text


def test_compare_names_periods_that_the_log_has_in_part() -> None:
    text = shown("usage", "--compare", "2026-11-17..2026-11-18", "2026-11-19..2026-11-20")
    assert "No calls are logged before 2026-11-18: the log may have only a part of 2026-11-17..2026" in text
    assert "No calls are logged after 2026-11-19: the log may have only a part of 2026-11-19..2026" in text
    assert "only a part" not in shown("usage", "--compare", "2026-11-18", "2026-11-19")


def test_pace_states_no_most_and_warns_about_the_budget() -> None:
    text = shown("usage", "--pace", "--budget", "100", "--until", "2026-11-19")
    assert "spent until 2026-11-19 $8.00 or more" in text
    assert "expected month end $52.00 or more" in text
    assert "budget $100.00 -48.0% or more" in text
    assert "at most" not in text
    assert "The budget may be exceeded: what the calls without a price cost is not known." in text
    found = data("usage", "--pace", "--budget", "100", "--until", "2026-11-19")
    assert (found["spent"], found["spent_high"], found["expected_high"]) == (8, None, None)


def test_exact_costs_have_no_most() -> None:
    named = f"gpt-x={SONNET}"
    text = shown("usage", "--pace", "--budget", "200", "--until", "2026-11-19", "--model-name", named)
    assert "spent until 2026-11-19 $16.00 " in text
    assert "or more" not in text
    assert "at most" not in text


def test_replay_marks_totals_and_the_task_types_that_lack_calls() -> None:
    options = ("--table", "./table.yaml", "--default-tier", "as-logged")
    text = shown("replay", *options)
    assert "as it ran $8.00 or more" in text
    assert "table $5.00 or more -37.5%" in text
    assert "haiku claude-haiku-5-5 $4.00 or more $1.00 or more" in text
    assert f"as-logged {SONNET} $4.00 $4.00 $0.00" in text
    found = data("replay", *options)
    assert (found["actual"], found["actual_high"]) == (8, None)


def test_against_leaves_out_what_has_no_price() -> None:
    Path("costs.csv").write_text("day,amount,model\n2026-11-18,4,claude-sonnet-5-5\n2026-11-18,1,gpt-x\n")
    done = routecost("usage", "calls.jsonl", *OPTIONS, "--until", "2026-11-18", "--against", "costs.csv")
    text = " ".join(done.stdout.replace("\N{EN DASH}", "-").split())
    assert done.code == 1
    assert "gpt-x $1.00 - - - no" in text
    assert "the logged calls cost at least $4.00" in text
