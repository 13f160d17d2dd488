"""Findings about rows of a file of outcomes, placed when all are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from typing import TypeAlias

from routecost.errors import DocumentError
from routecost.problems import Finding, Position, Severity
from routecost.records import dataclass

MOST = 100
"""The maximum number of errors of a file, and of its warnings, that are shown."""

_LONGEST = 60

Place: TypeAlias = tuple[int, str | int | None]
"""A line (of a Parquet file: a row), and the column that is at fault, or that of its text."""


def quoted(value: object) -> str:
    """Return a value as shown in a message, cut if it is long."""
    text = str(value)
    return f'"{text[:_LONGEST]}..."' if len(text) > _LONGEST else f'"{text}"'


@dataclass
class FindingList:
    """The problems of a file, in the order found, up to a maximum."""

    file: str
    unit: str = "line"
    counts: dict[Severity, int] = field(default_factory=dict)
    _found: list[tuple[Severity, str, Place]] = field(default_factory=list)

    def report(
        self,
        message: str,
        line: int = 1,
        column: str | int | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a problem; beyond the maximum it is only counted."""
        self.counts[severity] = self.counts.get(severity, 0) + 1
        if self.counts[severity] <= MOST:
            self._found.append((severity, message, (line, column)))

    def warn(self, message: str, line: int = 1, column: str | None = None) -> None:
        """Add a warning."""
        self.report(message, line, column, Severity.WARNING)

    def each(self, at: Iterable[int], say: Callable[[int], tuple[str, int, str | None]], count: int) -> None:
        """Add an error for each of ``count`` indexes; messages are made only for those that are shown."""
        for _, index in zip(range(MOST), at, strict=False):
            self.report(*say(index))
        self.counts[Severity.ERROR] = self.counts.get(Severity.ERROR, 0) + max(0, count - MOST)

    @property
    def has_errors(self) -> bool:
        """Whether there are errors."""
        return bool(self.counts.get(Severity.ERROR))

    def raise_errors(self, locate: Callable[[list[Place]], list[Finding]]) -> None:
        """Raise DocumentError with the errors, if there are any."""
        if self.has_errors:
            raise DocumentError(
                [finding for finding in self.placed(locate) if finding.severity is Severity.ERROR]
            )

    def placed(self, locate: Callable[[list[Place]], list[Finding]]) -> tuple[Finding, ...]:
        """Return the findings with their positions and source lines, sorted."""
        places = locate([place for _, _, place in self._found])
        findings = [
            Finding(message, place.position, severity, source_line=place.source_line)
            for (severity, message, _), place in zip(self._found, places, strict=True)
        ]
        return tuple(sorted((*findings, *self._left_out(findings)), key=Finding.sort_key))

    def _left_out(self, findings: list[Finding]) -> Iterator[Finding]:
        for severity, count in self.counts.items():
            shown = [finding for finding in findings if finding.severity is severity]
            if count > len(shown):
                last = max((problem.position for problem in shown), key=lambda at: (at.line, at.column))
                more = count - len(shown)
                noun = "problem" if more == 1 else "problems"
                yield Finding(
                    f"{more:,} more {noun} of this file",
                    Position(self.file, last.line, last.column + 1),
                    severity,
                )
