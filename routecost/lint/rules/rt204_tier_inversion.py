"""RT204 tier-inversion."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.tier_prices import NEEDED
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.pricing.sheet import Rates
from routecost.problems import Severity


@rule("RT204", "tier-inversion", Severity.WARNING, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """A tier that the table uses is priced above a higher tier, on input or on output.

    Compared are the standard rates on the day in question, below any step for long contexts. Said
    once per tier, in the escalation path if the tier is there, else where it is first named.

    Why:
        A lower tier is chosen because it is cheaper. Where it is not, the higher one does the same
        work better for less, and escalating to it is a saving. It happens when a tier still stands
        for an old model while the one above it has been replaced. (Reasoning of our own; the
        article's "Routing Table Staleness" has the like for capabilities.)

    Example with --pricing before-the-cut:
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
    rates = subject.prices.rates
    for tier, mention in subject.first_mentions.items():
        cheaper = _cheaper(subject, tier) if tier in rates else None
        if cheaper is not None:
            numbers = _compared(rates[tier], rates[cheaper])
            message = f'"{tier}" is priced above "{cheaper}", a higher tier: {numbers} {_unit(subject)}'
            yield Hit(message, mention.way, mention.on_key)


def _cheaper(subject: Subject, tier: str) -> str | None:
    """Return the nearest of the higher tiers that is cheaper."""
    rates = subject.prices.rates
    higher = subject.taxonomy.tiers[subject.ranks[tier] + 1 :]
    return next((other for other in higher if other in rates and _compared(rates[tier], rates[other])), None)


def _compared(low: Rates, high: Rates) -> str:
    """Return the meters on which the lower tier is dearer, with both rates; nothing if on none."""
    dearer = (meter for meter in NEEDED if low[meter] > high[meter])
    return ", ".join(f"{meter} {low[meter]:f} against {high[meter]:f}" for meter in dearer)


def _unit(subject: Subject) -> str:
    return "" if subject.sheet is None else f'{subject.sheet.currency} per MTok in "{subject.sheet.name}"'
