"""RT503 unobserved-fleet."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import as_percent
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity
from routecost.units import ZERO


@rule("RT503", "unobserved-fleet", Severity.WARNING, needs_scenario=True)
def check(subject: Subject) -> Iterator[Hit]:
    """Too few of the tasks have a measured success rate.

    Counts the scenario's tasks whose row has evidence for its own tier. The limit is
    ``observed_share``, 50% by default.

    Why:
        A routing table is a set of guesses until success rates are known by task type. Build, run and
        observe first, then route. (Article, "When Not to Route": very early stage systems; and "The Verdict":
        observability of success rates by type.)

    Example with --scenario steps:
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
    total = sum(subject.volumes.values(), ZERO)
    observed = sum((subject.volumes.get(route.task, ZERO) for route, _ in subject.measured_routes), ZERO)
    least = subject.limits.observed_share
    if total and observed < least * total:
        message = (
            f"there is evidence for {as_percent(float(observed / total), float(least))} of the tasks on "
            f"their tier; expected at least {as_percent(float(least))} before using this table"
        )
        yield Hit(message, ("routes",), on_key=True)
