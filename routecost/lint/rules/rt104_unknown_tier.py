"""RT104 unknown-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import foreign
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT104", "unknown-tier", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A route, a path, a reviewer or the evidence file names a tier that the taxonomy does not have.

    Rules about the order of tiers leave such a route or path alone.

    Why:
        A tier outside the taxonomy has no rank and no model, so the work cannot be sent there, and
        nothing can be said about its cost. Models belong in the pricing sheet: a table that names
        tiers outlives them. (Reasoning of our own.)

    Example:
        - {task: extract, tier: haiku-4-5}

    Use instead:
        - {task: extract, tier: haiku}
    """
    for mention in subject.mentions:
        if mention.tier not in subject.ranks:
            offer = subject.unknown_tiers[mention.tier]
            message = f'taxonomy "{subject.taxonomy.name}" has no tier "{mention.tier}"{offer}'
            yield Hit(message, mention.way, mention.on_key)
    for tier, offer, place in foreign(subject.evidence, "tier", subject.ranks):
        yield Hit(f'taxonomy "{subject.taxonomy.name}" has no tier "{tier}"{offer}', place)
