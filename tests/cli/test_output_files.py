"""No output replaces an input, another output or a read-only file; the cases come from the commands."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import typer

from routecost.cli.app import app
from routecost.file_access import FileGuard
from tests.cli.running import ROOT, routecost
from tests.documents.small_documents import (
    ACTUALS,
    CALL,
    EVIDENCE,
    FLEET,
    OUTCOMES,
    PLAN,
    PRICE,
    TABLE,
    TAXONOMY,
)
from tests.examples import one_in

OUTPUTS = {
    *("--output", "--chart", "--rejects", "--reliability", "--save"),
    *("--write-actuals", "--write-baseline", "--write-policy", "--write-scenario", "--write-table"),
    *("--write-evidence", "--write-pricing"),
}
INPUTS = {
    *("--actuals", "--against", "--baseline-file", "--evidence"),
    *("--litellm", "--openrouter", "--outcomes"),
}
NOT_OF = {
    "optimize": {"--chart", "--reliability", "--write-policy"},
    "usage --against": {"--write-actuals"},
    "usage --pace": {"--write-actuals"},
}
"""Options that a kind of a command does not take."""
FOLDERS = {"--library", "--root"}

SCENARIO = ["fleet.yaml", "sheet.yaml", "table.yaml"]
CASES = {
    "breakeven": (["./fleet.yaml"], SCENARIO),
    "calibrate": (["calls.jsonl", "--pricing", "./sheet.yaml"], ["calls.jsonl", "sheet.yaml"]),
    "check": (["./fleet.yaml"], [*SCENARIO, "other.yaml"]),
    "compare": (["./fleet.yaml"], SCENARIO),
    "diff": (["./fleet.yaml", "./fleet.yaml"], [*SCENARIO, "taxonomy.yaml", "pyproject.toml"]),
    "init": (["new", "--pricing", "./sheet.yaml", "--yes"], ["sheet.yaml"]),
    "optimize": (["./fleet.yaml", "--taxonomy", "./taxonomy.yaml"], [*SCENARIO, "taxonomy.yaml"]),
    "optimize --outcomes": (
        ["--outcomes", "outcomes.csv", "--pricing", "./sheet.yaml", "--families", "single,category"],
        ["outcomes.csv", "sheet.yaml"],
    ),
    "plan": (
        [
            "./plan.txt",
            "--tokens",
            "input=1,output=1",
            "--pricing",
            "./sheet.yaml",
            "--table",
            "./table.yaml",
        ],
        ["plan.txt", "sheet.yaml", "table.yaml"],
    ),
    "project": (["./fleet.yaml", "--months", "2", "--actuals", "actuals.yaml"], [*SCENARIO, "actuals.yaml"]),
    "report": (
        ["./fleet.yaml", "--months", "1", "--format", "json"],
        [*SCENARIO, "other.yaml", "taxonomy.yaml", "pyproject.toml"],
    ),
    "replay": (
        ["calls.jsonl", "--pricing", "./sheet.yaml", "--table", "./table.yaml", "--task-type", "=one"],
        ["calls.jsonl", "sheet.yaml", "table.yaml"],
    ),
    "rules": (
        ["--prompt", "./table.yaml", "--evidence", "evidence.yaml"],
        ["table.yaml", "taxonomy.yaml", "evidence.yaml", "pyproject.toml"],
    ),
    "schema": (["scenario"], []),
    "sweep": (["./fleet.yaml", "--over", "failure_cost=1,2"], SCENARIO),
    "table": (
        ["./table.yaml", "--pricing", "./sheet.yaml"],
        ["table.yaml", "sheet.yaml", "taxonomy.yaml", "pyproject.toml"],
    ),
    "usage": (["calls.jsonl", "--pricing", "./sheet.yaml"], ["calls.jsonl", "sheet.yaml"]),
    "usage --against": (
        ["calls.jsonl", "--pricing", "./sheet.yaml", "--against", "costs.csv"],
        ["calls.jsonl", "costs.csv", "sheet.yaml"],
    ),
    "usage --pace": (
        ["calls.jsonl", "--pace", "--until", "2026-02-01", "--plan", "./fleet.yaml"],
        ["calls.jsonl", *SCENARIO],
    ),
    "validate": (
        ["./table.yaml", "--scenario", "./fleet.yaml", "--evidence", "evidence.yaml"],
        [*SCENARIO, "taxonomy.yaml", "evidence.yaml", "pyproject.toml"],
    ),
    "pricing check": (["./sheet.yaml"], ["sheet.yaml"]),
    "pricing diff": (
        ["./sheet.yaml", "./other.yaml", "--scenario", "./fleet.yaml"],
        [*SCENARIO, "other.yaml"],
    ),
    "pricing import": (["--litellm", "prices.json", "--tiers", "a=m"], ["prices.json"]),
    "pricing list": (["--library", "library"], ["library/pricing/own.yaml"]),
    "pricing models": (["--litellm", "prices.json"], ["prices.json"]),
    "pricing price": (["./sheet.yaml", "input=1"], ["sheet.yaml"]),
    "pricing show": (["./sheet.yaml"], ["sheet.yaml"]),
    "pricing update": (["./sheet.yaml", "--litellm", "prices.json"], ["sheet.yaml", "prices.json"]),
}
"""Command -> arguments with which it succeeds, and the files that it reads.

