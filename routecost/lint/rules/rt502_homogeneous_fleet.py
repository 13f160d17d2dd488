"""RT502 homogeneous-fleet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from routecost.lint.facts.evidence import as_percent
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity
from routecost.units import ZERO


@rule("RT502", "homogeneous-fleet", Severity.WARNING, needs_scenario=True)
def check(subject: Subject) -> Iterator[Hit]:
    """Almost all tasks go to one tier.

    Counts the scenario's tasks that the table routes. The limit is ``largest_share``, 95% by default.

    Why:
        Routing saves money if tasks differ. If one tier does nearly all of them, the table, its evidence
        and its maintenance bring almost no saving. (Article, "The Verdict": tasks must be heterogeneous.)

    Example with --scenario one-step --evidence all-steps:
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
    tiers: dict[str, Decimal] = {}
    for task, volume in subject.volumes.items():
        route = subject.routes_by_task.get(task)
        if route is not None:
            tiers[route.tier] = tiers.get(route.tier, ZERO) + volume
    total = sum(tiers.values(), ZERO)
    for tier, volume in tiers.items():
        if total and volume > subject.limits.largest_share * total:
            share = as_percent(float(volume / total))
            message = f'{share} of the tasks go to "{tier}"; using it for all would'
            yield Hit(f"{message} change little", ("routes",), on_key=True)
