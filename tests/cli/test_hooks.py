"""What pre-commit runs: the hooks, as far as that goes without a network."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml

from routecost.cli.pre_commit import main
from tests.cli.conftest import FAULTY
from tests.cli.running import console_script

ROOT = Path(__file__).resolve().parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))


def hook(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does: its entry, args, then all files at once."""
    (definition,) = [entry for entry in HOOKS if entry["id"] == name]
    words = shlex.split(definition["entry"])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*console_script(words[0]), *words[1:], *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.usefixtures("project")
def test_the_hook_judges_each_table_and_passes_over_taxonomies() -> None:
    run = hook("routecost-validate", "tables/clean.yaml", "tables/agent-fleet.yaml", "tables/faulty.yaml")
    assert run.returncode == 1
    assert "tables/faulty.yaml:9:21: RT301" in run.stdout
    assert "clean: checked against agent-fleet" in run.stdout
    assert run.stderr == ""


@pytest.mark.usefixtures("project")
def test_the_hooks_of_scenarios_check_claims() -> None:
    assert hook("routecost-check", "scenario.yaml").returncode == 0
    assert hook("routecost-check", "--pricing=claude-2026-11", "scenario.yaml").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["validate"], 0),
        (["validate", "tables/clean.yaml", "--fail-on=never"], 0),
        (["validate", "--fail-on=never", "tables/faulty.yaml"], 0),
        (["validate", "tables/agent-fleet.yaml"], 0),
        (["validate", "no-such-table.yaml"], 2),
        (["compare", "scenario.yaml"], 2),
        ([], 2),
    ],
)
@pytest.mark.usefixtures("project")
def test_each_returns_the_gravest_code(arguments: list[str], code: int) -> None:
    assert main(arguments) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (FAULTY, 1),
        (FAULTY.replace("routes:", "routs:"), 2),
        ("", 2),
        ("routes: [", 2),
        ("[]", 2),
        ("{version: 1, taxonomy: agent-fleet, routes: []}", 1),
        ("{version: 1, tiers: [haiku], task_types: {}}", 0),
        ("version: 1\nevidence: []\n", 0),
        ("version: 1\nevidence: []\nroutes: []\n", 2),
    ],
)
def test_only_what_is_of_another_kind_is_passed_over(project: Path, text: str, code: int) -> None:
    (project / "tables" / "new.yaml").write_text(text)
    assert main(["validate", "tables/new.yaml"]) == code


@pytest.mark.parametrize(
    ("name", "path", "taken"),
    [
        ("routecost-validate", "tables/routing.yaml", True),
        ("routecost-validate", "deep/tables/routing.yml", True),
        ("routecost-validate", "tables/notes.md", False),
        ("routecost-validate", "pricing/ours.yaml", False),
        ("routecost-check", "scenario.yaml", True),
        ("routecost-check", "scenarios/fleet.yaml", True),
        ("routecost-check", "tables/fleet.yaml", False),
    ],
)
def test_hooks_take_the_files_that_they_can_judge(name: str, path: str, taken: bool) -> None:
    (definition,) = [entry for entry in HOOKS if entry["id"] == name]
    assert (re.search(definition["files"], path) is not None) == taken
