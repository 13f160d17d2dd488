"""RT102 unrouted-task-type."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT102", "unrouted-task-type", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type of the taxonomy has no route.

    If a route misspells its name, only RT101 reports it. No fix is offered: which tier does
    the work is the owner's decision.

    Why:
        Tasks of that type go to whatever tier the code uses by default, which is neither decided nor
        budgeted. (Article, introduction: the costly routing decisions are those not made on
        purpose.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
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
    for name, kind in subject.taxonomy.task_types.items():
        if name not in subject.routes_by_task and name not in subject.misspelled_tasks:
            tiers = " or ".join(f'"{tier}"' for tier in kind.tiers)
            message = f'no route for task type "{name}"; expected one to {tiers}'
            yield Hit(message, ("routes",), on_key=True, task=name)
