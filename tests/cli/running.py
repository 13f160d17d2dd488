"""Runs command lines: in this process, or in one of their own where signals and pipes matter."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from routecost.cli.app import run

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str


def routecost(*arguments: str) -> Done:
    """Run a command line in this process."""
    stdout, stderr = io.StringIO(), io.StringIO()
    code = run(arguments, stdout=stdout, stderr=stderr)
    return Done(code, stdout.getvalue(), stderr.getvalue())


def console_script(name: str) -> list[str]:
    """Return the command of an installed console script; its own folder is first on the search path."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    module, function = scripts[name].split(":")
    return [
        sys.executable,
        "-P",
        "-c",
        f"import sys; from {module} import {function}; sys.exit({function}())",
    ]


_EACH = """\
import io, json, sys
from routecost.cli.app import run
done = []
for arguments in json.loads(sys.argv[1]):
    stdout, stderr = io.StringIO(), io.StringIO()
    done.append((run(arguments, stdout=stdout, stderr=stderr), stdout.getvalue(), stderr.getvalue()))
print(json.dumps(done))
"""


def in_one_process(commands: Sequence[Sequence[str]], folder: Path) -> list[Done]:
    """Run command lines one after another in a folder and a process of their own."""
    words = [sys.executable, "-P", "-c", _EACH, json.dumps(commands)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert ended.returncode == 0, ended.stderr
    return [Done(*load) for load in json.loads(ended.stdout)]


def start(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start a command line in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen(
        [sys.executable, "-m", "routecost", *arguments], text=True, env=environment, **streams
    )


def finish(process: subprocess.Popen[str]) -> Done:
    """Wait for a started command line; one that does not end is stopped, and its pipes are closed."""
    with process:
        try:
            stdout, stderr = process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Done(process.returncode, stdout or "", stderr or "")
