"""The house of the design holds: the import contracts in pyproject.toml are kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT_IMPORTS], cwd=folder, capture_output=True, text=True, check=False
    )


def test_import_contracts_are_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


FAULTS = [
    ("units.py", "import routecost.engine", "routecost.units -> routecost.engine"),
    ("lint/__init__.py", "import routecost.report", "routecost.lint -> routecost.report"),
    ("engine/__init__.py", "import yaml", "routecost.engine -> yaml"),
    ("model/__init__.py", "import random", "routecost.model -> random"),
    ("cli/__init__.py", "import pydantic", "routecost.cli -> pydantic"),
]


def test_import_contracts_can_break(tmp_path: Path) -> None:
    done = lint_imports(_with_faults(tmp_path, FAULTS))
    assert done.returncode == 1
    assert [complaint for _, _, complaint in FAULTS if complaint not in done.stdout] == []


def test_a_module_without_a_place_breaks_a_contract(tmp_path: Path) -> None:
    done = lint_imports(_with_faults(tmp_path, [("attic.py", "", "")]))
    assert done.returncode == 1
    assert "routecost.attic" in done.stdout


def _with_faults(folder: Path, faults: list[tuple[str, str, str]]) -> Path:
    """Copy the sources with lines added to modules."""
    _copy_sources(folder)
    for module, code, _ in faults:
        with (folder / "routecost" / module).open("a", encoding="utf-8") as source:
            source.write(f"\n{code}\n")
    return folder


def _copy_sources(target: Path) -> None:
    (target / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    for source in (ROOT / "routecost").rglob("*.py"):
        copy = target / source.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(source.read_bytes())
