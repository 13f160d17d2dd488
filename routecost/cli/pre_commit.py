"""Run one command per file, for pre-commit hooks.

Run as ``python -m routecost.cli.pre_commit validate FILES``.

Arguments that start with a dash go to every run, so values must be written ``--name=value``.
Documents of another kind, such as a taxonomy, are skipped.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from routecost.cli.app import BAD_INPUT, run
from routecost.cli.output import say
from routecost.errors import UsageError

KINDS = {"validate": "routes", "check": "strategies"}
"""Command -> the key that identifies its documents."""

_OTHERS = {"routes", "strategies", "task_types", "evidence", "models"}


def main(arguments: Sequence[str]) -> int:
    """Run the command for each file and return the highest exit code."""
    command, *rest = arguments or [""]
    if command not in KINDS:
        say(f'error: "{command}" is not a hook command; expected {" or ".join(KINDS)}')
        return BAD_INPUT
    options = [word for word in rest if word.startswith("-")]
    files = [word for word in rest if not word.startswith("-")]
    codes = [run([command, _path(file), *options]) for file in files if _is_of_kind(file, KINDS[command])]
    return max(codes, default=0)


def _path(file: str) -> str:
    """Return a path that cannot be mistaken for a name."""
    return file if "/" in file or "\\" in file else f"./{file}"


def _is_of_kind(file: str, key: str) -> bool:
    """Return whether a file has the key, or no key of another kind; the command reports its errors."""
    from routecost.source import read_file

    try:
        document, _ = read_file(Path(file))
    except UsageError:
        return True
    data = None if document is None else document.data
    keys = set(data) if isinstance(data, dict) else set()
    return key in keys or not keys & _OTHERS


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
