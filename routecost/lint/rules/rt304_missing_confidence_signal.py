"""RT304 missing-confidence-signal."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT304", "missing-confidence-signal", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """An executor below the top tier does not have to state its confidence.

    ``confidence: required`` on the row or on the table requires it. RT306 reports rows without a
    reviewer. If no row requires it, there is one finding.

    Why:
        A small model's wrong answer looks like a right one. If the executor must state its confidence, the
        reviewer knows which answers to check carefully; otherwise silent failures pass. (Article, "Failure
        Mode 2: Silent Task Complexity Underestimation".)

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
    together = subject.without_any_signal
    place = ("routes",) if subject.table.confidence is None else ("confidence",)
    known = {route.index for route in together}
    if together and all(subject.reviewer_of(route) is not None for route in together):
        message = f"no executor states its confidence, for {len(together):,} task types"
        yield Hit(f'{message}; expected "confidence: required"', place, on_key=True)
    for route in subject.below_top():
        if (
            not route.signals
            and subject.reviewer_of(route) is not None
            and route.index not in known
            and not route.opts_out
        ):
            message = f'"{route.tier}" does not state its confidence for "{route.task}"'
            yield Hit(f'{message}; expected "confidence: required"', ("routes", route.index, "tier"))
