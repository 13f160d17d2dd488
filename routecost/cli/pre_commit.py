"""Run one command per file, for pre-commit hooks.

Run as ``routecost-pre-commit validate FILES``, a console script, because ``python -m`` would import
modules from the repository that is checked.

Arguments that start with a dash go to every run, so values must be written ``--name=value``. One that
is the name of a file is a file. For a document of another kind, such as a taxonomy, the command runs for
the documents below the working folder that depend on it; for one that an option names, for all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from routecost.cli.app import BAD_INPUT, end_with, run
from routecost.cli.output import say
from routecost.errors import UsageError

KINDS = {"validate": "routes", "check": "strategies"}
"""Command -> the key that identifies its documents."""

_OWN_FOLDER = {"validate": "tables", "check": "scenarios"}

_OTHERS = {"routes", "strategies", "task_types", "evidence", "models"}


def main(arguments: Sequence[str]) -> int:
    """Run the command for each file and return the highest exit code."""
    command, *rest = arguments or [""]
    if command not in KINDS:
        say(f'error: "{command}" is not a hook command; expected {" or ".join(KINDS)}')
        return BAD_INPUT
    options = [word for word in rest if _is_option(word)]
    files = [word for word in rest if not _is_option(word)]
    codes = [run([command, *options, "--", _path(file)]) for file in _judged(command, options, files)]
    return max(codes, default=0)


def _judged(command: str, options: Sequence[str], files: Sequence[str]) -> list[str]:
    """Return the files of the command's kind, and those that the others make doubtful."""
    key = KINDS[command]
    own = [file for file in files if _is_of_kind(file, key, command)]
    others = [file for file in files if file not in own]
    if not others:
        return own
    from routecost.api.changes.dependents import all_of, dependents

    named = {os.path.realpath(word.partition("=")[2]) for word in options if "=" in word}
    is_named = not named.isdisjoint(map(os.path.realpath, others))
    doubtful = all_of(key, Path()) if is_named else dependents(others, key, Path())
    known = set(map(os.path.realpath, own))
    return [*own, *(file for file in doubtful if os.path.realpath(file) not in known)]


def script() -> None:
    """Run the process's command line."""
    end_with(lambda: main(sys.argv[1:]))


def _is_option(word: str) -> bool:
    """Return whether a word is an option, not a file such as ``--output=x/tables/a.yaml``."""
    return word.startswith("-") and not os.path.lexists(word)


def _path(file: str) -> str:
    """Return a path that cannot be mistaken for a name."""
    return file if "/" in file or "\\" in file else f"./{file}"


def _is_of_kind(file: str, key: str, command: str) -> bool:
    """Return whether a file has the key, or in a folder of the kind no key of another kind.

    The command reports the errors of such files.
    """
    from routecost.source import read_file

    is_own = _OWN_FOLDER[command] in Path(file).parts[:-1] or (command == "check" and "/" not in file)
    try:
        document, _ = read_file(Path(file))
    except UsageError:
        return True
    data = None if document is None else document.data
    keys = set(data) if isinstance(data, dict) else set()
    return key in keys or (is_own and not keys & _OTHERS)
