"""RT302 missing-escalation."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route
from routecost.problems import Severity


@rule("RT302", "missing-escalation", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A route below the top tier has no escalation path that leads on from its tier.

    Neither the table's path nor one of its own does. A path that jumps over the tier is left to
    RT301, and one that turns down to RT303.

    Why:
        Small models fail at the margins, on inputs that nobody foresaw. Without a path, what a
        reviewer rejects has nowhere to go: it is dropped, or repeated on the tier that failed.
        (Article, "Task Taxonomy for Routing Decisions", which asks for a fallback; and "The
        Verdict", which counts a graduated path among the least one needs.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
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
    for route in subject.routes:
        if route.tier not in subject.ranks or route.tier == subject.top or _leads_on(subject, route):
            continue
        place = "tier" if route.escalation is None else "escalation"
        message = f'nothing says where work on "{route.task}" goes when "{route.tier}" fails'
        expected = f'expected an escalation path from "{route.tier}" up to "{subject.top}"'
        yield Hit(f"{message}; {expected}", ("routes", route.index, place))


def _leads_on(subject: Subject, route: Route) -> bool:
    own = subject.path_of(route)
    return route.tier not in subject.dead_ends if own is None else own.leads_on_from(route.tier)
