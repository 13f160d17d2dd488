"""RT202 over-routed."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT202", "over-routed", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type goes to a tier above the highest that its taxonomy allows.

    Why:
        The larger model returns the same result as the smaller one, at several times the price, for
        every task. (Article, "The Routing Problem": over-routing.)

    Example:
        - {task: extract, tier: opus}

    Use instead:
        - {task: extract, tier: haiku}
    """
    for route, kind in subject.known_routes():
        highest = max(kind.tiers, key=subject.ranks.__getitem__)
        if subject.ranks[route.tier] > subject.ranks[highest]:
            message = f'"{route.task}" goes to "{route.tier}"; the highest tier allowed for it is "{highest}"'
            yield Hit(message, ("routes", route.index, "tier"))
