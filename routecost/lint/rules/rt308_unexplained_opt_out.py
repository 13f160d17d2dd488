"""RT308 unexplained-opt-out."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT308", "unexplained-opt-out", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """A row opts out of the table's reviewers without a reason.

    ``reviewer: none`` says that no tier reviews the work of the row, ``confidence: none`` that its
    executor does not state its confidence, and ``why`` gives the reason. With a reason, RT304 and RT306
    are silent about the row.

    Why:
        An exception without a reason is kept for ever, or removed by mistake. (Our own reasoning;
        RT002 asks the same of ignored findings.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        reviewer: {haiku: sonnet, sonnet: opus}
        routes:
          - {task: extract, tier: haiku, reviewer: none}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        reviewer: {haiku: sonnet, sonnet: opus}
        routes:
          - {task: extract, tier: haiku, reviewer: none, why: a schema checks every field}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    for route in subject.routes:
        if route.unreviewed and route.why is None:
            message = f'"{route.task}" has no reviewer, and no reason is given; expected "why"'
            yield Hit(message, ("routes", route.index, "reviewer"))
