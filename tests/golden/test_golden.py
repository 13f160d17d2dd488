"""Whole commands against what they are known to print.

A case is a folder in ``cases/``: ``cmd`` holds the arguments on one line, quoted as in a shell.
``stdout`` is what it prints; ``stderr`` is there if it says something, ``code`` if it is not 0.
The other files are the command's: it runs in a copy of the folder.
``make golden`` accepts what is printed now; read the diff before you commit it.
"""

from __future__ import annotations

import io
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from routecost.cli.app import run

CASES = Path(__file__).parent / "cases"
SLOW = {"report-support-desk", "optimize-text"}
"""Cases of half a second and more whose command has another case, and a page of the docs."""
EXPECTED = ("stdout", "stderr", "code")


@dataclass(frozen=True)
class Outcome:
    stdout: str
    stderr: str
    code: str

    @classmethod
    def read(cls, case: Path) -> Outcome:
        """Read what a case expects; what it leaves out is nothing, and a code of 0."""
        stdout, stderr, code = ((case / name) for name in EXPECTED)
        return cls(
            stdout.read_text(encoding="utf-8") if stdout.exists() else "",
            stderr.read_text(encoding="utf-8") if stderr.exists() else "",
            code.read_text(encoding="utf-8").strip() if code.exists() else "0",
        )

    def write(self, case: Path) -> None:
        """Make this what the case expects."""
        _write(case / "stdout", self.stdout)
        _write(case / "stderr", self.stderr)
        _write(case / "code", "" if self.code == "0" else f"{self.code}\n")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else [])
        for name in sorted(path.parent.name for path in CASES.glob("*/cmd"))
    ],
)
def test_golden(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    case = CASES / name
    monkeypatch.chdir(_workplace(case, tmp_path))
    outcome = _run(shlex.split((case / "cmd").read_text(encoding="utf-8")))
    if pytestconfig.getoption("--update-golden"):
        outcome.write(case)
    assert outcome == Outcome.read(case)


def test_every_folder_is_a_case() -> None:
    assert [path.name for path in CASES.iterdir() if not (path / "cmd").is_file()] == []


def test_expectations_survive_a_round_trip(tmp_path: Path) -> None:
    for outcome in (Outcome("table\n", "warning\n", "1"), Outcome("table\n", "", "0"), Outcome("", "", "2")):
        outcome.write(tmp_path)
        assert Outcome.read(tmp_path) == outcome


def _workplace(case: Path, tmp_path: Path) -> Path:
    # Expectations stay behind, so that no command can read or overwrite them.
    return Path(shutil.copytree(case, tmp_path / case.name, ignore=shutil.ignore_patterns("cmd", *EXPECTED)))


def _run(arguments: list[str]) -> Outcome:
    stdout, stderr = io.StringIO(), io.StringIO()
    code = run(arguments, stdout=stdout, stderr=stderr)
    return Outcome(stdout.getvalue(), stderr.getvalue(), str(code))


def _write(path: Path, text: str) -> None:
    if text:
        path.write_text(text, encoding="utf-8", newline="\n")
    else:
        path.unlink(missing_ok=True)
