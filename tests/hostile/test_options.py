"""Every option of every command, generated from the commands, with values that nobody means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from routecost.cli.app import app
from tests.hostile.contract import folder, run_hostile
from tests.hostile.mutate import DAYS, NAMES, NUMBERS

ARGUMENTS = {
    "SCENARIO": "article-fleet",
    "SHEET": "claude-2026-11",
    "TABLE": "article",
    "PLAN": "eight-subtasks",
}
FILES = (
    *(
        "out.txt",
        "out.md",
        "out.json",
        "out.csv",
        "out.svg",
        "no/such/folder.txt",
        "x" * 300 + ".txt",
        "loop.yaml",
    ),
    *(
        ".",
        "..",
        "/dev/null",
        "\udcff.md",
        "-",
        "a\nb.txt",
        "folder",
        "empty.yaml",
        "./foreign.yaml",
        "notes.json",
    ),
)
VALUES = st.sampled_from(FILES) | st.sampled_from([*NAMES, *map(str, NUMBERS), *DAYS]).filter(
    lambda text: "\x00" not in text
)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield each command with the words that call it."""
    for name in group.commands:
        command = group.commands[name]
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


SERVERS = {("mcp",)}
"""Commands that serve until their input ends; tests/cli/agents runs them."""

COMMANDS = {path: command for path, command in commands(typer.main.get_command(app)) if path not in SERVERS}


def test_every_command_is_found() -> None:
    assert {("compare",), ("pricing", "import"), ("validate",), ("schema",)} <= COMMANDS.keys()
    assert all(options(command) for command in COMMANDS.values())


def options(command: Any) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "option"]


def words(draw: st.DrawFn, command: Any) -> Iterator[str]:
    """Yield drawn options with values, and arguments."""
    for option in draw(st.lists(st.sampled_from(options(command)), min_size=1, max_size=3)):
        yield option.opts[0] if option.is_flag else f"{option.opts[0]}={draw(VALUES)}"
    yield "--"
    for argument in command.params:
        if argument.param_type_name == "argument":
            known = ARGUMENTS.get(str(argument.metavar))
            yield draw(VALUES) if known is None or not draw(st.integers(0, 3)) else known


@st.composite
def command_lines(draw: st.DrawFn, path: tuple[str, ...]) -> list[str]:
    return [*path, *words(draw, COMMANDS[path])]


def run_in_folder(line: list[str]) -> None:
    with folder() as here:
        os.symlink("loop.yaml", here / "loop.yaml")
        (here / "folder").mkdir()
        (here / "empty.yaml").touch()
        (here / "foreign.yaml").write_text("password: s3cret\n[token = s3cret\n", encoding="utf-8")
        (here / "notes.json").write_text('{"data": [{"id": "a"}], "a": 1}', encoding="utf-8")
        done = run_hostile(*line)
        assert "s3cret" not in done.stdout + done.stderr


@given(data=st.data())
def test_options(data: st.DataObject) -> None:
    run_in_folder(data.draw(command_lines(data.draw(st.sampled_from(list(COMMANDS))))))


@pytest.mark.slow
@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
@given(data=st.data())
def test_options_of(path: tuple[str, ...], data: st.DataObject) -> None:
    run_in_folder(data.draw(command_lines(path)))
