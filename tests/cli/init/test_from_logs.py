"""A fleet from logs costs what was logged; its tiers are those of most calls, its evidence is measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.init.test_questions import EFFORTS
from tests.cli.running import Done, routecost

MAPPING = """\
version: 1
mapping: ours
time: started
model: model
task_type: kind
task: task
outcome: result
meters: {input: input, output: output}
"""


def log(*, failures: int) -> str:
    """Return a log of two days: 100 extractions on Haiku, 20 reviews on Opus, 2 of Sonnet."""
    rows = ["started,model,kind,task,result,input,output"]
    for number in range(100):
        result = "failure" if number < failures else "success"
        day = 2 + number % 2
        rows.append(
            f"2026-11-0{day}T10:{number % 60:02}:00Z,claude-haiku-5-5,extract,e{number},{result},2000,100"
        )
    for number in range(22):
        model = "claude-sonnet-5-5" if number < 2 else "claude-opus-5-5"
        rows.append(f"2026-11-0{2 + number % 2}T11:{number:02}:00Z,{model},check: all,r{number},,1000,500")
    return "\n".join(rows) + "\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROUTECOST_LIBRARY", raising=False)
    (tmp_path / "ours.yaml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def from_logs(text: str, *options: str) -> Done:
    Path("calls.csv").write_text(text, encoding="utf-8")
    return routecost("init", "fleet", "--from-logs", "calls.csv", "--dialect", "ours.yaml", *options)


def read(name: str) -> Any:
    return yaml.safe_load(Path(name).read_text(encoding="utf-8"))


@pytest.mark.slow
def test_volumes_tiers_and_evidence_are_those_of_the_log() -> None:
    done = from_logs(log(failures=0), "--budget", "1000")
    assert done.code == 0, done.stderr
    assert {row["task"]: row["tier"] for row in read("fleet/table.yaml")["routes"]} == {
        "extract": "haiku",
        "check: all": "opus",
    }
    types = read("fleet/scenario.yaml")["workload"]["task_types"].values()
    assert sum(kind["tasks_per_day"] for kind in types) == pytest.approx(61)
    (row,) = read("fleet/evidence.yaml")["evidence"]
    assert (row["task"], row["tier"], row["successes"], row["trials"]) == ("extract", "haiku", 100, 100)
    # By hand, per day: 50 x (2000 x 0.10 + 100 x 0.50), 1 x (1000 x 2 + 500 x 10), 10 x (1000 x 4 + 500 x 20)
    assert read("fleet/scenario.yaml")["claims"][0]["is"] == pytest.approx(
        30 * (12_500 + 7000 + 140_000) / 1e6
    )
    scenario, table = "fleet/scenario.yaml", "fleet/table.yaml"
    for arguments in (
        ["compare", scenario],
        ["check", scenario],
        ["validate", table],
        ["validate", table, "--scenario", scenario, "--evidence", "fleet/evidence.yaml"],
    ):
        checked = routecost(*arguments)
        assert checked.code == 0, (arguments, checked.stdout, checked.stderr)
    inputs = read("fleet/.github/workflows/routecost.yml")["jobs"]["routecost"]["steps"][1]["with"]
    assert inputs["evidence"] == "evidence.yaml"


@pytest.mark.slow
def test_evidence_against_the_table_is_reported_and_not_in_the_job() -> None:
    done = from_logs(log(failures=60))
    assert done.code == 0
    assert "with evidence.yaml, `validate` reports RT4" in done.stderr
    job = read("fleet/.github/workflows/routecost.yml")
    assert "evidence" not in job["jobs"]["routecost"]["steps"][1]["with"]
    assert routecost("validate", "fleet/table.yaml", "--scenario", "fleet/scenario.yaml").code == 0
    assert routecost("validate", "fleet/table.yaml", "--evidence", "fleet/evidence.yaml").code == 1


def test_logs_that_cannot_be_learned_from_write_nothing(here: Path) -> None:
    for text, code in (("started\n", 2), (log(failures=0).replace("claude-haiku-5-5", "unknown-model"), 2)):
        done = from_logs(text)
        assert (done.code, done.stdout) == (code, "")
        assert not (here / "fleet").exists()


@pytest.mark.slow
def test_rejected_lines_are_exit_code_1() -> None:
    text = log(failures=0) + "yesterday,claude-haiku-5-5,extract,x,success,1,1\n"
    assert from_logs(text).code == 1
    assert from_logs(text, "--max-rejects", "1", "--force").code == 0


@pytest.mark.slow
def test_a_log_is_not_replaced(here: Path) -> None:
    (here / "fleet").mkdir()
    (here / "fleet" / "scenario.yaml").symlink_to(here / "calls.csv")
    done = from_logs(log(failures=0), "--force")
    assert done.code == 2
    assert "which is an input" in done.stderr
    assert (here / "calls.csv").read_text() == log(failures=0)


@pytest.mark.slow
def test_tasks_escalate_to_tiers_whose_tokens_the_log_shows() -> None:
    """By hand: 15 tasks a day of 2,000 and 300 tokens at (3, 15), 5 of 2,400 out, and 5 of 1,000 and 200."""
    Path("efforts.yaml").write_text(EFFORTS, encoding="utf-8")
    Path("ours.yaml").write_text(MAPPING.replace("outcome: result", "effort: effort"), encoding="utf-8")
    rows = ["started,model,effort,kind,task,input,output"]
    calls = [("low", "triage", 2000, 300)] * 3 + [("high", "triage", 2000, 2400), ("low", "notes", 1000, 200)]
    for at, (effort, kind, sent, written) in enumerate(calls * 10):
        rows.append(f"2026-11-0{2 + at % 2}T10:{at:02}:00Z,m-big,{effort},{kind},t{at},{sent},{written}")
    done = from_logs("\n".join(rows) + "\n", "--pricing", "./efforts.yaml")
    assert done.code == 0, done.stderr
    assert read("fleet/table.yaml")["escalation"] == ["small", "low"]
    cost = 15 * (6000 + 300 * 15) + 5 * (6000 + 2400 * 15) + 5 * (3000 + 200 * 15)
    assert read("fleet/scenario.yaml")["claims"][0]["is"] == pytest.approx(30 * cost / 1e6, abs=0.01)
    for words in (["check", "fleet/scenario.yaml"], ["validate", "fleet/table.yaml"]):
        assert routecost(*words).code == 0
