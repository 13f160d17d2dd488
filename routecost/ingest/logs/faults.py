"""Bad lines of logs: counted, placed and never silently lost."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import field
from typing import TextIO

from routecost.records import dataclass

MOST_KEPT = 100_000
"""The maximum number of bad lines whose places are kept; further ones are counted."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that could not be read. ``reason`` never quotes the line: it may hold prompts or keys."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:1: {self.reason}"


@dataclass
class Faults:
    """What was wrong in logs, and what was left out on purpose.

    ``count`` is the number of bad lines, of which ``rejects`` holds the first. ``torn`` are last lines
    of growing files, which are not counted. ``skipped`` counts records that are no billed calls, by kind.
    """

    count: int = 0
    rejects: list[Reject] = field(default_factory=list)
    torn: list[Reject] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)

    def reject(self, file: str, line: int, reason: str) -> None:
        """Count a bad line; those of a file are in the order of lines, though not all are found in it."""
        self.count += 1
        if len(self.rejects) < MOST_KEPT:
            at = bisect_right(self.rejects, (True, line), key=lambda one: (one.file == file, one.line))
            self.rejects.insert(at, Reject(file, line, reason))

    def skip(self, kind: str, count: int = 1) -> None:
        """Count records that are no billed calls."""
        self.skipped[kind] = self.skipped.get(kind, 0) + count

    def add(self, other: Faults) -> None:
        """Add the faults of a file."""
        self.count += other.count
        self.rejects += other.rejects[: MOST_KEPT - len(self.rejects)]
        self.torn += other.torn
        for kind, count in other.skipped.items():
            self.skip(kind, count)

    def __iter__(self) -> Iterator[Reject]:
        return iter(self.rejects)


def write_rejects(faults: Faults, stream: TextIO) -> None:
    """Write the places of bad and torn lines and the reasons as CSV, without the text of the lines."""
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(("file", "line", "column", "reason"))
    rows.writerows((one.file, one.line, 1, one.reason) for one in (*faults.rejects, *faults.torn))
    further = faults.count - len(faults.rejects)
    if further:
        rows.writerow(("", "", "", f"{further} more bad lines, whose places were not kept"))
