"""RT105 unpriced-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT105", "unpriced-tier", Severity.ERROR, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """A tier that the table uses has no price on the day in question.

    The pricing sheet lacks the tier, or its model has no rates for input and output yet. Said once
    per tier, in the escalation path if the tier is there, else where it is first named.

    Why:
        What has no price cannot be budgeted, and must never count as free. (Reasoning of our own;
        every other command refuses such a table.)

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
        mention = subject.first_mentions.get(tier)
        if mention is not None:
            yield Hit(f'no price for "{tier}": {why}', mention.way, mention.on_key)
