"""Parts of a report beside tables and notes: findings, and text that stands as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from routecost.model.results.validation import RuleNote
    from routecost.problems import Finding


@dataclass(frozen=True, slots=True)
class FindingList:
    """Findings for people and for code hosts, sorted; ``rules`` are those that were run.

    For machines that read tables, a report holds the same findings as a table.
    """

    findings: tuple[Finding, ...]
    rules: tuple[RuleNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A text whose lines and blanks stand as they are, such as an example, for people only."""

    title: str
    text: str
    language: str = "yaml"
