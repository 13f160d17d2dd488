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
    """A route below the top tier has no escalation path that continues from its tier.

    Neither the table's path nor the row's own does. RT301 reports paths that skip the tier, and
    RT303 paths that go down.

    Why:
        Small models fail on unusual inputs. Without a path, rejected work has nowhere to go: it is
        dropped, or repeated on the tier that failed.
        (Article, "Task Taxonomy for Routing Decisions", which asks for a fallback; and "The
        Verdict", which lists a graduated path among the minimum requirements.)

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
        if route.tier not in subject.ranks or route.tier == subject.top or _continues(subject, route):
            continue
        place = "tier" if route.escalation is None else "escalation"
        message = f'no escalation for "{route.task}" when "{route.tier}" fails'
        expected = f'expected an escalation path from "{route.tier}" up to "{subject.top}"'
        yield Hit(f"{message}; {expected}", ("routes", route.index, place))


def _continues(subject: Subject, route: Route) -> bool:
    own = subject.path_of(route)
    return route.tier not in subject.dead_ends if own is None else own.continues_from(route.tier)
