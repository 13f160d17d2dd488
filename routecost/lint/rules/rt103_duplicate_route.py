"""RT103 duplicate-route."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT103", "duplicate-route", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type is routed more than once.

    The first row is effective; no other rule reports on the later ones.

    Why:
        The later row looks like a decision but has no effect. Probably two people edited the table,
        and one of them is now misled. (Our own reasoning: the article's table has one row per
        type.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
          - {task: draft, tier: opus}

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
    for route in subject.table.routes:
        first = subject.routes_by_task[route.task]
        if route is not first:
            yield Hit(
                f'duplicate route of "{route.task}", to "{route.tier}"; the first, to "{first.tier}", is',
                ("routes", route.index, "task"),
                earlier=("routes", first.index, "task"),
            )
