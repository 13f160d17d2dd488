"""One call of a tool, as a process of its own: ``python -P -m routecost.cli.agents.call``.

The process reads a request from stdin, may read nothing but ordinary files in the folders, and writes an
answer to stdout. It bounds its memory, its time and its output.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Any

from routecost.cli.agents.tools import tool_named
from routecost.cli.app import BAD_INPUT, FINDINGS, prepare_process, run
from routecost.errors import RoutecostError, UsageError
from routecost.file_access import confined_to, refuse_outside
from routecost.library import KINDS, built_in_root, looks_like_path
from routecost.records import dataclass

MOST_ROWS = 1_000
MOST_CHARACTERS = 2_000_000
MOST_NOTES = 20_000
TIME_LIMIT = 60
"""Seconds of processor time, and of waiting."""
MEMORY_LIMIT = 4 << 30


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a call: the JSON text of a result or None, and messages for the caller."""

    result: str | None
    notes: str


class _Bounded(io.StringIO):
    """Text that refuses to become too long, once: what follows is dropped."""

    is_full = False

    def write(self, text: str, /) -> int:
        if self.is_full:
            return len(text)
        if self.tell() + len(text) > MOST_CHARACTERS:
            self.is_full = True
            raise _too_large(f"more than {MOST_CHARACTERS:,} characters")
        return super().write(text)


def _too_large(size: str) -> UsageError:
    return UsageError(f"the result has {size}; at most {MOST_ROWS:,} rows are sent: ask for less")


def answer(
    tool: str, arguments: Mapping[str, object], folders: Sequence[Path], library: Path | None = None
) -> Answer:
    """Return the answer to a call that may read files in the folders, the library and the built-ins only.

    Relative paths are relative to the working directory.
    """
    own = [] if library is None else [library]
    with confined_to([*folders, *own, *(built_in_root() / kind for kind in KINDS)]):
        try:
            chosen = tool_named(tool)
            words = chosen.words(arguments)
            for name in chosen.documents(arguments):
                if looks_like_path(name):
                    refuse_outside(Path(name))
            _refuse_large_grid(arguments.get("over"))
        except RoutecostError as error:
            return Answer(None, f"error: {error}")
        if library is not None:
            words.insert(len(chosen.command), f"--library={library}")
        return _run(words)


def _refuse_large_grid(over: object) -> None:
    """Raise UsageError for the axes of a sweep whose grid would be too large, before it is priced."""
    if isinstance(over, list):
        from routecost.model.results.sensitivity import read_axes

        points = prod(len(axis.values) for axis in read_axes(over))
        if points > MOST_ROWS:
            raise _too_large(f"{points:,} points")


def _run(words: list[str]) -> Answer:
    stdout, stderr = _Bounded(), io.StringIO()
    code = run(words, stdout=stdout, stderr=stderr)
    notes = _shortened(stderr.getvalue())
    if code <= FINDINGS:
        rows = _most_rows(stdout.getvalue())
        if rows <= MOST_ROWS:
            return Answer(stdout.getvalue(), notes)
        return Answer(None, f"error: {_too_large(f'{rows:,} rows')}")
    if code == BAD_INPUT or notes.startswith("error:"):
        return Answer(None, notes)
    sys.stderr.write(stderr.getvalue())
    return Answer(None, "error: an internal error of routecost; the log of the server has its traceback")


def _most_rows(text: str) -> int:
    tables = [value for value in json.loads(text).values() if isinstance(value, list)]
    return max(map(len, tables), default=0)


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_NOTES else f"{text[:MOST_NOTES]}\n... and more"


def main() -> None:
    """Answer the request on stdin."""
    prepare_process()
    _limit()
    request: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    library = request["library"]
    given = answer(
        request["tool"],
        request["arguments"],
        [Path(folder) for folder in request["folders"]],
        None if library is None else Path(library),
    )
    sys.stdout.write(json.dumps({"result": given.result, "notes": given.notes}))


def _limit() -> None:
    """Limit the memory and the processor time of this process, where the system can."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (TIME_LIMIT, TIME_LIMIT + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


if __name__ == "__main__":
    main()
