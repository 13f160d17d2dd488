"""Progress messages on stderr, for large tables and long computations."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from routecost.model.report.cells import Cell
from routecost.model.report.report import Report, Table

LONG = 100_000
"""Tables with more rows than this get progress messages."""

_UPDATES = 100
_CLEAR = "\r\x1b[K"


def watched(report: Report, file: Path | None) -> Report:
    """Return a report whose long tables print progress to stderr while their rows are read.

    Prints nothing if stderr is not a terminal, if NO_COLOR is set, or if the rows themselves go to
    a terminal because no ``file`` is given.
    """
    if not _is_terminal(sys.stderr) or os.environ.get("NO_COLOR"):
        return report
    if file is None and _is_terminal(sys.stdout):
        return report
    stderr = sys.stderr
    return replace(
        report,
        blocks=tuple(
            replace(block, rows=_with_progress(block.rows, block.count, stderr))
            if isinstance(block, Table) and block.count is not None and block.count > LONG
            else block
            for block in report.blocks
        ),
    )


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function that prints the number of ``what`` done to stderr, if that is a terminal."""
    if not _is_terminal(sys.stderr) or os.environ.get("NO_COLOR"):
        yield lambda _done, _count: None
        return
    stderr = sys.stderr

    def progress(done: int, count: int) -> None:
        if count >= _UPDATES and done % (count // _UPDATES) == 0:
            _print(stderr, f"{_CLEAR}{done:,} of {count:,} {what} ({done * 100 // count}%)")

    try:
        yield progress
    finally:
        _print(stderr, _CLEAR)


@contextmanager
def reading() -> Iterator[Callable[[int, int], None]]:
    """Yield a function that adds rows and bytes read, and prints the sums to stderr, if a terminal."""
    if not _is_terminal(sys.stderr) or os.environ.get("NO_COLOR"):
        yield lambda _rows, _size: None
        return
    stderr, done = sys.stderr, [0, 0]

    def progress(rows: int, size: int) -> None:
        done[0], done[1] = done[0] + rows, done[1] + size
        _print(stderr, f"{_CLEAR}{done[0]:,} rows, {done[1] / 1e6:,.1f} MB")

    try:
        yield progress
    finally:
        _print(stderr, _CLEAR)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _with_progress(rows: Iterable[Sequence[Cell]], count: int, stderr: TextIO) -> Iterator[Sequence[Cell]]:
    every = count // _UPDATES
    try:
        for at, row in enumerate(rows):
            if at % every == 0:
                _print(stderr, f"{_CLEAR}{at:,} of {count:,} rows ({at * 100 // count}%)")
            yield row
    finally:
        _print(stderr, _CLEAR)


def _print(stderr: TextIO, text: str) -> None:
    with suppress(OSError, ValueError):  # stderr is closed; keep writing rows
        stderr.write(text)
        stderr.flush()
