"""Shells complete commands, options, built-in names, names in documents, and files."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer

from routecost.cli.app import app
from routecost.cli.command_group import _loaded
from tests.cli.running import ROOT, Done, routecost
from tests.hostile.test_options import commands

Complete = Callable[..., list[str]]

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "fleet.yaml").write_bytes((ROOT / "scenarios/support-desk.yaml").read_bytes())
    (tmp_path / "broken.yaml").write_text("{", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / ".hidden").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROUTECOST_LIBRARY", raising=False)
    return tmp_path


@pytest.fixture
def complete(monkeypatch: pytest.MonkeyPatch) -> Iterator[Complete]:
    """A function that returns what bash would offer for the words of a command line."""
    _loaded.cache_clear()  # commands get their completions when they are loaded

    def offered(*words: str) -> list[str]:
        monkeypatch.setenv("_ROUTECOST_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", " ".join(("routecost", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        done = routecost()
        assert (done.code, done.stderr) == (0, "")
        return done.stdout.split()

    yield offered
    _loaded.cache_clear()


OFFERED = [
    (["comp"], {"compare"}),
    (["pricing", "sh"], {"show"}),
    (["compare", "--pri"], {"--pricing"}),
    (["compare", "article"], {"article-fleet"}),
    (["compare", "./fl"], {"./fleet.yaml"}),
    (["compare", ""], {"article-fleet", "support-desk", "fleet.yaml", "folder/"}),
    (["compare", "--pricing", "claude-a"], {"claude-article"}),
    (["compare", "--library", ""], {"folder/"}),
    (["compare", "--output", "fl"], {"fleet.yaml"}),
    (["compare", "--format", "x"], {"xlsx"}),
    (["validate", "article", "--format", "s"], {"sarif", "spreadsheet"}),
    (["compare", "article-fleet", "--strategy", "all-h"], {"all-haiku"}),
    (["compare", "--strategy", "routed"], {"routed-80-15-5"}),
    (["validate", "ar"], {"article"}),
    (["validate", "article", "--select", "RT301"], {"RT301"}),
    (["rules", "escalation-s"], {"escalation-skips-tier"}),
    (["plan", "eight"], {"eight-subtasks"}),
    (["schema", "scen"], {"scenario"}),
    (["pricing", "show", "claude-2026-11", "--model", "claude-op"], {"claude-opus-5-5"}),
    (["pricing", "price", "claude-2026-11", "input=1", "--model", "op"], {"opus"}),
    (["compare", "--by", "own"], {"owner"}),
    (["mcp", ""], {"folder/"}),
    (["usage", "fl"], {"fleet.yaml"}),
]


QUICK = {
    ("comp",),
    ("compare", ""),
    ("compare", "--pri"),
    ("pricing", "sh"),
    ("compare", "--strategy", "routed"),
}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(*case, id=" ".join(case[0]), marks=[] if tuple(case[0]) in QUICK else [pytest.mark.slow])
        for case in OFFERED
    ],
)
def test_words_are_completed(complete: Complete, words: list[str], expected: set[str]) -> None:
    offered = complete(*words)
    assert expected <= set(offered)
    assert all(value.startswith(words[-1]) for value in offered)


@pytest.mark.parametrize(
    "words",
    [
        ["compare", "no-such", "--strategy", ""],
        ["compare", "./broken.yaml", "--strategy", ""],
        ["compare", "./no/such/"],
        ["pricing", "show", "--model", ""],
        ["no-such-command", "x"],
        ["compare", "x'y"],
    ],
)
def test_what_cannot_be_completed_offers_nothing_and_fails_not(complete: Complete, words: list[str]) -> None:
    assert complete(*words) == []


def test_hidden_files_are_offered_only_if_asked_for(complete: Complete) -> None:
    assert ".hidden/" not in complete("usage", "")
    assert ".hidden/" in complete("usage", ".")


@pytest.mark.usefixtures("complete")
def test_zsh_and_fish_get_the_same_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "routecost compare article")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    for shell in ("zsh", "fish"):
        monkeypatch.setenv("_ROUTECOST_COMPLETE", f"complete_{shell}")
        assert "article-fleet" in routecost().stdout


@pytest.mark.usefixtures("complete")
def test_every_document_argument_and_file_option_completes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_ROUTECOST_COMPLETE", "complete_bash")
    lacking = {
        (path, parameter.name)
        for path, command in commands(typer.main.get_command(app))
        for parameter in command.params
        if any(
            word in str(parameter.metavar) for word in ("FILE", "DIR", "SCENARIO", "SHEET", "TABLE", "LOGS")
        )
        and parameter._custom_shell_complete is None
    }
    assert lacking == set()


def scripted(shell: str) -> Done:
    return routecost("--show-completion", shell)


def test_the_script_of_each_shell_is_shown() -> None:
    texts = {shell: scripted(shell).stdout for shell in SHELLS}
    assert all("_ROUTECOST_COMPLETE" in text for text in texts.values())
    assert "complete -o default" in texts["bash"]
    assert texts["zsh"].startswith("#compdef routecost")
    assert texts["fish"].startswith("complete --command routecost")
    refused = scripted("tcsh")
    assert refused.code == 2
    assert 'no completion for the shell "tcsh"; expected bash, zsh, fish' in refused.stderr


def test_completion_is_installed_for_a_named_shell(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here))
    assert routecost("--install-completion", "fish").code == 0
    assert "complete --command routecost" in (here / ".config/fish/completions/routecost.fish").read_text()


@pytest.mark.slow
def test_bash_completes_with_the_script(here: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    command = here / "routecost"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -P -m routecost "$@"\n')
    command.chmod(0o755)
    script = (
        f'PATH="{here}:$PATH"\n{scripted("bash").stdout}\n'
        "COMP_WORDS=(routecost compare article); COMP_CWORD=2\n"
        '_routecost_completion routecost\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["article-fleet"]
