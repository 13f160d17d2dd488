"""Build the distributions, check them, install the wheel alone, and load every built-in by name.

With ``--other-pythons``, the wheel is installed on each other Python from 3.11 to 3.14 that is here instead;
versions that are not here are named.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT_IN = {
    "pricing": "*.yaml",
    "tables": "*.yaml",
    "scenarios": "*.yaml",
    "plans": "*.yaml",
    "mappings": "*.yaml",
    "schemas": "*.json",
    "schemas/output": "*.json",
}
TYPES = {"routecost/__init__.pyi", "routecost/py.typed"}
AFTER_EVERY_PRICE = "2999-12-31"
VERSIONS = [(3, minor) for minor in range(11, 15)]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = _build(folder)
        if sys.argv[1:] == ["--other-pythons"]:
            _check_other_pythons(wheel, folder)
            return
        _check_contents(wheel)
        _check_files(wheel.parent)
        routecost = _install(wheel, sys.executable, folder / "venv")
        for arguments in _commands():
            _run([str(routecost), *arguments], folder)
    print(f"{wheel.name} contains and loads every built-in")


def _check_other_pythons(wheel: Path, folder: Path) -> None:
    own = sys.version_info[:2]
    pythons = {version: interpreter(version) for version in VERSIONS if version != own}
    for version, python in pythons.items():
        if python is not None:
            routecost = _install(wheel, python, folder / f"venv{version[1]}")
            for arguments in (["--version"], ["compare", "article-fleet"], ["compare", "uncertain-fleet"]):
                _run([str(routecost), *arguments], folder)
        said = "is not here: not tested" if python is None else f"{wheel.name} installs and runs"
        print(f"Python {version[0]}.{version[1]}: {said}")


def interpreter(version: tuple[int, int]) -> str | None:
    """Return an interpreter of a version that runs: on the search path, of pyenv or of uv."""
    name = f"python{version[0]}.{version[1]}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", Path.home() / ".local/share/uv/python"))
    own = sorted(str(path) for folder in (pyenv, uv) for path in folder.glob(f"*/bin/{name}"))
    for candidate in [shutil.which(name), *own]:
        if candidate is not None:
            test = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != {version})"
            if subprocess.run([candidate, "-c", test], capture_output=True, check=False).returncode == 0:
                return candidate
    return None


def _build(folder: Path) -> Path:
    """Return the wheel that is built from the source distribution; that of the tree has the same files."""
    dist, direct = folder / "dist", folder / "direct"
    _run([sys.executable, "-m", "build", "--outdir", str(dist), str(ROOT)], ROOT)
    _run([sys.executable, "-m", "build", "--wheel", "--outdir", str(direct), str(ROOT)], ROOT)
    (wheel,), (other,) = dist.glob("*.whl"), direct.glob("*.whl")
    contents, expected = _contents(wheel), _contents(other)
    different = sorted(
        name for name in contents.keys() | expected.keys() if contents.get(name) != expected.get(name)
    )
    if different:
        sys.exit(f"error: the wheel of the sdist differs from that of the tree: {', '.join(different)}")
    return wheel


def _contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _check_contents(wheel: Path) -> None:
    expected = TYPES | {
        f"routecost/_data/{folder}/{file.name}" for folder in BUILT_IN for file in _built_ins(folder)
    }
    missing = expected - _contents(wheel).keys()
    if missing:
        sys.exit(f"error: {wheel.name} lacks {', '.join(sorted(missing))}")


def _check_files(dist: Path) -> None:
    """Check the metadata and the README as an index would show it, and the layout of the wheel."""
    _run([sys.executable, "-m", "twine", "check", "--strict", *map(str, sorted(dist.iterdir()))], dist)
    (wheel,) = dist.glob("*.whl")
    # W002 is about packages whose __init__.py have the same docstring.
    layout = [sys.executable, "-m", "check_wheel_contents", "--toplevel", "routecost", "--ignore", "W002"]
    _run([*layout, str(wheel)], dist)


def _install(wheel: Path, python: str, environment: Path) -> Path:
    _run([python, "-m", "venv", str(environment)], wheel.parent)
    scripts = environment / "bin"
    pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel)], environment)
    _run([str(scripts / "python"), "-c", "import routecost; routecost.compare('article-fleet')"], environment)
    return scripts / "routecost"


def _commands() -> Iterator[list[str]]:
    for scenario in _built_ins("scenarios"):
        yield ["compare", scenario.stem]
    yield ["schema", "routecost.compare/1"]
    yield ["init", "fleet", "--yes"]
    for plan in _built_ins("plans"):
        yield ["plan", plan.stem]
    for sheet in _built_ins("pricing"):
        yield ["pricing", "show", sheet.stem, "--as-of", AFTER_EVERY_PRICE]


def _built_ins(folder: str) -> list[Path]:
    return sorted((ROOT / folder).glob(BUILT_IN[folder]))


def _run(command: list[str], folder: Path) -> None:
    # The environment must not lend the checkout or a library of the user's own.
    kept = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "ROUTECOST_LIBRARY"}}
    done = subprocess.run(
        command, cwd=folder, env=kept, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"error: {' '.join(command)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
