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

    Neither the table's path nor the row's own does. A table without a path has one finding. RT301
    reports paths that skip the tier, and RT303 paths that go down.

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
    ends = [
        route
        for route in subject.below_top()
        if not _continues(subject, route) and _may_escalate(subject, route)
    ]
    inheriting = [route for route in ends if route.escalation is None and not subject.table.escalation]
    if len(inheriting) > 1:
        message = f"{len(inheriting):,} task types have no escalation path"
        expected = f'expected "escalation" from the lowest tier up to "{subject.top}"'
        yield Hit(f"{message}; {expected}", ("routes",), on_key=True)
        ends = [route for route in ends if route.escalation is not None]
    for route in ends:
        place = "tier" if route.escalation is None else "escalation"
        message = f'no escalation for "{route.task}" when "{route.tier}" fails'
        expected = f'expected an escalation path from "{route.tier}" up to "{subject.top}"'
        yield Hit(f"{message}; {expected}", ("routes", route.index, place))


def _continues(subject: Subject, route: Route) -> bool:
    own = subject.path_of(route)
    return route.tier not in subject.dead_ends if own is None else own.continues_from(route.tier)


def _may_escalate(subject: Subject, route: Route) -> bool:
    """Return whether any higher tier may see the work of a row."""
    higher = subject.taxonomy.tiers[subject.ranks[route.tier] + 1 :]
    return any(subject.why_forbidden(route.task, tier) is None for tier in higher)
