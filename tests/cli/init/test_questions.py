"""The questions of ``routecost init``: asked on a terminal only, and repeated until answers are valid."""

from __future__ import annotations

import io
import os
import pty
import signal
import sys
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from routecost.api.init.answers import DEFAULT_TASKS_PER_DAY, FleetAnswers
from routecost.cli.commands.init import questions
from tests.cli.running import Done, finish, routecost, start

EFFORTS = """
version: 1
currency: USD
source: invented
tiers: {small: m-small, low: {model: m-big, effort: low}, high: {model: m-big, effort: high}}
models:
  m-small: [{input: 1, output: 5}]
  m-big: [{input: 3, output: 15}]
"""
GIVEN = ("--pricing", "./efforts.yaml", "--no-ci")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROUTECOST_LIBRARY", raising=False)
    return tmp_path


def answered(text: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> Done:
    monkeypatch.setattr(questions, "on_terminal", lambda: True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return routecost("init", *options)


def test_answers_and_defaults(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "claude-article\nmany\n1000\n\nread=haiku, write=opus\n90/0/10\nnone\nacme/routecost@v1\n"
    done = answered(lines, monkeypatch)
    assert done.code == 0, done.stderr
    assert 'tasks per day: "many" is not valid' in done.stderr
    assert done.stderr.count("Tasks per day [500]: ") == 2
    assert "Percentages of the tasks for haiku, sonnet, opus [80/0/20]: " in done.stderr
    scenario = yaml.safe_load((here / "scenario.yaml").read_text())
    assert {name: kind["tasks_per_day"] for name, kind in scenario["workload"]["task_types"].items()} == {
        "read": 900,
        "write": 100,
    }
    assert scenario["illustrative"] == "the default tokens of routecost init"
    assert "acme/routecost@v1" in (here / ".github" / "workflows" / "routecost.yml").read_text()


@pytest.mark.slow
def test_options_answer_and_yes_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    given = ["--pricing", "claude-article", "--tasks-per-day", "9", "--tokens", "input=1,output=1", "--no-ci"]
    done = answered("\n\n\n", monkeypatch, *given, "--dry-run")
    assert done.code == 0
    assert done.stderr.count("]: ") == 3
    assert answered("", monkeypatch, "--yes", "--dry-run").code == 0


def test_shares_that_do_not_fit_the_task_types_are_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    done = answered("\n\n\nread=haiku, write=sonnet\n50/40/10\n70/30/0\n", monkeypatch)
    assert 'error: the mix sends 10% to "opus", which no task type names' in done.stderr
    assert "Budget of a month in USD [none]: error: the input ended" in done.stderr


def test_output_at_an_effort_is_asked_for_and_has_no_default(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By hand: 80 tasks of 2,000 and 500 tokens at (1, 5), 15 of 300 and 5 of 2,400 tokens out at (3, 15)."""
    (here / "efforts.yaml").write_text(EFFORTS)
    done = answered("100\n\n\n300\n\n\n\n", monkeypatch, *GIVEN, "--effort-output", "high=2400")
    assert done.code == 0, done.stderr
    assert done.stderr.count("Mean output tokens of a task on low (effort low): ") == 2
    cost = 80 * (2000 + 500 * 5) + 15 * (6000 + 300 * 15) + 5 * (6000 + 2400 * 15)
    claim = yaml.safe_load((here / "scenario.yaml").read_text())["claims"][0]
    assert claim["is"] == pytest.approx(30 * cost / 1e6, abs=0.01)
    refused = routecost("init", "other", "--yes", *GIVEN)
    assert refused.code == 2
    assert "are unknown for low (effort low), high (effort high); state those of each" in refused.stderr


def test_an_answer_that_is_the_default_is_no_assumption() -> None:
    stated = FleetAnswers(
        tasks_per_day=DEFAULT_TASKS_PER_DAY, input_tokens=Decimal(2000), output_tokens=Decimal(500)
    )
    assert stated.assumed == ("task types", "shares of the tiers")
    assert len(FleetAnswers().assumed) == 4


def test_an_input_that_ends_writes_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = answered("claude-article\n1000\n", monkeypatch)
    assert (done.code, list(here.iterdir())) == (2, [])
    assert "the input ended before the last answer" in done.stderr


@pytest.mark.slow
def test_without_a_terminal_nothing_is_asked(here: Path) -> None:
    done = finish(start("init", stdin=-3))
    assert (done.code, done.stderr) == (0, "")
    assert (here / "scenario.yaml").exists()


@pytest.mark.slow
def test_ctrl_c_at_a_question_writes_nothing(here: Path) -> None:
    ours, theirs = pty.openpty()
    process = start("init", "new", stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    text = b""
    while b"Pricing sheet [" not in text:
        text += os.read(ours, 1000)
    os.write(ours, b"\n")
    while b"Tasks per day" not in text:
        text += os.read(ours, 1000)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    os.close(ours)
    assert list(here.iterdir()) == []
