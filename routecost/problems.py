"""Problems in users' files, as values: where, how grave, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""The path to a value of a document: keys and indexes, from the outside in."""


class Severity(StrEnum):
    """How grave a finding is, from grave to slight."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file; ``line`` and ``column`` count from 1, columns in characters."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem: ``message`` quotes the offender, says what was expected, offers the nearest.

    ``source_line`` is the text of the line that ``position`` points at, for the caret.
    ``code`` and ``rule`` are set for lint findings only (``RT301``, ``escalation-skips-tier``);
    ``task`` is the task type that such a finding is about, if it is about one.
    """

    message: str
    position: Position
    severity: Severity = Severity.ERROR
    code: str | None = None
    rule: str | None = None
    source_line: str | None = None
    task: str | None = None

    def __str__(self) -> str:
        label = "" if self.code is None else f"{self.code} "
        return f"{self.position}: {label}{self.message}"

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Sort by file, line, column, then code and message."""
        where = self.position
        return (where.file, where.line, where.column, self.code or "", self.message)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is nearest to ``name``, whatever the case; None if none is near."""
    names = sorted(set(known))
    near = difflib.get_close_matches(name.lower(), [known.lower() for known in names], n=1, cutoff=0.6)
    return next((known for known in names if known.lower() in near), None)


_LONGEST = 200


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean "x"?`` for the nearest known name, or else the list of them.

    Long lists are cut, because a wall of names helps nobody.
    """
    names = sorted(set(known))
    best = nearest(name, names)
    if best is not None:
        return f'; did you mean "{best}"?'
    if not names:
        return ""
    shown = ", ".join(f'"{known}"' for known in names[:8])
    return f"; known: {shown}" + (f" and {len(names) - 8} more" if len(names) > 8 else "")
