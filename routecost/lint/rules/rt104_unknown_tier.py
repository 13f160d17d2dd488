"""RT104 unknown-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import unknown_names
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT104", "unknown-tier", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A route, a path, a reviewer or the evidence file names a tier that the taxonomy does not have.

    Rules about the order of tiers skip such a route or path.

    Why:
        A tier outside the taxonomy has no rank and no model, so work cannot be sent there and its cost
        is unknown. Models belong in the pricing sheet; a table that names tiers outlives them. (Our
        own reasoning.)

    Example:
        - {task: extract, tier: haiku-4-5}

    Use instead:
        - {task: extract, tier: haiku}
    """
    for reference in subject.tier_references:
        if reference.tier not in subject.ranks:
            suggestion = subject.unknown_tiers[reference.tier]
            message = f'taxonomy "{subject.taxonomy.name}" has no tier "{reference.tier}"{suggestion}'
            yield Hit(message, reference.key_path, reference.on_key)
    for tier, suggestion, position in unknown_names(subject.evidence, "tier", subject.ranks):
        yield Hit(f'taxonomy "{subject.taxonomy.name}" has no tier "{tier}"{suggestion}', position)
