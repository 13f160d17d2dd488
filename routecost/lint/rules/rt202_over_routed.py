"""RT202 over-routed."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.registry import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT202", "over-routed", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type goes to a tier above the highest that its taxonomy admits.

    Why:
        The larger model returns what the smaller one would have, at several times the price, on
        every single task. (Article, "The Routing Problem": over-routing.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: opus}
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
    for route, kind in subject.placed():
        highest = max(kind.tiers, key=subject.ranks.__getitem__)
        if subject.ranks[route.tier] > subject.ranks[highest]:
            message = (
                f'"{route.task}" goes to "{route.tier}"; the highest tier admitted for it is "{highest}"'
            )
            yield Hit(message, ("routes", route.index, "tier"))
