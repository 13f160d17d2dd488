"""RT102 unrouted-task-type."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Fix, Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import TaskKind
from routecost.problems import Severity
from routecost.source.editing import scalar_yaml


@rule("RT102", "unrouted-task-type", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type of the taxonomy has no route.

    If a route misspells its name, only RT101 reports it. ``--fix`` adds a route to the lowest tier
    that the taxonomy allows.

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
            fix = Fix(("routes",), _row(subject, kind))
            yield Hit(message, ("routes",), on_key=True, fixes=(fix,), task=name)


def _row(subject: Subject, kind: TaskKind) -> str:
    """Return a row for the lowest tier allowed, with a confidence signal."""
    lowest = min(kind.tiers, key=subject.ranks.__getitem__)
    inherits = subject.table.signals or lowest == subject.top
    signal = "" if inherits else ", confidence: required"
    return f"{{task: {scalar_yaml(kind.name)}, tier: {scalar_yaml(lowest)}{signal}}}"
