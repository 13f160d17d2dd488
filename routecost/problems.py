"""Findings: problems in user files, with position, severity and suggestion."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeAlias

from routecost.records import dataclass

KeyPath: TypeAlias = tuple[str | int, ...]
"""The path to a value of a document: mapping keys and list indexes, outermost first."""


class Severity(StrEnum):
    """Severity of a finding, most severe first."""

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
    """One problem. ``message`` quotes the wrong value, states what is expected and suggests a fix.

    ``source_line`` is the text of the line at ``position``, to print with a caret.
    ``code`` and ``rule`` are set for lint findings only (``RT301``, ``escalation-skips-tier``);
    ``task`` is the task type that a lint finding is about, if any.
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
        """Return the sort key: file, line, column, code, message."""
        position = self.position
        return (position.file, position.line, position.column, self.code or "", self.message)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to ``name``, ignoring case; None if no name is close."""
    names = sorted(set(known))
    matches = difflib.get_close_matches(name.lower(), [known.lower() for known in names], n=1, cutoff=0.6)
    return next((known for known in names if known.lower() in matches), None)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean "x"?`` for the closest known name, else the list of known names.

    The list has at most 8 names.
    """
    names = sorted(set(known))
    best = nearest(name, names)
    if best is not None:
        return f'; did you mean "{best}"?'
    if not names:
        return ""
    shown = ", ".join(f'"{known}"' for known in names[:8])
    return f"; known: {shown}" + (f" and {len(names) - 8} more" if len(names) > 8 else "")
