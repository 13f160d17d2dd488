"""RT206 unmet-requirement."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.requirements import unmet
from routecost.problems import Severity


@rule("RT206", "unmet-requirement", Severity.ERROR, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """A task type goes to a model that does not meet what its taxonomy requires.

    A task type may state ``requires``, such as ``{residency: eu}``: the pricing sheet says under
    ``properties`` what holds for its models. ``vendor`` is the provider of a model unless stated. A
    requirement is met by any of its values, and never by a model of which the sheet says nothing. The
    fallbacks of the tier are checked, too.

    Why:
        Where data may go is no matter of price or success rate. A tier outlives its models, and the next
        model may be one of another vendor or region. (Our own reasoning.)

    Example with --pricing regions:
        version: 1
        taxonomy: own-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: personal, tier: haiku, escalation: [opus]}
          - {task: public, tier: haiku}

    Use instead with --pricing regions:
        version: 1
        taxonomy: own-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: personal, tier: opus}
          - {task: public, tier: haiku}
    """
    for route, kind in subject.known_routes():
        place = ("routes", route.index, "tier")
        why = subject.why_unmet(route.task, route.tier)
        if why is not None:
            yield Hit(f'"{route.task}" goes to "{route.tier}"; {why}', place)
        for model in subject.table.fallbacks.get(route.tier, ()) if kind.requires else ():
            why = None if subject.sheet is None else unmet(kind.requires, subject.sheet, model)
            if why is not None:
                yield Hit(f'"{route.task}" may fall back to "{model}"; {why}', place)
