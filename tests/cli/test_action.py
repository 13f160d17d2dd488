"""What GitHub runs: the action and the example workflow, as far as that goes without a network."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from routecost.cli.app import run
from tests.changes.action_steps import ACTION, context_of, filled, run_step, step
from tests.cli.running import Done, routecost

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = yaml.safe_load((ROOT / "docs" / "workflows" / "routecost.yml").read_text(encoding="utf-8"))


RECORDED = """printf '%s\\0' "$@" """


def in_process(name: str, folder: Path, **inputs: str) -> Done:
    """Run here what a step would start."""
    arguments = run_step(name, folder, RECORDED, **inputs).stdout.split("\0")[:-1]
    return routecost(*arguments)


def test_the_action_annotates_the_lines_at_fault(project: Path) -> None:
    result = run_step("routecost validate", project, table="tables/faulty.yaml")
    assert result.returncode == 1
    assert (
        "::error file=tables/faulty.yaml,line=9,col=21,title=RT301 escalation-skips-tier::" in result.stdout
    )
    assert run_step("routecost validate", project, table="tables/clean.yaml").returncode == 0
    never = {"table": "tables/faulty.yaml", "fail-on": "never"}
    assert run_step("routecost validate", project, **never).returncode == 0


def test_the_action_hands_on_all_its_inputs(project: Path) -> None:
    scenario = {"scenario": "scenario.yaml", "pricing": "claude-2026-11"}
    result = in_process("routecost validate", project, table="tables/clean.yaml", **scenario)
    assert "RT504" in result.stdout
    assert in_process("routecost check", project, **scenario).code == 1
    assert in_process("routecost check", project, scenario="scenario.yaml").code == 0
    nothing = {"evidence": "no.yaml", "baseline-file": "no.json", "taxonomy": "./no.yaml"}
    for key, value in nothing.items():
        result = in_process("routecost validate", project, **{"table": "tables/clean.yaml", key: value})
        assert (result.code, "cannot read" in result.stderr) == (2, True)


def test_the_action_hands_on_days_rules_and_folders(tmp_path: Path) -> None:
    inputs = {"as-of": "2026-01-02", "select": "RT3, RT401", "taxonomy": "./t.yaml", "library": "lib"}
    words = run_step("routecost validate", tmp_path, RECORDED, table="x", **inputs).stdout.split("\0")
    options = dict.fromkeys(pairwise(words))
    for pair in (("--as-of", "2026-01-02"), ("--select", "RT3"), ("--select", "RT401"), ("--library", "lib")):
        assert pair in options
    assert ("--taxonomy", "./t.yaml") in options
    words = run_step("routecost check", tmp_path, RECORDED, scenario="x", **inputs).stdout.split("\0")
    assert words[:-1] == ["check", "--as-of", "2026-01-02", "--library", "lib", "--", "x"]


@pytest.mark.slow
def test_the_action_writes_sarif_for_code_scanning(project: Path) -> None:
    result = run_step("routecost validate", project, table="tables/faulty.yaml", sarif="true")
    assert result.returncode == 1
    assert (project / "output").read_text() == "sarif=true\n"
    log = json.loads((project / "routecost.sarif").read_text(encoding="utf-8"))
    assert [row["ruleId"] for row in log["runs"][0]["results"]] == ["RT301"]
    uploaded = step("upload findings")["with"]["sarif_file"]
    assert filled(uploaded, context_of(project, {})) == str(project / "routecost.sarif")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["routecost validate", pytest.param("routecost check", marks=pytest.mark.slow)]
)
def test_problems_of_the_input_are_annotated(project: Path, name: str) -> None:
    (project / "tables" / "broken.yaml").write_text("version: 1\ntaxonomy: agent-fleet\nroutes: 5\n")
    scenario = "version: 1\npricing: claude-article\nworkload: 5\nstrategies: {a: {tier: haiku}}\n"
    (project / "broken.yaml").write_text(scenario)
    result = run_step(name, project, table="tables/broken.yaml", scenario="./broken.yaml")
    assert result.returncode == 2
    assert "::error file=broken.yaml,line=3,col=11,title=routecost::" in result.stderr
    result = run_step(name, project, table="no-such", scenario="no-such")
    assert result.returncode == 2
    assert re.search(r'^::error::no (table|scenario) named "no-such"', result.stderr, re.MULTILINE)


def test_the_action_installs_the_routecost_that_it_came_with(tmp_path: Path) -> None:
    (tmp_path / "python").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (tmp_path / "python").chmod(0o755)
    step_data = step("install routecost")
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    environment |= {name: filled(text, context_of(tmp_path, {})) for name, text in step_data["env"].items()}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step_data["run"]],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    pip = ["-I", "-m", "pip", "install", "--quiet"]
    hashed = ["--require-hashes", "--only-binary", ":all:", "--requirement", ".ci/action-requirements.txt"]
    only = ["--no-deps", "--no-build-isolation", str(ROOT)]
    assert done.stdout.split("\n")[:-1] == [*pip, *hashed, *pip, *only]
    assert step_data["working-directory"] == "${{ github.action_path }}", "not the repository that is checked"


def test_what_the_action_uses_is_pinned() -> None:
    for steps in (ACTION["runs"]["steps"], WORKFLOW["jobs"]["routecost"]["steps"]):
        used = [made["uses"] for made in steps if "uses" in made and not made["uses"].startswith("OWNER/")]
        assert used
        assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) for name in used)


def test_the_action_pins_the_tested_versions_of_its_packages() -> None:
    text = (ROOT / ".ci" / "action-requirements.txt").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    tested = re.findall(r"^([\w.-]+)==([\w.]+)", constraints, re.MULTILINE)
    versions = {name.lower().replace("_", "-"): version for name, version in tested}
    needed = re.findall(r'^    "(\w+)>=', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"matplotlib", "pandas", "pydantic", "pyyaml", "tabulate", "typer"} <= pinned.keys() & set(needed)
    assert all(versions.get(name, version) == version for name, version in pinned.items())
    assert text.count("==") <= text.count("--hash=sha256:")


def test_steps_run_where_their_input_is_given() -> None:
    steps = ACTION["runs"]["steps"]
    pull = "github.event_name == 'pull_request'"
    conditions = {entry.get("name", entry.get("uses")): entry.get("if") for entry in steps}
    assert conditions == {
        ACTION["runs"]["steps"][0]["uses"]: None,
        "install routecost": None,
        "routecost validate": "inputs.table != ''",
        # also after findings: both are wanted on a pull request
        "routecost check": "inputs.scenario != '' && !cancelled()",
        "upload findings": "steps.validate.outputs.sarif == 'true' && !cancelled()",
        "routecost diff": f"{pull} && inputs.diff != 'never' && !cancelled()",
        "comment": f"{pull} && inputs.diff != 'never' && inputs.comment == 'true' && !cancelled()",
    }
    handed = {named for entry in steps for named in re.findall(r"inputs\.([\w-]+)", str(entry))}
    assert handed == set(ACTION["inputs"])


def test_no_input_reaches_a_script_but_by_the_environment(project: Path) -> None:
    assert not any("${{" in entry.get("run", "") for entry in ACTION["runs"]["steps"])
    result = run_step("routecost validate", project, table="$(touch owned); tables/clean.yaml")
    assert result.returncode == 2
    assert not (project / "owned").exists()


def test_the_example_workflow_uses_inputs_that_the_action_has() -> None:
    used = [entry["with"] for entry in WORKFLOW["jobs"]["routecost"]["steps"] if "with" in entry]
    assert used
    assert all(set(given) <= set(ACTION["inputs"]) for given in used)


def test_the_workflow_of_prices_runs_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("genai_prices", reason="prices are taken from it")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "workflows" / "prices.yml").read_text(encoding="utf-8")
    steps = yaml.safe_load(text)["jobs"]["update"]["steps"]
    (line,) = [
        line for step in steps for line in step.get("run", "").splitlines() if "pricing update" in line
    ]
    words = line.partition(" 2>")[0].replace("$RUNNER_TEMP", ".").split()
    for folder in ("pricing", "scenarios"):
        Path(folder).mkdir()
    Path("pricing/ours.yaml").write_text(
        "version: 1\ncurrency: USD\nsource: x\ntiers: {small: gpt-5}\n"
        "models: {gpt-5: [{input: 9, output: 10}]}\n"
    )
    Path("scenarios/fleet.yaml").write_text(
        "version: 1\npricing: ../pricing/ours.yaml\nstrategies: {all: {tier: small}}\n"
        "workload: {tasks_per_day: 1, tokens: {input: 9, output: 1}}\n"
    )
    assert words[0] == "routecost"
    assert run(words[1:], stdout=io.StringIO(), stderr=io.StringIO()) == 0
    assert "| fleet      | all " in Path("update.md").read_text(encoding="utf-8")
    assert "input: 1.25" in Path("pricing/ours.yaml").read_text(encoding="utf-8")
