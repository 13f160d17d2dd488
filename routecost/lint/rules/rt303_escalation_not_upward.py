"""RT303 escalation-not-upward."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT303", "escalation-not-upward", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """An escalation path goes down or repeats a tier.

    Applies to the table's path and to that of a row, which starts at the row's tier.

    Why:
        Work that a tier failed at is not done better by the same tier or a lower one; both calls are
        paid for. A path that turns back can also loop forever. (Article,
        "Failure Mode 3: Cascade Over-Routing from Upstream Failures": a retry goes one tier up.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, opus, sonnet]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    for path in subject.paths:
        for step in path.steps():
            if step.rise <= 0:
                verb = "stays on" if step.rise == 0 else f'goes down from "{step.source}" to'
                yield Hit(f'escalation {verb} "{step.target}"; expected a higher tier', step.key_path)
