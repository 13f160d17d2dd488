"""Measure what each extra installs, for docs/install.md.

``.ci/extra_sizes.py [EXTRA...]``: without names, all extras for users are measured. The table keeps the
other rows; each row has its date.
"""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "install.md"
FOR_DEVELOPERS = {"bench", "dev", "docs", "engines", "fuzz", "release", "test"}
NONE = "(none)"
ROW = re.compile(
    r"^\| `?(?P<name>[\w()-]+)`? \| (?P<purpose>[^|]+) \| (?P<size>[^|]*) \| (?P<day>[^|]*) \|$", re.MULTILINE
)


def extras() -> list[str]:
    """Return the extras for users, in the order of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [name for name in project["optional-dependencies"] if name not in FOR_DEVELOPERS]


def main() -> None:
    wanted = sys.argv[1:] or extras()
    text = PAGE.read_text(encoding="utf-8")
    measured = {name: _bytes(name) for name in [NONE, *wanted]}
    for name, size in measured.items():
        more = size if name == NONE else size - measured[NONE]
        text = _with_row(text, name, f"{more / 1e6:,.0f} MB", date.today().isoformat())
    system = f"Python {platform.python_version()} on {platform.system()} ({platform.machine()})"
    PAGE.write_text(re.sub(r"(?m)^Measured with .*$", f"Measured with {system}.", text), encoding="utf-8")


def _with_row(text: str, name: str, size: str, day: str) -> str:
    for row in ROW.finditer(text):
        if row["name"] == name:
            shown = name if name == NONE else f"`{name}`"
            return text.replace(row[0], f"| {shown} | {row['purpose']} | {size} | {day} |")
    sys.exit(f"error: {PAGE.name} has no row for the extra {name}; add one that states its purpose")


def _bytes(extra: str) -> int:
    """Return the size of the packages that an extra installs, with those of routecost, uncompiled."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        site = next(Path(folder).glob("lib/python*/site-packages"))
        before = _size(site)
        target = str(ROOT) if extra == NONE else f"{ROOT}[{extra}]"
        pip = [f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "--no-compile"]
        subprocess.run([*pip, "--constraint", str(ROOT / "constraints.txt"), target], check=True)
        size = _size(site) - before
    print(f"{extra}: {size / 1e6:,.0f} MB")
    return size


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")


if __name__ == "__main__":
    main()
