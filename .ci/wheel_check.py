"""Build the wheel, install it into an empty environment, and load every built-in by name."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheel = _build(Path(folder) / "dist")
        _check_contents(wheel)
        routecost = _install(wheel, Path(folder) / "venv")
        python = str(routecost.with_name("python"))
        _run([python, "-c", "import routecost; routecost.compare('article-fleet')"], Path(folder))
        for arguments in _commands():
            _run([str(routecost), *arguments], Path(folder))
    print(f"{wheel.name} contains and loads every built-in")


def _build(dist: Path) -> Path:
    # Building the wheel from the source distribution proves that one too.
    _run([sys.executable, "-m", "build", "--outdir", str(dist), str(ROOT)], ROOT)
    (wheel,) = dist.glob("*.whl")
    return wheel


def _check_contents(wheel: Path) -> None:
    expected = TYPES | {
        f"routecost/_data/{folder}/{file.name}" for folder in BUILT_IN for file in _built_ins(folder)
    }
    with zipfile.ZipFile(wheel) as archive:
        missing = expected - set(archive.namelist())
    if missing:
        sys.exit(f"error: {wheel.name} lacks {', '.join(sorted(missing))}")


def _install(wheel: Path, environment: Path) -> Path:
    venv.create(environment, with_pip=True)
    scripts = environment / "bin"
    pip = [str(scripts / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "--constraint", str(ROOT / "constraints.txt"), str(wheel)], environment)
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
