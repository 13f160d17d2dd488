"""RT501 volume-too-low."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT501", "volume-too-low", Severity.WARNING, needs_scenario=True)
def check(subject: Subject) -> Iterator[Hit]:
    """The fleet runs too few tasks for routing to pay.

    The limit is ``tasks_per_day``, 200 by default.

    Why:
        At a few tasks per day, the tiers differ by cents per day. Building, testing and maintaining
        routing costs more than it saves. (Article, "When Not to Route": single-task, low-volume
        workflows; and "The Verdict": more than a few hundred tasks a day.)

    Example with --scenario few-tasks --evidence all-steps:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead with --scenario steps --evidence all-steps:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    scenario = subject.scenario
    if scenario is not None and scenario.workload.tasks_per_day < subject.limits.tasks_per_day:
        message = (
            f'"{scenario.name}" runs {scenario.workload.tasks_per_day:,f} tasks per day; routing pays '
            f"off from about {subject.limits.tasks_per_day:,f}: use one tier that is good enough"
        )
        yield Hit(message, ("routes",), on_key=True)
