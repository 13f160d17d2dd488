"""RT201 under-routed."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT201", "under-routed", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type goes to a tier below the lowest that its taxonomy allows.

    Why:
        A model that is too small returns wrong answers that look right, and later steps build on them;
        finding the cause costs far more than the call saved. (Article, "The Routing Problem":
        under-routing.)

    Example:
        - {task: draft, tier: haiku}

    Use instead:
        - {task: draft, tier: sonnet}
    """
    for route, kind in subject.known_routes():
        lowest = min(kind.tiers, key=subject.ranks.__getitem__)
        if subject.ranks[route.tier] < subject.ranks[lowest]:
            message = f'"{route.task}" goes to "{route.tier}"; the lowest tier allowed for it is "{lowest}"'
            yield Hit(message, ("routes", route.index, "tier"))
