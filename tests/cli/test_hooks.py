"""What pre-commit runs: the hooks, as far as that goes without a network."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from datetime import date
from pathlib import Path

import pytest
import yaml

from routecost.cli.pre_commit import main
from tests.changes.repository import FILES, change
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
def test_the_hook_judges_each_table() -> None:
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
        (["validate", "tables/agent-fleet.yaml"], 1),
        (["validate", "tables/agent-fleet.yaml", "--fail-on=never"], 0),
        (["check", "tables/agent-fleet.yaml"], 0),
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
        ("routecost-validate", "pricing/ours.yaml", True),
        ("routecost-validate", "docs/ours.yaml", False),
        ("routecost-check", "scenario.yaml", True),
        ("routecost-check", "scenarios/fleet.yaml", True),
        ("routecost-check", "tables/fleet.yaml", True),
        ("routecost-check", "deep/evidence/measured.yml", True),
        ("routecost-check", "my-scenario.yaml", False),
    ],
)
def test_hooks_take_the_files_that_they_can_judge(name: str, path: str, taken: bool) -> None:
    (definition,) = [entry for entry in HOOKS if entry["id"] == name]
    assert (re.search(definition["files"], path) is not None) == taken


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_change_of_a_taxonomy_alone_judges_its_tables(fleet: Path) -> None:
    file = "tables/fleet-tasks.yaml"
    assert main(["validate", file]) == 0
    more = "  new: {title: New, reasoning: low, ambiguity: low, stakes: low, tiers: [small]}\n"
    (fleet / file).write_text((fleet / file).read_text() + more)
    assert main(["validate", file]) == 1


def test_a_change_of_a_base_of_a_taxonomy_judges_the_tables(fleet: Path) -> None:
    (fleet / "tables" / "base.yaml").write_text(FILES["tables/fleet-tasks.yaml"])
    (fleet / "tables" / "fleet-tasks.yaml").write_text("version: 1\nextends: ./base.yaml\ntask_types: {}\n")
    assert main(["validate", "tables/base.yaml"]) == 0
    change(fleet, "tables/base.yaml", "  sort:", "  sorting:")
    assert main(["validate", "tables/base.yaml"]) == 1


def test_a_change_of_a_sheet_or_a_table_judges_the_scenarios(fleet: Path) -> None:
    claim = "claims: [{that: strategies.routed.cost_per_month, is: 312}]\n"
    change(fleet, "scenarios/fleet.yaml", "version: 1", f"version: 1\n{claim}")
    for file in ("pricing/ours.yaml", "tables/routing.yaml", "tables/fleet-tasks.yaml"):
        assert main(["check", file]) == 0
    change(fleet, "pricing/ours.yaml", "input: 10,", "input: 11,")
    for file in ("pricing/ours.yaml", "tables/routing.yaml"):
        assert main(["check", file]) == 1
    (fleet / "pricing" / "other.yaml").write_text(FILES["pricing/ours.yaml"])
    assert main(["check", "pricing/other.yaml"]) == 0, "no scenario depends on it"


def test_a_change_of_a_file_that_an_option_names_judges_all(fleet: Path) -> None:
    (fleet / "evidence").mkdir()
    file = fleet / "evidence" / "measured.yaml"
    row = f"{{task: plan, tier: large, successes: 10, trials: 100, evaluated: {date.today()}}}"
    file.write_text(f"version: 1\nevidence: [{row}]\n")
    assert main(["validate", "evidence/measured.yaml"]) == 0, "no table depends on it"
    assert main(["validate", "--evidence=evidence/measured.yaml", "evidence/measured.yaml"]) == 1
