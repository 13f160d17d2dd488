"""The findings of one reading, and the limits that end it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from routecost.problems import Finding
    from routecost.source.text_positions import Places


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest document that is read.

    Nodes are keys, values and items; an alias counts as all the nodes it stands for. After
    ``max_findings`` problems the reading ends.
    """

    max_bytes: int = 10_000_000
    max_depth: int = 64
    max_nodes: int = 1_000_000
    max_findings: int = 100


class EndOfReadingError(Exception):
    """Reading cannot go on; the reason is among the findings."""


class Complaints:
    """Collects the findings of one reading, in the order in which they are made."""

    def __init__(self, places: Places, limits: Limits) -> None:
        self.findings: list[Finding] = []
        self.places = places
        self._limits = limits

    def report(self, message: str, offset: int) -> None:
        """Add a finding; raises :class:`EndOfReadingError` when there are too many."""
        if len(self.findings) == self._limits.max_findings:
            message = "too many problems; the rest of the file was not read"
        if len(self.findings) <= self._limits.max_findings:
            self.findings.append(self.places.finding(message, offset))
        if len(self.findings) > self._limits.max_findings:
            raise EndOfReadingError

    def end(self, message: str, offset: int) -> NoReturn:
        """Add a finding that ends the reading."""
        self.findings.append(self.places.finding(message, offset))
        raise EndOfReadingError

    def too_deep(self, offset: int) -> NoReturn:
        """End the reading because containers nest too deeply."""
        self.end(f"nested too deeply; at most {self._limits.max_depth} levels are read", offset)

    def too_many_nodes(self, offset: int) -> NoReturn:
        """End the reading because there are too many nodes."""
        limit = f"at most {self._limits.max_nodes:,} are read"
        self.end(f"too many keys, values and items, aliases expanded; {limit}", offset)
