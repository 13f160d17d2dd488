"""The questions of ``routecost init``: asked on a terminal only, and repeated until answers are valid."""

from __future__ import annotations

import io
import os
import pty
import signal
import sys
from pathlib import Path

import pytest
import yaml

from routecost.cli.commands.init import questions
from tests.cli.running import Done, finish, routecost, start


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
