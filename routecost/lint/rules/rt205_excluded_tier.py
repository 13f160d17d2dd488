"""RT205 excluded-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT205", "excluded-tier", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type goes to a tier that its taxonomy leaves out between others that it allows.

    RT201 and RT202 report tiers below and above those that are allowed.

    Why:
        A gap in the list of tiers is a decision: the tier is strong enough, and still may not do the
        work, for example because its vendor may not see the data. (Our own reasoning.)

    Example:
        version: 1
        taxonomy: own-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: personal, tier: sonnet, escalation: [opus]}
          - {task: public, tier: haiku}

    Use instead:
        version: 1
        taxonomy: own-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: personal, tier: haiku, escalation: [opus]}
          - {task: public, tier: haiku}
    """
    for route, kind in subject.known_routes():
        if route.tier in subject.gaps.get(route.task, ()):
            allowed = " or ".join(f'"{tier}"' for tier in kind.tiers)
            message = f'"{route.task}" goes to "{route.tier}"; the taxonomy allows only {allowed} for it'
            yield Hit(message, ("routes", route.index, "tier"))
