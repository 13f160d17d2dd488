"""RT304 missing-confidence-signal."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT304", "missing-confidence-signal", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """An executor below the top tier need not say how confident it is.

    ``confidence: required`` on the row or on the table asks for it. Rows that nobody reviews either
    are left to RT306.

    Why:
        A small model's wrong answer looks like a right one. Where the executor must state its
        confidence, the reviewer knows which answers to look at twice; without it, the silent failures
        pass. (Article, "Failure Mode 2: Silent Task Complexity Underestimation".)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        reviewer: {haiku: sonnet, sonnet: opus}
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet, confidence: required}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        reviewer: {haiku: sonnet, sonnet: opus}
        routes:
          - {task: extract, tier: haiku, confidence: required}
          - {task: draft, tier: sonnet, confidence: required}
          - {task: approve, tier: opus}
    """
    for route in subject.below_top():
        if not route.signals and subject.reviewer_of(route) is not None:
            message = f'nothing makes "{route.tier}" say how confident it is of "{route.task}"'
            yield Hit(f'{message}; expected "confidence: required"', ("routes", route.index, "tier"))
