"""RT403 thin-evidence."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.numeric.proportions import wilson
from routecost.lint.facts.evidence import percent
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT403", "thin-evidence", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence behind a route is too little to decide anything.

    The limit is ``trials``, 30 by default. The message gives what the true rate may be (Wilson's
    interval).

    Why:
        Nine successes of ten are as good as any rate between 60 and 98%. A decision that rests on them
        rests on luck. (Article, "The Verdict": routing pays off where success rates are observed.)

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
    for route, measured in subject.rested:
        if measured.evidence.trials < least:
            sample = measured.sample
            likely = wilson(sample, subject.confidence)
            message = (
                f"{measured.what} is thin: {sample.successes} of {sample.trials} may be anything from "
                f"{likely.low * 100:.1f} to {percent(likely.high)}; expected {least} trials or more"
            )
            yield Hit(message, measured.at("trials"), task=route.task)
