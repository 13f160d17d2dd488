"""One command for each of several files, as hooks want it.

Run as ``python -m routecost.cli.pre_commit validate FILES``.

What starts with a dash goes to every run of the command, so values are written ``--name=value``.
Files of another kind, such as a taxonomy beside tables, are passed over.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from routecost.cli.app import BAD_INPUT, run
from routecost.cli.output import say
from routecost.errors import UsageError

KINDS = {"validate": "routes", "check": "strategies"}
"""Command -> the key by which its documents are known."""

_OTHERS = {"routes", "strategies", "task_types", "evidence", "models"}


def main(arguments: Sequence[str]) -> int:
    """Run the command for each file and return the gravest exit code."""
    command, *rest = arguments or [""]
    if command not in KINDS:
        say(f'error: "{command}" is no command of hooks; expected {" or ".join(KINDS)}')
        return BAD_INPUT
    options = [word for word in rest if word.startswith("-")]
    files = [word for word in rest if not word.startswith("-")]
    codes = [run([command, _path(file), *options]) for file in files if _is_of_kind(file, KINDS[command])]
    return max(codes, default=0)


def _path(file: str) -> str:
    """Return a path that nothing takes for a name."""
    return file if "/" in file or "\\" in file else f"./{file}"


def _is_of_kind(file: str, key: str) -> bool:
    """Tell by the keys. What is of no other kind either is left to the command, which says why."""
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
