"""RT101 unknown-task-type."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import unknown_names
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT101", "unknown-task-type", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A route, or the evidence file, names a task type that the taxonomy does not have.

    Why:
        No task has that type, so the route is never used, and the intended tasks have no route. Most
        often it is a misspelling or a renamed type. (Article, "Task
        Taxonomy for Routing Decisions": routing rests on the characteristics of known types.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extractoin, tier: haiku}
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
    for task, suggestion in subject.unknown_tasks.items():
        message = f'taxonomy "{subject.taxonomy.name}" has no task type "{task}"{suggestion}'
        yield Hit(message, ("routes", subject.routes_by_task[task].index, "task"))
    for task, suggestion, position in unknown_names(subject.evidence, "task", subject.taxonomy.task_types):
        yield Hit(
            f'taxonomy "{subject.taxonomy.name}" has no task type "{task}"{suggestion}', position, task=task
        )