A name may end with an option, for a command of two kinds.
"""


def lay_out(folder: Path) -> None:
    """Write a document of every kind."""
    sheet = (ROOT / "pricing" / "claude-article.yaml").read_text(encoding="utf-8")
    documents = {
        "fleet.yaml": FLEET,
        "table.yaml": TABLE,
        "taxonomy.yaml": TAXONOMY,
        "evidence.yaml": EVIDENCE,
        "actuals.yaml": ACTUALS,
        "plan.txt": PLAN,
        "outcomes.csv": OUTCOMES,
        "calls.jsonl": json.dumps(CALL),
        "costs.csv": "day,amount\n2026-02-01,1\n",
        "sheet.yaml": sheet,
        "other.yaml": sheet,
        "prices.json": json.dumps({"m": PRICE}),
        "library/pricing/own.yaml": sheet,
        "pyproject.toml": "[tool.routecost.limits]\ntrials = 5\n",
    }
    (folder / "library" / "pricing").mkdir(parents=True)
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a document of every kind."""
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands() -> Iterator[tuple[str, Any]]:
    """Yield all commands with their full names."""
    group: Any = typer.main.get_command(app)
    pending = [(name, group.commands[name]) for name in group.commands]
    while pending:
        name, command = pending.pop(0)
        if hasattr(command, "commands"):
            pending += [(f"{name} {sub}", command.commands[sub]) for sub in command.commands]
        else:
            yield name, command


COMMANDS = dict(commands())


def command_of(name: str) -> str:
    """Return the full name of the command of a case."""
    return name.partition(" --")[0]


def outputs(name: str) -> list[str]:
    """Return the options of a command that name files to write."""
    options = {option for parameter in COMMANDS[command_of(name)].params for option in parameter.opts}
    return sorted((options & OUTPUTS) - NOT_OF.get(name, set()))


def arguments(name: str, *options: str) -> list[str]:
    """Return a command line with which a command succeeds, with some options that write files."""
    taxonomy = ["--taxonomy", "./taxonomy.yaml"] if name != "optimize" and "--write-table" in options else []
    return [*command_of(name).split(), *CASES[name][0], *taxonomy, *options]


def test_every_command_and_every_option_for_files_is_in_these_tests() -> None:
    assert set(map(command_of, CASES)) == set(COMMANDS) - {"mcp"}  # it writes no file
    for command in COMMANDS.values():
        for parameter in command.params:
            if re.search(r"FILE|DIR|\.yaml", str(parameter.metavar)):
                assert set(parameter.opts) & (OUTPUTS | INPUTS | FOLDERS), parameter.opts


