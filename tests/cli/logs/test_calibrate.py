"""``routecost calibrate``: files, exit codes and messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import routecost
from tests.support.transcripts import call, written

SHEET = ["--pricing", "claude-2026-11"]
HAIKU, SONNET = "claude-haiku-5-5", "claude-sonnet-5-5"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def log(*more: str, models: tuple[str, ...] = (HAIKU, SONNET)) -> str:
    lines = (
        call(at, models[at % len(models)], f"2026-11-{20 + at % 3}T10:00:00Z", input=1000, output=500)
        for at in range(12)
    )
    return str(written(Path("calls.jsonl"), *lines, *more))


def test_the_scenario_and_the_evidence_are_taken_by_other_commands() -> None:
    done = routecost(
        "calibrate", log(), *SHEET, "-o", "fleet.yaml", "--write-evidence", "evidence.yaml", "-f", "json"
    )
    assert (done.code, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["schema"] == "routecost.calibrate/1"
    assert (found["days"], found["as_of"]) == (3, "2026-11-22")
    assert found["logged_cost"] == pytest.approx(6 * (0.00035 + 0.007))
    assert found["cost"] == pytest.approx(found["logged_cost"], rel=0.005)
    compared = routecost("compare", "./fleet.yaml", "--format", "json")
    by_name = {row["strategy"]: row for row in json.loads(compared.stdout)["strategies"]}
    assert by_name["as-logged"]["cost_per_day"] * 3 == pytest.approx(found["cost"])
    assert routecost("project", "./fleet.yaml", "--months", "2").code == 0
    checked = routecost("validate", "article", "--evidence", "evidence.yaml", "--fail-on", "never")
    assert checked.code == 0


def test_without_output_nothing_is_written(here: Path) -> None:
    assert routecost("calibrate", log(), *SHEET).code == 0
    assert [path.name for path in here.iterdir()] == ["calls.jsonl"]


def test_unknown_models_are_listed_and_nothing_is_written(here: Path) -> None:
    done = routecost("calibrate", log(models=(HAIKU, "gpt-x", "llama-y")), *SHEET, "-o", "fleet.yaml")
    assert (done.code, done.stdout) == (2, "")
    assert "gpt-x: 4 calls" in done.stderr
    assert "llama-y: 4 calls" in done.stderr
    assert "--allow-unpriced" not in done.stderr
    assert not (here / "fleet.yaml").exists()
    named = routecost(*("calibrate", log(models=(HAIKU, "gpt-x")), *SHEET, "--model-name", f"gpt-x={SONNET}"))
    assert named.code == 0


def test_rejected_lines_are_no_part_of_it_and_exit_with_1(here: Path) -> None:
    text = log("{broken}", "{}")
    done = routecost("calibrate", text, *SHEET, "-o", "fleet.yaml", "--rejects", "rejects.txt")
    assert done.code == 1
    assert "calls.jsonl:13:1: it is not valid JSON" in done.stderr
    assert "calls.jsonl,13,1" in (here / "rejects.txt").read_text()
    assert "12 logged calls" in (here / "fleet.yaml").read_text()
    assert routecost("calibrate", text, *SHEET, "--max-rejects", "1").code == 0


def test_days_and_the_date_of_prices_can_be_chosen() -> None:
    done = routecost(
        *("calibrate", log(), *SHEET, "--since", "2026-11-20", "--until", "2026-11-21"),
        *("--as-of", "2026-11-25", "--format", "json"),
    )
    found = json.loads(done.stdout)
    assert (found["days"], found["as_of"], found["task_types"][0]["calls"]) == (2, "2026-11-25", 8)


def test_prompts_and_keys_are_in_no_output(here: Path) -> None:
    secret = "sk-ant-secret"
    line = call(1, HAIKU, "2026-11-20T10:00:00Z", input=5)
    line |= {"uuid": secret, "requestId": secret, "gitBranch": secret}
    line["message"] |= {"content": [{"type": "text", "text": secret}], "stop_reason": secret}
    files = ("-o", "fleet.yaml", "--write-evidence", "evidence.yaml", "--write-pricing", "prices.yaml")
    log = str(written(Path("calls.jsonl"), line, secret))
    done = routecost("calibrate", log, *SHEET, *files, "--rejects", "rejects.csv", "-f", "json")
    assert done.code == 1
    texts = [path.read_text() for path in here.iterdir() if path.name != "calls.jsonl"]
    assert len(texts) == 4
    assert secret not in "".join((done.stdout, done.stderr, *texts))
