"""RT307 forbidden-step."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route
from routecost.problems import KeyPath, Severity


@rule("RT307", "forbidden-step", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """Work may escalate to a tier, or be reviewed by one, that may not see it.

    That is a tier that the taxonomy leaves out between others that it allows for the task type (RT205),
    or whose model does not meet its requirements (RT206). Tiers above the allowed ones may take rejected
    work.

    Why:
        The reason why a tier may not do the work holds for a retry and for a review, too. (Our own
        reasoning.)

    Example:
        version: 1
        taxonomy: own-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: personal, tier: haiku}
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
        if not kind.requires and route.task not in subject.gaps:
            continue
        for tier, verb, place in _steps(subject, route):
            why = subject.why_forbidden(route.task, tier)
            if why is not None:
                yield Hit(f'"{route.task}" {verb} "{tier}"; {why}', place)


def _steps(subject: Subject, route: Route) -> Iterator[tuple[str, str, KeyPath]]:
    """Yield the tiers that see work of a row after its own, in words and with their places."""
    row: KeyPath = ("routes", route.index)
    for tier in subject.table.path_above(route):
        own = None if route.escalation is None else ("escalation", route.escalation.index(tier))
        yield tier, "escalates to", (*row, *(own or ("tier",)))
    for reviewer in dict.fromkeys(subject.table.reviewers_of(route).values()):
        key = "reviewer" if route.reviewer == reviewer else "tier"
        yield reviewer, "is reviewed by", (*row, key)
