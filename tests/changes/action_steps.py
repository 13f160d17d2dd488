"""Steps of the action, run as a runner does: inputs and context in the environment, the script in bash."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
REAL = f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -P -m routecost "$@"'
_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


def step(name: str) -> dict[str, Any]:
    (named,) = [entry for entry in ACTION["runs"]["steps"] if entry.get("name") == name]
    return dict(named)


def filled(text: str, context: Mapping[str, str]) -> str:
    """Return a text with expressions such as ``${{ inputs.table }}`` replaced by their values."""
    return _EXPRESSION.sub(lambda match: context[match[1]], text)


def context_of(temp: Path, inputs: Mapping[str, str], **known: str) -> dict[str, str]:
    """Return the values of expressions in steps; ``known`` has those of an event."""
    base = {"github.action_path": str(ROOT), "runner.temp": str(temp), "github.token": "", **known}
    defaults = {key: filled(entry.get("default", ""), base) for key, entry in ACTION["inputs"].items()}
    return base | {f"inputs.{name}": value for name, value in (defaults | dict(inputs)).items()}


def install(folder: Path, program: str, text: str) -> Path:
    """Write a program of a test; its folder goes first on the PATH."""
    file = folder / "bin" / program
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return file.parent


def run_step(
    name: str, folder: Path, program_text: str = REAL, **inputs: str
) -> subprocess.CompletedProcess[str]:
    """Run a step with these inputs; ``folder`` holds the programs and temporary files of the runner."""
    return run_step_in(name, folder, context_of(folder, inputs), program_text)


def run_step_in(
    name: str, folder: Path, values: Mapping[str, str], program_text: str = REAL
) -> subprocess.CompletedProcess[str]:
    """Run a step with these values of expressions."""
    data = step(name)
    place = install(folder, "routecost", program_text)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{place}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        **{key: filled(text, values) for key, text in data["env"].items()},
    }
    where = filled(data.get("working-directory", ""), values) or None
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", data["run"]]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=where)
