"""The layers of the design hold: import contracts, no circle of files, small files and folders."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

MOST_LINES = 400
MOST_FILES = 16
ONE_FILE_EACH = {
    "routecost/lint/rules",
    "routecost/render/formats",
    "routecost/documents/strategies",
    "routecost/engine/strategies",
}
"""Folders with one file per rule, format or kind of strategy."""


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


@pytest.mark.slow
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


def test_no_circle_of_files_exists() -> None:
    assert circle(imports_of_files(ROOT)) is None


@pytest.mark.parametrize(
    "code",
    [
        "import routecost.units",
        "from routecost import units",
        "from routecost.units import ZERO",
        "def late() -> None:\n    from routecost.units import ZERO",
        "if TYPE_CHECKING:\n    from routecost.units import ZERO",
    ],
)
def test_a_circle_of_files_is_found(tmp_path: Path, code: str) -> None:
    (tmp_path / "routecost").mkdir()
    (tmp_path / "routecost/__init__.py").touch()
    (tmp_path / "routecost/units.py").write_text("import routecost.errors", encoding="utf-8")
    (tmp_path / "routecost/errors.py").write_text(code, encoding="utf-8")
    assert set(circle(imports_of_files(tmp_path)) or ()) == {"routecost.errors", "routecost.units"}


def circle(imports: Mapping[str, set[str]]) -> list[str] | None:
    """Return the files of a circle of imports, if there is one."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def imports_of_files(folder: Path) -> dict[str, set[str]]:
    """Return the files that each file imports, anywhere in it, also for type checking only."""
    files = {_module(source.relative_to(folder)): source for source in (folder / "routecost").rglob("*.py")}
    return {
        name: set(_imports(ast.parse(source.read_text(encoding="utf-8")), files)) - {name}
        for name, source in files.items()
    }


def _module(source: Path) -> str:
    parts = source.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all statements below a node, without the expressions in them."""
    for part in ("body", "orelse", "finalbody", "handlers", "cases"):
        below = getattr(node, part, ())
        for statement in below if isinstance(below, list) else ():
            yield statement
            yield from _statements(statement)


def _imports(code: ast.Module, files: Mapping[str, Path]) -> Iterator[str]:
    for node in _statements(code):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module in files:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in files else str(node.module) for name in names)


def test_files_and_folders_are_small() -> None:
    sources = [
        source for top in ("routecost", "tests", "benchmarks") for source in (ROOT / top).rglob("*.py")
    ]
    lengths = {source: len(source.read_text(encoding="utf-8").splitlines()) for source in sources}
    assert {str(source): lines for source, lines in lengths.items() if lines > MOST_LINES} == {}
    folders = Counter(source.parent.relative_to(ROOT).as_posix() for source in sources)
    crowded = {folder: files for folder, files in folders.items() if files > MOST_FILES}
    assert crowded.keys() <= ONE_FILE_EACH, crowded


def locals_that_say_nothing(path: Path) -> list[str]:
    code = path.read_text(encoding="utf-8")
    if "found" not in code and "made" not in code:
        return []
    tree = ast.parse(code)
    stored = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    names = [(node.lineno, node.id) for node in stored if isinstance(node.ctx, ast.Store)]
    return [f"{path.relative_to(ROOT)}:{line} {name}" for line, name in names if name in {"found", "made"}]


def test_local_variables_say_what_they_hold() -> None:
    package = sorted((ROOT / "routecost").rglob("*.py"))
    assert [place for path in package for place in locals_that_say_nothing(path)] == []
