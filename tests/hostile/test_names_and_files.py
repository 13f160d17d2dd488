"""An argument that names a document: a file by its suffix, else a name of the library, in every command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import routecost as api
from routecost.api.task_plan import PlanOptions
from tests.cli.running import Done, routecost
from tests.examples import one_in
from tests.hostile.test_options import ARGUMENTS, COMMANDS
from tests.task_plan.test_text import TOKENS

NAMED = ARGUMENTS | {"BEFORE": "claude-2026-02", "AFTER": "claude-2026-11"}
BY_OPTION = {"taxonomy": "agent-fleet", "table": "article", "scenario": "article-fleet"}
LEADS: dict[str, dict[tuple[str, ...], list[str]]] = {
    "taxonomy": {("rules",): ["--prompt", "article"], ("optimize",): []},
    "with_pricing": {("report",): ["--interactive", "--output", "page.html"]},
}
LOG = (
    '{"time": "2026-11-03T10:00:00Z", "model": "claude-haiku-5-5", "input": 2000, "output": 500,'
    ' "task": "t1", "task_type": "extraction", "outcome": "success"}\n'
)
FILES_ONLY = {("diff",), ("pricing", "update")}
"""Commands that compare or change files: their arguments are never names."""


def _name(param: Any) -> str | None:
    """Return a built-in name that a parameter may have, if it takes a document."""
    by_option = BY_OPTION.get(param.name) if param.metavar == "NAME" else None
    return by_option or NAMED.get(str(param.metavar))


MATRIX = [
    pytest.param(path, param, id=f"{' '.join(path)} {param.opts[0]}")
    for path, command in COMMANDS.items()
    for param in command.params
    if _name(param) is not None and path not in FILES_ONLY
]


def run_with(path: tuple[str, ...], param: Any, value: str) -> Done:
    """Run a command with a value of one parameter, and what else it needs."""
    words: list[str] = []
    if path[0] in ("usage", "replay", "calibrate"):
        pytest.importorskip("duckdb")
    if param.name == "with_pricing":
        pytest.importorskip("vl_convert")
    for other in COMMANDS[path].params:
        if other.name == param.name or other.param_type_name != "argument":
            continue
        if other.required or other.metavar == "AFTER":
            words.append("log.jsonl" if other.metavar == "LOGS" else str(_name(other)))
    if param.param_type_name == "option":
        words += LEADS.get(param.name, {}).get(path, [])
    words += ["--mix"] if path == ("sweep",) else []
    if path[0] in ("usage", "replay", "calibrate") and param.name != "pricing":
        words += ["--pricing", "claude-2026-11"]
    if param.param_type_name == "option":
        return routecost(*path, *words, param.opts[0], value)
    at = 1 if param.metavar == "AFTER" else 0
    return routecost(*path, *words[:at], value, *words[at:])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.jsonl").write_text(LOG, encoding="utf-8")
    return tmp_path


def test_the_matrix_has_every_command_that_takes_a_document() -> None:
    paths = {path for path, _ in (param.values for param in MATRIX)}
    assert COMMANDS.keys() - paths == {
        *FILES_ONLY,
        *(("pricing", "list"), ("pricing", "models"), ("pricing", "import"), ("schema",)),
    }


@pytest.mark.parametrize(("path", "param"), MATRIX)
@pytest.mark.parametrize("file", ["mine.txt", "mine.yaml"])
def test_an_argument_with_the_suffix_of_a_file_is_that_file(
    path: tuple[str, ...], param: Any, file: str, here: Path
) -> None:
    (here / file).write_text("version: 1\nzzz: 1\n", encoding="utf-8")
    done = run_with(path, param, file)
    assert done.code == 2
    assert f"{file}:" in done.stderr


@pytest.mark.parametrize(("path", "param"), one_in(4, MATRIX))
def test_no_file_takes_the_place_of_a_built_in(path: tuple[str, ...], param: Any, here: Path) -> None:
    name = str(_name(param))
    (here / name).write_text("zzz", encoding="utf-8")
    (here / f"{name}.yaml").write_text("zzz", encoding="utf-8")
    done = run_with(path, param, name)
    assert f"{name}.yaml:1" not in done.stderr
    assert f'warning: "{name}" is the' in done.stderr
    assert done.stderr.count(f'"{name}" is the') == 1


def test_python_follows_the_same_rule(here: Path) -> None:
    (here / "eight-subtasks").write_text("1. A -> haiku", encoding="utf-8")
    (here / "mine.md").write_text("1. A -> haiku", encoding="utf-8")
    assert api.plan("eight-subtasks").plan.title == "Eight subtasks"
    assert [step.title for step in api.plan("mine.md", options=PlanOptions(TOKENS)).plan.steps] == ["A"]
    assert [step.title for step in api.plan(here / "mine.md", options=PlanOptions(TOKENS)).plan.steps] == [
        "A"
    ]


def test_a_bare_file_is_offered_and_not_read(here: Path) -> None:
    (here / "mine").write_text("zzz", encoding="utf-8")
    assert 'no plan named "mine"; for the file, write "./mine"' in routecost("plan", "mine").stderr
    assert 'no plan named "no.txt"' in routecost("plan", "no.txt").stderr
