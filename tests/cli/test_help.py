"""Help reads well at 80 columns, shows every option once, and its examples are command lines."""

from __future__ import annotations

import re
import shlex
from io import StringIO

import pytest
import typer

from routecost.cli.app import app, run
from routecost.cli.help import EXAMPLES
from tests.hostile.test_options import commands

ROOT_COMMAND = typer.main.get_command(app)
COMMANDS = {" ".join(path): command for path, command in commands(ROOT_COMMAND)}


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def help_of(name: str) -> str:
    text = StringIO()
    assert run([*name.split(), "--help"], stdout=text) == 0
    return text.getvalue()


@pytest.mark.parametrize("name", ["", "pricing"])
def test_no_summary_is_cut(name: str) -> None:
    _, _, listed = help_of(name).partition("Commands:\n")
    assert len(listed.splitlines()) >= 5
    assert "..." not in listed


@pytest.mark.parametrize("name", ["", "pricing", *COMMANDS])
def test_no_line_is_too_long_and_no_word_is_broken(name: str) -> None:
    text = help_of(name)
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert [line for line in text.splitlines() if re.search(r"\w-$", line)] == []
    assert "\u2011" not in text
    assert not re.search(r"<(str|int|path|list)\b", text), "types of Python mean nothing to users"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_shown_once_with_its_text(name: str) -> None:
    text = help_of(name)
    shown = " ".join(text.split())
    _, _, options = text.partition("ptions:\n")
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "option":
            assert len(re.findall(rf"^  (-\w, )?{parameter.opts[0]}(?![\w-])", options, re.MULTILINE)) == 1
        assert parameter.help
        assert " ".join(parameter.help.split()) in shown
    assert text.index("General options:") > text.index("Usage:")


def test_a_default_is_shown() -> None:
    for name, parameter in ((name, one) for name, command in COMMANDS.items() for one in command.params):
        if isinstance(parameter.default, str | int) and not isinstance(parameter.default, bool):
            shown = " ".join(help_of(name).split())
            default = str(getattr(parameter.default, "value", parameter.default))
            assert f"default: {default}" in shown or f"({default})" in shown, (name, parameter.name)


@pytest.mark.parametrize(("name", "line"), [(name, line) for name in EXAMPLES for line in EXAMPLES[name]])
def test_an_example_is_a_command_line(name: str, line: str) -> None:
    assert f"\n  routecost {line}\n" in f"{help_of(name)}\n"
    words = shlex.split(line)
    path = name.split()
    assert words[: len(path)] == path
    COMMANDS[name].make_context(name, words[len(path) :])


def test_every_command_with_a_choice_of_options_has_an_example() -> None:
    lacking = {name for name, command in COMMANDS.items() if len(command.params) > 6} - EXAMPLES.keys()
    assert lacking <= {"pricing check", "pricing models", "pricing update"}
