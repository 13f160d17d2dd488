"""RT404 high-escalation-rate."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import as_percent, rate_text
from routecost.lint.facts.verdicts import escalates_too_often
from routecost.lint.hit import Hit
from routecost.lint.placement import is_over_routed
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT404", "high-escalation-rate", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """Too large a share of a task type escalates from its tier.

    Evidence may state its ``escalated`` trials. Reported if even the low end of the interval of
    their rate is above ``escalation_rate``, 20% by default. Rows above the allowed tiers
    (RT202) have to move down anyway.

    Why:
        Each escalation pays for two calls. A task type that mostly ends one tier up belongs there:
        frequent escalations show a wrong assignment, not a path that works. (Article, "Failure Mode 3:
        Cascade Over-Routing from Upstream Failures".)

    Example:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01, escalated: 120}

    Use instead:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01, escalated: 30}
    """
    for route, measured in subject.measured_routes:
        if measured.escalated is None or is_over_routed(subject, route):
            continue
        rate, place = measured.escalated
        if escalates_too_often(rate, subject.limits):
            most = float(subject.limits.escalation_rate)
            message = (
                f'{rate_text(rate, subject.confidence, most)} of "{route.task}" tasks escalate from '
                f'"{route.tier}"; expected at most {as_percent(most)}'
            )
            yield Hit(message, place, task=route.task)