@pytest.mark.parametrize("name", one_in(3, CASES))
def test_the_inputs_of_these_tests_are_the_files_that_are_read(
    here: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    monkeypatch.setattr(FileGuard, "read", lambda _, path, __: read.append(Path(path).resolve()))
    done = routecost(*arguments(name))
    assert done.code in (0, 1), done.stderr
    own = {path.relative_to(here).as_posix() for path in read if path.is_relative_to(here)}
    assert own == set(CASES[name][1])


LINKS = ("symbolic link", "hard link")
ALIASES = ("itself", "absolute", "by way of a folder", *LINKS)
CHARTS = ("--chart", "--reliability")
"""Options that accept no names but those of charts, such as that of a link to another file."""


def kinds(name: str, option: str, file: str) -> tuple[str, ...]:
    """Return the other names under which an option may be given a file: not each accepts its suffix."""
    is_other_format = (name, file) == ("pricing import", "prices.json")
    return LINKS if option in CHARTS or is_other_format else ALIASES


def alias(here: Path, file: str, kind: str, link: str) -> str:
    """Return another name of a file; ``link`` is that of a link."""
    if kind == "absolute":
        return str(here / file)
    if kind == "by way of a folder":
        return f"library/../{file}"
    if kind == "symbolic link":
        (here / link).symlink_to(file)
        return link
    if kind == "hard link":
        os.link(here / file, here / link)
        return link
    return file


REPLACED = [
    (name, option, file, kinds(name, option, file)[at % len(kinds(name, option, file))])
    for at, (name, option, file) in enumerate(
        (name, option, file) for name in CASES for option in outputs(name) for file in CASES[name][1]
    )
]
EVERY_ALIAS = [("compare", "--output", "sheet.yaml", kind) for kind in ALIASES]


FIRST = {(name, option): file for name, option, file, _ in reversed(REPLACED)}
QUICK = [case for case in REPLACED if case[1] == "--output" or FIRST[case[:2]] == case[2]]
"""Every input of a command as its output, and every other option that writes a file with one input."""


@pytest.mark.parametrize(
    ("name", "option", "file", "kind"),
    [
        *(pytest.param(*case, marks=[] if case in QUICK else [pytest.mark.slow]) for case in REPLACED),
        *EVERY_ALIAS,
    ],
)
def test_no_output_replaces_an_input(here: Path, name: str, option: str, file: str, kind: str) -> None:
    target = alias(here, file, kind, "link.svg" if option in CHARTS else "link")
    before = contents(here)
    for force in ([], ["--force"]):
        done = routecost(*arguments(name, option, target, *formats(name, option)), *force)
        assert (done.code, done.stdout) == (2, "")
        assert f"{option} would replace " in done.stderr
        assert "which is an input" in done.stderr
        assert contents(here) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


PAIRS = [(name, *pair) for name in CASES for pair in combinations(outputs(name), 2)]
SAME_FILE = [("same.svg", "./same.svg"), ("same.svg", "SAME.svg"), ("old", "linked.svg")]


@pytest.mark.parametrize(
    ("name", "first", "second", "names"),
    [
        pytest.param(*pair, names, marks=[] if way == at % len(SAME_FILE) else pytest.mark.slow)
        for at, pair in enumerate(PAIRS)
        for way, names in enumerate(SAME_FILE)
    ],
)
def test_no_output_replaces_another(
    here: Path, name: str, first: str, second: str, names: tuple[str, str]
) -> None:
    (here / "old").write_text("old")
    (here / "linked.svg").symlink_to("old")
    before = contents(here)
    given = (
        formats(name, "--output")
        if "--output" in (first, second) and "--write-baseline" not in (first, second)
        else []
    )
    if first in CHARTS:
        names = names[1], names[0]
    done = routecost(*arguments(name, first, names[0], second, names[1], *given))
    assert (done.code, done.stdout) == (2, "")
    assert "would both write" in done.stderr or "cannot be used with --output" in done.stderr
    assert contents(here) == before


@pytest.mark.parametrize(("name", "option"), [(name, option) for name in CASES for option in outputs(name)])
def test_a_read_only_file_is_not_replaced(here: Path, name: str, option: str) -> None:
    target = read_only(here, option)
    done = routecost(*arguments(name, option, target.name, *formats(name, option)))
    assert (done.code, done.stdout, target.read_bytes()) == (2, "", b"precious")
    assert f'{option} would replace "{target.name}", which is read-only' in done.stderr


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if at % 3 else [])
        for at, name in enumerate(name for name in CASES if outputs(name) and name != "pricing import")
    ],
)
def test_read_only_files_are_replaced_by_force(here: Path, name: str) -> None:
    """All that a command writes, at once; an import only updates sheets, and the log has no evidence."""
    alone = {"--write-evidence"} | ({"--output"} if "--write-baseline" in outputs(name) else set())
    given = [option for option in outputs(name) if option not in alone]
    for options in (given, ["--output"]) if "--output" in alone else (given,):
        targets = [read_only(here, option) for option in options]
        words = [word for pair in zip(options, targets, strict=True) for word in (pair[0], pair[1].name)]
        extra = [word for option in options for word in formats(name, option)]
        done = routecost(*arguments(name, *words, *extra), "--force")
        assert done.code in (0, 1), done.stderr
        assert [target for target in targets if target.read_bytes() == b"precious"] == []


