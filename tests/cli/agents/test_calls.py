"""A call of a tool answers with the JSON of its command, and reads nothing outside the folders."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from routecost import file_access
from routecost.cli.agents import call
from routecost.cli.agents.call import Answer, answer
from routecost.cli.agents.resources import read_resource, resources
from routecost.cli.agents.tools import TOOLS
from routecost.errors import UnknownNameError, UsageError
from routecost.file_access import confined_to, read_within, reading
from tests.cli.running import ROOT, routecost

FLEET = (ROOT / "scenarios/article-fleet.yaml").read_text(encoding="utf-8")
SHEET = (ROOT / "pricing/claude-article.yaml").read_text(encoding="utf-8")
SECRET = "version: 1\nsecret: do-not-show\n"
OUTSIDE = "outside the folders"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is served, beside one that is not."""
    served = tmp_path / "served"
    (served / ".hidden").mkdir(parents=True)
    (tmp_path / "private").mkdir()
    (tmp_path / "private/secret.yaml").write_text(SECRET, encoding="utf-8")
    (served / ".hidden/sheet.yaml").write_text(SHEET, encoding="utf-8")
    (served / "scenario.yaml").write_text(FLEET, encoding="utf-8")
    (served / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    monkeypatch.chdir(served)
    monkeypatch.delenv("ROUTECOST_LIBRARY", raising=False)
    return served


def ask(tool: str, **arguments: Any) -> Answer:
    return answer(tool, arguments, [Path.cwd()])


SAME: dict[str, tuple[dict[str, Any], list[str]]] = {
    "compare": (
        {"scenario": "./scenario.yaml", "pricing": "./sheet.yaml", "mixes": ["60/30/10"], "by": ["tier"]},
        ["compare", "./scenario.yaml", "--pricing", "./sheet.yaml", "--mix", "60/30/10", "--by", "tier"],
    ),
    "sweep": (
        {"scenario": "article-fleet", "over": ["tokens.input=1000,2000"]},
        ["sweep", "article-fleet", "--over", "tokens.input=1000,2000"],
    ),
    "validate": (
        {"table": "article", "scenario": "article-fleet", "select": ["RT5"]},
        ["validate", "article", "--scenario", "article-fleet", "--select", "RT5"],
    ),
    "price": (
        {
            "pricing": "claude-2026-11",
            "counts": {"input": 2000, "output": 500},
            "calls": 3,
            "as_of": "2026-11-22",
        },
        ["pricing", "price", "claude-2026-11", "input=2000", "output=500", "--calls=3", "--as-of=2026-11-22"],
    ),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_an_answer_is_the_json_of_the_command(tool: str) -> None:
    arguments, words = SAME[tool]
    given = ask(tool, **arguments)
    assert given.result == routecost(*words, "--format", "json").stdout
    data = json.loads(given.result)
    Draft202012Validator(TOOLS[tool].output_schema).validate(data)
    Draft202012Validator(TOOLS[tool].input_schema).validate(arguments)
    assert TOOLS[tool].tables.keys() & data.keys()


@pytest.mark.parametrize("tool", TOOLS.values(), ids=TOOLS)
def test_schemas_are_sound_and_every_argument_is_described(tool: Any) -> None:
    Draft202012Validator.check_schema(tool.input_schema)
    Draft202012Validator.check_schema(tool.output_schema)
    assert all(one["description"] for one in tool.input_schema["properties"].values())


def test_findings_are_a_result_and_faults_an_error_with_positions(here: Path) -> None:
    assert json.loads(ask("validate", table="article", scenario="article-fleet").result or "")["findings"]
    (here / "bad.yaml").write_text("version: 1\nworkload: {tasks_per_day: many}\n", encoding="utf-8")
    given = ask("compare", scenario="./bad.yaml")
    assert given.result is None
    assert "bad.yaml:2:27: " in given.notes
    assert "^" in given.notes


def _paths_outside(here: Path) -> list[str]:
    outside = here.parent / "private/secret.yaml"
    (here / "link.yaml").symlink_to(outside)
    (here / "folder").symlink_to(outside.parent)
    (here / "two.yaml").symlink_to("link.yaml")
    (here / "loop.yaml").symlink_to("loop.yaml")
    (here / "fine").mkdir()
    return [
        *(str(outside), "../private/secret.yaml", "fine/../../private/secret.yaml", "link.yaml", "two.yaml"),
        *(
            "folder/secret.yaml",
            "/etc/passwd",
            "/proc/self/environ",
            "/dev/zero",
            "../absent.yaml",
            "..",
            "/",
        ),
    ]


PLACES = [
    *(("compare", "scenario"), ("compare", "pricing"), ("sweep", "scenario"), ("validate", "table")),
    *(("validate", "taxonomy"), ("validate", "evidence"), ("validate", "scenario"), ("price", "pricing")),
]


@pytest.mark.parametrize(("tool", "argument"), PLACES)
def test_no_argument_leads_out_of_the_folders(tool: str, argument: str, here: Path) -> None:
    needed: dict[str, dict[str, Any]] = {
        "validate": {"table": "article"},
        "sweep": {"tornado": True},
        "price": {"counts": {"input": 1}},
    }
    for path in _paths_outside(here):
        text = path if "/" in path else f"./{path}"
        given = ask(tool, **needed.get(tool, {}) | {argument: text})
        assert given.result is None
        assert OUTSIDE in given.notes, text
        assert "do-not-show" not in given.notes


@pytest.mark.parametrize(
    "path", ["./.hidden/sheet.yaml", "loop.yaml", "./pipe.yaml", "./fine", "./gone.yaml"]
)
def test_what_is_no_ordinary_file_is_refused(path: str, here: Path) -> None:
    _paths_outside(here)
    os.mkfifo(here / "pipe.yaml")
    given = ask("compare", pricing=path)
    assert given.result is None
    assert "cannot read" in given.notes


OPUS = "all-opus: {tier: opus}"
DOCUMENTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "pricing": ("compare", FLEET.replace("pricing: claude-article", "pricing: ../private/secret.yaml"), {}),
    "table": ("compare", FLEET.replace(OPUS, "all-opus: {table: ../private/t.yaml}"), {}),
    "policy": ("compare", FLEET.replace(OPUS, "all-opus: {policy: /etc/passwd}"), {}),
    "link": ("compare", FLEET.replace("pricing: claude-article", "pricing: ./link.yaml"), {}),
    "portfolio": ("compare", "version: 1\nscenarios: [{scenario: ../private/secret.yaml}]\n", {}),
    "extends": (
        "price",
        "version: 1\nextends: ../private/secret.yaml\nsource: x\n",
        {"counts": {"input": 1}},
    ),
    "taxonomy": ("validate", "version: 1\ntaxonomy: ../private/secret.yaml\nroutes: []\n", {}),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_no_document_leads_out_of_the_folders(kind: str, here: Path) -> None:
    _paths_outside(here)
    tool, text, arguments = DOCUMENTS[kind]
    (here / "mine.yaml").write_text(text, encoding="utf-8")
    argument = {"compare": "scenario", "price": "pricing", "validate": "table"}[tool]
    given = ask(tool, **arguments, **{argument: "./mine.yaml"})
    assert given.result is None
    assert OUTSIDE in given.notes
    assert "mine.yaml:" in given.notes
    assert "do-not-show" not in given.notes


def test_a_link_inside_the_folders_is_followed_and_a_second_folder_is_read(here: Path) -> None:
    (here / "inside.yaml").symlink_to("sheet.yaml")
    assert ask("compare", pricing="./inside.yaml").result
    (here.parent / "private/sheet.yaml").write_text(SHEET, encoding="utf-8")
    both = [here, here.parent / "private"]
    assert answer("compare", {"pricing": "../private/sheet.yaml"}, both).result


def test_a_file_that_becomes_a_link_is_not_followed(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check has passed when the folder is replaced: the open itself follows no link."""
    (here / "docs").mkdir()
    (here / "docs/secret.yaml").write_text(SHEET, encoding="utf-8")
    place = file_access._place

    def swapped(path: Path, folders: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        placed = place(path, folders)
        if (here / "docs").is_dir() and not (here / "docs").is_symlink():
            (here / "docs").rename(here / "old")
            (here / "docs").symlink_to(here.parent / "private")
        return placed

    monkeypatch.setattr(file_access, "_place", swapped)
    with (
        confined_to([here]),
        pytest.raises(UsageError, match="cannot read"),
        reading(here / "docs/secret.yaml"),
    ):
        pass


def test_confinement_ends_with_its_context_and_holds_in_nested_ones(here: Path) -> None:
    outside = here.parent / "private/secret.yaml"
    with confined_to([here]), pytest.raises(UsageError, match=OUTSIDE):
        read_within(outside)
    assert read_within(outside)


def test_a_configuration_above_the_folders_is_not_read(here: Path) -> None:
    (here.parent / "pyproject.toml").write_text("[tool.routecost.limits]\nzzz = 1\n", encoding="utf-8")
    assert ask("validate", table="article").result
    (here / "pyproject.toml").write_text("[tool.routecost.limits]\nzzz = 1\n", encoding="utf-8")
    assert "pyproject.toml" in ask("validate", table="article").notes


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("compare", {"scnario": "x"}, 'did you mean "scenario"'),
    ("compare", {"scenario": 3}, "expected a path or a built-in name"),
    ("compare", {"scenario": ""}, "expected a path"),
    ("compare", {"scenario": "a\x00b"}, "none of them invisible"),
    ("compare", {"scenario": "\ud800"}, "none of them invisible"),
    ("compare", {"scenario": "x" * 1_001}, "at most 1,000 characters"),
    ("compare", {"scenario": "--help"}, 'no scenario named "--help"'),
    ("compare", {"scenario": "-o/no/x"}, "no such file"),
    ("compare", {"baseline": "--output=x.txt"}, "no strategy named"),
    ("compare", {"mixes": "60/30/10"}, "a list of at most 50 texts"),
    ("compare", {"mixes": ["1/1/98"] * 51}, "a list of at most 50 texts"),
    ("compare", {"mixes": [["x"]]}, "a list of"),
    ("compare", {"as_of": "yesterday"}, "expected YYYY-MM-DD"),
    ("sweep", {}, "nothing to sweep"),
    ("sweep", {"mix": "yes"}, "expected true or false"),
    ("sweep", {"mix": True, "step": "1%"}, "5,151 rows; at most 1,000"),
    ("sweep", {"over": ["tokens.input=1:100000:1"]}, "100,000 points; at most 1,000"),
    ("sweep", {"over": ["pricing=../x.yaml,claude-article"]}, "outside"),
    ("validate", {}, 'needs the argument "table"'),
    ("price", {"pricing": "claude-2026-11", "counts": {"input": float("nan")}}, "expected a number from 0"),
    ("price", {"pricing": "claude-2026-11", "counts": {"input": float("inf")}}, "expected a number from 0"),
    ("price", {"pricing": "claude-2026-11", "counts": {"input": -1}}, "expected a number from 0"),
    ("price", {"pricing": "claude-2026-11", "counts": {"input": 10**50}}, "an object of at most 50 numbers"),
    ("price", {"pricing": "claude-2026-11", "counts": {"input": True}}, "an object of"),
    ("price", {"pricing": "claude-2026-11", "counts": {}}, "an object of"),
    ("price", {"pricing": "claude-2026-11", "counts": {"--help": 1}}, '"--help" is not a meter'),
    ("price", {"pricing": "claude-2026-11", "counts": {"input": 1}, "calls": 0.5}, "a whole number from 1"),
    (
        "price",
        {"pricing": "claude-2026-11", "counts": {"input": 1}, "models": ["opsu"]},
        'did you mean "opus"',
    ),
    ("delete", {}, 'no tool named "delete"'),
]


@pytest.mark.parametrize(("tool", "arguments", "message"), WRONG)
def test_a_wrong_call_is_explained(tool: str, arguments: dict[str, Any], message: str, here: Path) -> None:
    before = sorted(here.rglob("*"))
    given = ask(tool, **arguments)
    assert given.result is None
    assert message in given.notes, given.notes
    assert "Traceback" not in given.notes
    assert sorted(here.rglob("*")) == before


def test_a_result_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "MOST_CHARACTERS", 100)
    given = ask("compare")
    assert given.result is None
    assert "more than 100 characters" in given.notes


def test_a_bug_shows_no_traceback_to_the_caller(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("routecost.report.compare.compare.report", lambda *_, **__: 1 / 0)
    given = ask("compare")
    assert given == Answer(
        None, "error: an internal error of routecost; the log of the server has its traceback"
    )
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_resources_are_the_built_in_documents_and_rules() -> None:
    for one in resources():
        media_type, text = read_resource(one.uri)
        assert media_type == one.media_type
        assert text
    assert "RT301" in read_resource("routecost://rules/RT301")[1]
    for uri in (
        "routecost://scenarios/../../x",
        "file:///etc/passwd",
        "routecost://rules/x",
        "routecost:/",
        "\ud800",
    ):
        with pytest.raises(UnknownNameError):
            read_resource(uri)
