"""RT407 failing-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import as_percent, failure_rate_text
from routecost.lint.facts.verdicts import fails
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT407", "failing-tier", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type fails too often on its tier.

    Reported if even the high end of the interval (Wilson) is below ``success_rate``, 80% by default.

    Why:
        The measurements show that the tier is not good enough, and later steps build on its failures.
        (Article, "The Routing Problem": under-routing.)

    Example:
        - task: extract
          tier: haiku
          evidence: {successes: 180, trials: 300, evaluated: 2026-11-01}

    Use instead:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01}
    """
    least = float(subject.limits.success_rate)
    for route, measured in subject.measured_routes:
        sample = measured.sample
        if fails(sample, subject.limits):
            rate = failure_rate_text(sample, subject.confidence, 1 - least)
            expected = f"expected at least {as_percent(least)} to succeed"
            message = f'"{route.task}" on {route.tier} fails {rate}; {expected}'
            yield Hit(message, ("routes", route.index, "tier"))
