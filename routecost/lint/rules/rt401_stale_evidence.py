"""RT401 stale-evidence."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import Measured
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT401", "stale-evidence", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence behind a route is too old, or any evidence is of a day that has not come.

    Its age counts up to the day in question (``--as-of``, else the scenario's, else today). The limit
    is ``evidence_days``, 90 by default.

    Why:
        Providers change models all the time, not always with notice. A success rate of half a year ago
        is a memory. (Article, "Failure Mode 1: Routing Table Staleness": evaluate every quarter.)

    Example:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-03-01}

    Use instead:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01}
    """
    standing = subject.standing
    for measured in subject.measured:
        if not standing.has_come(measured.evidence):
            what = f"{measured.what} is of {measured.evidence.evaluated}, and that day has not come"
            yield _hit(measured, f"{what} on {subject.day}")
    for _, measured in subject.rested:
        if not standing.is_recent(measured.evidence):
            age = (subject.day - measured.evidence.evaluated).days
            yield _hit(measured, f"{measured.what} is {age} days old; expected at most {standing.most_days}")


def _hit(measured: Measured, message: str) -> Hit:
    return Hit(message, measured.at("evaluated"), task=measured.evidence.task)
