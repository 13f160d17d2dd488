"""Outputs and options that cannot be are refused before any input is read: every input here is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.contract import folder, run_hostile
from tests.hostile.test_options import COMMANDS, options

MISSING = "./missing.yaml"

NOWHERE = ("no/such/folder.md", "notes.txt/below.md", "folder")
FAULTS = {
    "--output": ("out.xyz", *NOWHERE),
    "--chart": ("chart", "chart.xyz", "no/such/chart.svg", "notes.txt/chart.svg"),
    "--format": ("nope",),
    "--size": ("slide", "nope"),
    "--theme": ("dark", "nope"),
    "--months": ("0", "x"),
    "--growth": ("x",),
    "--start": ("x",),
    "--days": ("x",),
    "--runs": ("0",),
    "--seed": ("x",),
    "--by": ("nope",),
    "--what-if": ("x", "haiku x"),
    "--engineering": ("x",),
    "--upkeep": ("x",),
    "--within": ("0",),
    "--over": ("x",),
    "--as-of": ("x",),
    "--budget": ("x",),
    "--min-success": ("95",),
    **dict.fromkeys(
        ("--rejects", "--save", "--write-actuals", "--write-baseline", "--write-evidence", "--write-pricing"),
        NOWHERE,
    ),
    **dict.fromkeys(("--write-policy", "--write-scenario", "--reliability"), NOWHERE),
}
"""Option -> values that no command accepts."""

ANY_NAME = {("schema",), ("pricing", "import"), ("calibrate",)}
"""Commands that write files of one kind, whatever their names."""

CONFLICTS = (
    ("compare", "--output", "same.svg", "--chart", "same.svg"),
    ("compare", "--format", "github"),
    ("project", "--format", "sarif"),
    ("sweep", "--mix", "--tornado"),
    ("sweep", "--mix", "--by", "20%"),
    ("sweep", "--mix", "--step", "x"),
    ("sweep", "--tornado", "--baseline", "all-opus"),
    ("sweep", "--tornado", "--by", "x"),
    ("sweep", "--tornado", "--step", "5%"),
    ("sweep", "--over", "plan.growth=1%", "--chart", "chart.svg"),
    ("report", "--by", "10%", "--by", "20%"),
    ("optimize", "--risk", "5%"),
    ("optimize", "--write-table", "table.yaml"),
    ("usage", "--save", "same.md", "--output", "same.md"),
    ("validate", "--diff", "--suggest"),
    ("validate", "--diff", "--format", "json"),
)


def inputs(command: Any) -> Iterator[str]:
    """Yield missing files for the arguments of a command."""
    yield from (MISSING for param in command.params if param.param_type_name == "argument")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_an_output_or_a_value_that_cannot_be_is_refused_first(path: tuple[str, ...]) -> None:
    with folder() as here:
        (here / "folder").mkdir()
        (here / "notes.txt").touch()
        for option in options(COMMANDS[path]):
            name = option.opts[0]
            for value in FAULTS.get(name, ()):
                if not (name == "--output" and value == "out.xyz" and path in ANY_NAME):
                    refused(*path, f"{name}={value}", *inputs(COMMANDS[path]))
        assert sorted(entry.name for entry in here.iterdir()) == ["folder", "notes.txt"]


@pytest.mark.parametrize("line", CONFLICTS, ids=" ".join)
def test_options_that_contradict_each_other_are_refused_first(line: tuple[str, ...]) -> None:
    with folder() as here:
        refused(*line, MISSING)
        assert not list(here.iterdir())


def refused(*line: str) -> None:
    done = run_hostile(*line)
    assert done.code == 2, line
    assert "missing.yaml" not in done.stderr, (line, done.stderr)


def test_every_fault_is_that_of_an_option() -> None:
    known = {name for command in COMMANDS.values() for option in options(command) for name in option.opts}
    assert FAULTS.keys() <= known


def test_a_file_that_can_be_written_is_not_refused() -> None:
    with folder() as here:
        (here / "old.md").write_text("old", encoding="utf-8")
        for name in ("old.md", "new.md", "/dev/null"):
            done = run_hostile("pricing", "list", "--format=markdown", "--output", name)
            assert done.code == 0, done.stderr
        assert Path("old.md").read_text(encoding="utf-8").startswith("#")
