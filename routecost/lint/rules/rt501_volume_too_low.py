"""RT501 volume-too-low."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity
from routecost.units import ZERO


@rule("RT501", "volume-too-low", Severity.WARNING, needs_scenario=True)
def check(subject: Subject) -> Iterator[Hit]:
    """The fleet runs too few tasks for routing to pay.

    Counts the scenario's tasks of the types that the table routes, or all if it states no types. The
    limit is ``tasks_per_day``, 200 by default.

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
    if scenario is None or (subject.volumes and not subject.routed_volumes):
        return  # RT504 reports it
    routed = sum(subject.routed_volumes.values(), ZERO)
    volume = routed if subject.volumes else scenario.workload.tasks_per_day
    if volume < subject.limits.tasks_per_day:
        what = "tasks per day that this table routes" if subject.volumes else "tasks per day"
        message = (
            f'"{scenario.name}" runs {volume:,f} {what}; routing pays off from about '
            f"{subject.limits.tasks_per_day:,f}: use one tier that is good enough"
        )
        yield Hit(message, ("routes",), on_key=True)
