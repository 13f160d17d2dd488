"""RT105 unpriced-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT105", "unpriced-tier", Severity.ERROR, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """A tier that the table uses has no price on the day of the check.

    The pricing sheet lacks the tier, or its model has no rates for input and output yet. Reported
    once per tier, in the escalation path if it has the tier, else where the tier is first named.

    Why:
        A tier without a price cannot be budgeted, and must never count as free. (Our own reasoning;
        every other command rejects such a table.)

    Example with --pricing without-opus:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead with --pricing claude-2026-11:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    for tier, why in subject.prices.missing.items():
        reference = subject.first_references.get(tier)
        if reference is not None:
            yield Hit(f'no price for "{tier}": {why}', reference.key_path, reference.on_key)
