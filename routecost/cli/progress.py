"""How far the writing of a large table is, for people who wait for it at a terminal."""

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
"""A table of more rows than this takes long enough to be watched."""

_UPDATES = 100
_CLEAR = "\r\x1b[K"


def watched(report: Report, file: Path | None) -> Report:
    """Return a report whose long tables tell stderr how far they are as their rows are read.

    Says nothing where stderr is no terminal, with NO_COLOR, and where no ``file`` is given and the
    rows themselves go to a terminal.
    """
    if not _is_terminal(sys.stderr) or os.environ.get("NO_COLOR"):
        return report
    if file is None and _is_terminal(sys.stdout):
        return report
    stderr = sys.stderr
    return replace(
        report,
        blocks=tuple(
            replace(block, rows=_told(block.rows, block.count, stderr))
            if isinstance(block, Table) and block.count is not None and block.count > LONG
            else block
            for block in report.blocks
        ),
    )


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that tells stderr how many of how many ``what`` are done, where somebody sees it."""
    if not _is_terminal(sys.stderr) or os.environ.get("NO_COLOR"):
        yield lambda _done, _count: None
        return
    stderr = sys.stderr

    def tell(done: int, count: int) -> None:
        if count >= _UPDATES and done % (count // _UPDATES) == 0:
            _tell(stderr, f"{_CLEAR}{done:,} of {count:,} {what} ({done * 100 // count}%)")

    try:
        yield tell
    finally:
        _tell(stderr, _CLEAR)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


def _told(rows: Iterable[Sequence[Cell]], count: int, stderr: TextIO) -> Iterator[Sequence[Cell]]:
    every = count // _UPDATES
    try:
        for at, row in enumerate(rows):
            if at % every == 0:
                _tell(stderr, f"{_CLEAR}{at:,} of {count:,} rows ({at * 100 // count}%)")
            yield row
    finally:
        _tell(stderr, _CLEAR)


def _tell(stderr: TextIO, text: str) -> None:
    with suppress(OSError, ValueError):  # nobody listens any more: the rows matter, not the talk
        stderr.write(text)
        stderr.flush()
