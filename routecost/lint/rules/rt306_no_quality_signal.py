"""RT306 no-quality-signal."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT306", "no-quality-signal", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """Nothing tells good work from bad: no reviewer, and no confidence.

    It speaks of rows below the top tier: work on them could go up, if anything said that it should.

    Why:
        An escalation path is only taken when somebody notices that it should be. Without a check of
        quality, a single tier that is trusted serves better than routing that cannot see its own
        failures. (Article, "When Not to Route": tasks with no reliable quality signal.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet, confidence: required}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        routes:
          - {task: extract, tier: haiku, confidence: required}
          - {task: draft, tier: sonnet, confidence: required}
          - {task: approve, tier: opus}
    """
    for route in subject.below_top():
        if not route.signals and subject.reviewer_of(route) is None:
            message = f'nothing tells whether "{route.task}" succeeds on "{route.tier}"'
            expected = 'expected "confidence: required", a reviewer, or both'
            yield Hit(f"{message}; {expected}", ("routes", route.index, "tier"))
