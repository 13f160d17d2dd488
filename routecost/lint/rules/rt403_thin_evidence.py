"""RT403 thin-evidence."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.numeric.proportions import wilson
from routecost.lint.facts.evidence import as_percent
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT403", "thin-evidence", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence for a route has too few trials.

    The limit is ``trials``, 30 by default. The message gives the range of the true rate (Wilson's
    interval).

    Why:
        Nine successes in ten trials are consistent with any rate between 60 and 98%. A decision based
        on them is based on luck. (Article, "The Verdict": routing pays off where success rates are observed.)

    Example:
        - task: extract
          tier: haiku
          evidence: {successes: 9, trials: 10, evaluated: 2026-11-01}

    Use instead:
        - task: extract
          tier: haiku
          evidence: {successes: 291, trials: 300, evaluated: 2026-11-01}
    """
    least = subject.limits.trials
    for route, measured in subject.routes_with_evidence:
        sample = measured.sample
        if sample.trials < least:
            likely = wilson(sample, subject.confidence)
            message = (
                f"{measured.description} is thin: {sample.successes} of {sample.trials} is consistent with "
                f"{likely.low * 100:.1f} to {as_percent(likely.high)}; expected at least {least} trials"
            )
            yield Hit(message, measured.at("trials"), task=route.task)