def read_only(here: Path, option: str) -> Path:
    target = here / f"old{option}{'.yaml' if option == '--write-actuals' else '.svg'}"
    target.write_text("precious")
    target.chmod(0o444)
    return target


def formats(name: str, option: str) -> list[str]:
    """Return the options that let a file of any suffix be an output."""
    if option == "--write-actuals":
        return ["--partial-months"]
    parameters = COMMANDS[command_of(name)].params
    has_format = name != "rules" and any("--format" in parameter.opts for parameter in parameters)
    is_open = option == "--output" and has_format and "--format" not in arguments(name)
    return ["--format", "json"] if is_open else []


def test_an_ordinary_file_that_is_named_is_replaced(here: Path) -> None:
    for _ in range(2):
        assert routecost(*arguments("compare", "--output", "a.json")).code == 0
        assert "all-haiku" in (here / "a.json").read_text()
        (here / "a.json").write_text("old")


def test_a_fix_and_an_import_update_the_file_that_they_name(here: Path) -> None:
    (here / "table.yaml").write_text(TABLE.replace("sonnet, ", ""))
    (here / "read-only.yaml").write_text(TABLE.replace("sonnet, ", ""))
    (here / "read-only.yaml").chmod(0o444)
    assert routecost("validate", "./read-only.yaml", "--fix").code == 2
    assert routecost("validate", "./table.yaml", "--fix", "--output", "./table.yaml").code == 2
    assert routecost("validate", "./table.yaml", "--fix", "--fail-on", "never").code == 0
    assert (here / "table.yaml").read_text() == TABLE
    for _ in range(2):
        assert routecost(*arguments("pricing import", "--output", "new.yaml")).code == 0
    before = contents(here)
    done = routecost(*arguments("pricing import", "--output", "prices.json"))
    assert (done.code, contents(here)) == (2, before)


def test_a_chart_beside_a_document_is_no_other_output_or_input(here: Path) -> None:
    os.rename("sheet.yaml", "plan-comparison.svg")
    (here / "sheet.yaml").symlink_to("plan-comparison.svg")
    before = contents(here)
    done = routecost("report", "./fleet.yaml", "-o", "plan.md", "--force")
    assert (done.code, contents(here)) == (2, before)
    assert 'would replace "plan-comparison.svg", which is an input' in done.stderr


def test_pipes_and_devices_may_be_read_and_written() -> None:
    assert routecost("compare", "article-fleet", "-o", "/dev/null", "--chart", "c.svg", "-f", "csv").code == 0
    done = routecost("schema", "scenario", "-o", "/dev/null")
    assert (done.code, done.stderr) == (0, "")
