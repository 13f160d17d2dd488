"""RT401 stale-evidence."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import LocatedEvidence
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT401", "stale-evidence", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence for a route is too old, or any evidence is future-dated.

    Its age is measured today, or on the day of ``--as-of``; the scenario's day is that of prices only.
    The limit is ``evidence_days``, 90 by default.

    Why:
        Providers change models often, not always with notice. A success rate from half a year ago may
        no longer be true. (Article, "Failure Mode 1: Routing Table Staleness": evaluate every quarter.)

    Example:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-03-01}

    Use instead:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01}
    """
    validity = subject.validity
    for measured in subject.all_evidence:
        if not validity.is_not_future_dated(measured.evidence):
            evaluated = measured.evidence.evaluated
            yield _hit(measured, f"{measured.description} is dated {evaluated}, after {validity.day}")
    for _, measured in subject.routes_with_evidence:
        if not validity.is_recent(measured.evidence):
            age = (validity.day - measured.evidence.evaluated).days
            yield _hit(
                measured, f"{measured.description} is {age} days old; expected at most {validity.max_days}"
            )


def _hit(measured: LocatedEvidence, message: str) -> Hit:
    return Hit(message, measured.at("evaluated"), task=measured.evidence.task)
