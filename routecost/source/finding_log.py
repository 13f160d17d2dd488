"""Findings of one read, and the limits that end it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from routecost.records import dataclass

if TYPE_CHECKING:
    from routecost.problems import Finding
    from routecost.source.text_positions import Places


@dataclass(frozen=True, slots=True)
class Limits:
    """Size limits of a document.

    Nodes are keys, values and items; an alias counts with all its expanded nodes. Reading ends
    after ``max_findings`` problems.
    """

    max_bytes: int = 10_000_000
    max_depth: int = 64
    max_nodes: int = 1_000_000
    max_findings: int = 100


class EndOfReadingError(Exception):
    """Reading cannot continue; the findings contain the reason."""


class FindingLog:
    """Findings of one read, in the order reported."""

    def __init__(self, places: Places, limits: Limits) -> None:
        self.findings: list[Finding] = []
        self.places = places
        self._limits = limits

    def report(self, message: str, offset: int) -> None:
        """Add a finding. Raises :class:`EndOfReadingError` if there are too many."""
        if len(self.findings) == self._limits.max_findings:
            message = "too many problems; the rest of the file was not read"
        if len(self.findings) <= self._limits.max_findings:
            self.findings.append(self.places.finding(message, offset))
        if len(self.findings) > self._limits.max_findings:
            raise EndOfReadingError

    def end(self, message: str, offset: int) -> NoReturn:
        """Add a finding and end the read."""
        self.findings.append(self.places.finding(message, offset))
        raise EndOfReadingError

    def too_deep(self, offset: int) -> NoReturn:
        """End the read because containers nest too deeply."""
        self.end(f"nested too deeply; the limit is {self._limits.max_depth} levels", offset)

    def too_many_nodes(self, offset: int) -> NoReturn:
        """End the read because there are too many nodes."""
        limit = f"the limit is {self._limits.max_nodes:,}"
        self.end(f"too many keys, values and items (with aliases expanded); {limit}", offset)
