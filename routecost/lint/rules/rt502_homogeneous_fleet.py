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
    """Almost all tasks, and almost all of their cost, are on one tier.

    The shares are of all tasks of the scenario, and of the cost of the calls of those that the table
    routes. Both must exceed ``largest_share``, 95% by default; an unknown cost does not count.

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
    total = sum(subject.volumes.values(), ZERO)
    costs = _costs(subject)
    for tier, volume in _tasks(subject).items():
        if not total or volume <= subject.limits.largest_share * total:
            continue
        shares = f"{as_percent(float(volume / total))} of the tasks"
        whole = sum(costs.values(), ZERO)
        if whole:
            if costs[tier] <= subject.limits.largest_share * whole:
                continue
            routed = "" if len(subject.routed_volumes) == len(subject.volumes) else " of those with a route"
            shares += f" and {as_percent(float(costs[tier] / whole))} of the cost{routed}"
        message = f'{shares} go to "{tier}"; using it for all would change little'
        yield Hit(message, ("routes",), on_key=True)


def _tasks(subject: Subject) -> dict[str, Decimal]:
    """Return the tasks per day that the table routes, by tier."""
    tiers: dict[str, Decimal] = {}
    for task, volume in subject.routed_volumes.items():
        tier = subject.routes_by_task[task].tier
        tiers[tier] = tiers.get(tier, ZERO) + volume
    return tiers


def _costs(subject: Subject) -> dict[str, Decimal]:
    """Return the cost of calls per day by tier; empty if that of any routed task type is unknown."""
    tiers: dict[str, Decimal] = {}
    for task, volume in subject.volumes.items():
        route = subject.routes_by_task.get(task)
        if route is None or not volume:
            continue
        costs = subject.expected_costs
        cost = None if costs is None else costs.model_cost(task, route.tier)
        if cost is None:
            return {}
        tiers[route.tier] = tiers.get(route.tier, ZERO) + cost * volume
    return tiers
