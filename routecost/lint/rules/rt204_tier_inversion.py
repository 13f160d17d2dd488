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
    """A tier that the table uses is priced above a higher tier, for input or for output.

    Compares the standard rates on the day of the check, below any step for long contexts. Reported
    once per tier, in the escalation path if it has the tier, else where the tier is first named.

    Why:
        A lower tier is chosen because it is cheaper. If it is not, the higher tier does the same work
        better for less, and escalation to it saves money. This happens when a tier still maps to an
        old model while the model of the tier above was replaced. (Our own reasoning; the article's
        "Routing Table Staleness" says the same of capabilities.)

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
    for tier, reference in subject.first_references.items():
        cheaper = _cheaper(subject, tier) if tier in rates else None
        if cheaper is not None:
            numbers = _compared(rates[tier], rates[cheaper])
            message = f'"{tier}" is priced above "{cheaper}", a higher tier: {numbers} {_unit(subject)}'
            yield Hit(message, reference.key_path, reference.on_key)


def _cheaper(subject: Subject, tier: str) -> str | None:
    """Return the lowest of the higher tiers that is cheaper."""
    rates = subject.prices.rates
    higher = subject.taxonomy.tiers[subject.ranks[tier] + 1 :]
    return next((other for other in higher if other in rates and _compared(rates[tier], rates[other])), None)


def _compared(low: Rates, high: Rates) -> str:
    """Return the meters for which the lower tier is more expensive, with both rates; empty if none."""
    meters = (meter for meter in NEEDED if low[meter] > high[meter])
    return ", ".join(f"{meter} {low[meter]:f} vs {high[meter]:f}" for meter in meters)


def _unit(subject: Subject) -> str:
    return "" if subject.sheet is None else f'{subject.sheet.currency} per MTok in "{subject.sheet.name}"'
