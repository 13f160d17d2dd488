"""Findings of the linter about a routing table, and suggested tiers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from routecost.model.frames import Result
from routecost.problems import Finding, Severity
from routecost.records import dataclass

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The tier with the lowest expected total cost per task, model and failures, for a row.

    ``tier`` is the row's own, with ``cost``; ``suggested`` is None if too little is known. ``sure`` is
    the probability that the suggested tier is cheaper than ``runner_up``. ``more_trials`` is the number
    of further trials that each of the two needs to show that the lower of them is no worse, by the
    margin; None if no number would at the measured rates. ``why`` says what is missing, or that the
    taxonomy does not allow the suggested tier.
    """

    task: str
    tier: str
    cost: Decimal | None = None
    suggested: str | None = None
    suggested_cost: Decimal | None = None
    runner_up: str | None = None
    sure: float | None = None
    more_trials: int | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestions(Result):
    """A suggestion per row in force; costs per task in ``currency``."""

    table: str
    scenario: str
    pricing: str
    as_of: date
    currency: str
    rows: tuple[Suggestion, ...]

    def records(self) -> list[dict[str, Any]]:
        """Return a row per suggestion, with the columns of the JSON output."""
        return [asdict(row) for row in self.rows]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per suggestion."""
        from routecost.model.frames import frame

        return frame(self.records())


FINDING_COLUMNS = ("code", "rule", "severity", "message", "file", "line", "column")


class FailOn(StrEnum):
    """The lowest severity that makes a check fail."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class RuleNote:
    """The description of a rule beside its findings; a rule may need prices, or a scenario.

    ``what`` begins with the ``summary``.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    what: str
    why: str
    needs_scenario: bool = False


@dataclass(frozen=True, slots=True)
class Validation(Result):
    """The findings about a routing table, sorted by position.

    ``as_of`` is the day of the prices, None without a pricing sheet. ``ignored`` counts the findings
    that comments in the table suppress; ``rules`` ran, ``skipped`` need a pricing sheet or a scenario.
    ``known`` counts the findings recorded in the baseline, ``gone`` the recorded ones that no longer
    occur. ``warnings`` are about the documents themselves. ``evidence_as_of`` is the day up to which
    evidence ages, None without evidence.
    """

    table: str
    taxonomy: str
    pricing: str | None
    as_of: date | None
    findings: tuple[Finding, ...]
    ignored: int = 0
    rules: tuple[RuleNote, ...] = ()
    skipped: tuple[RuleNote, ...] = ()
    warnings: tuple[Finding, ...] = ()
    scenario: str | None = None
    known: int = 0
    gone: int = 0
    evidence_as_of: date | None = None

    def count(self, severity: Severity) -> int:
        """Return the number of findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def fails(self, level: FailOn = FailOn.WARNING) -> bool:
        """Return whether any finding has at least the severity of ``level``."""
        failing = {FailOn.ERROR: [Severity.ERROR], FailOn.WARNING: [Severity.ERROR, Severity.WARNING]}
        return any(self.count(severity) for severity in failing.get(level, []))

    def records(self) -> list[dict[str, str | int | None]]:
        """Return a row per finding, with the columns of the JSON output."""
        return [dict(zip(FINDING_COLUMNS, _row(finding), strict=True)) for finding in self.findings]

    def to_frame(self) -> pandas.DataFrame:
        """Return a pandas DataFrame with a row per finding."""
        from routecost.model.frames import frame

        return frame(self.records()).reindex(columns=list(FINDING_COLUMNS))


def _row(finding: Finding) -> tuple[str | int | None, ...]:
    where = finding.position
    severity = finding.severity.value
    return (finding.code, finding.rule, severity, finding.message, where.file, where.line, where.column)
