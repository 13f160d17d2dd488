"""RT406 cheaper-tier-suffices."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.numeric.non_inferiority import is_non_inferior
from routecost.engine.numeric.proportions import Sample, newcombe
from routecost.lint.facts.evidence import percent
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.lint.tier_options import admission
from routecost.model.routing.table import Route
from routecost.problems import Severity


@rule("RT406", "cheaper-tier-suffices", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """A lower tier is shown to do as well.

    Not "no significant difference", which small samples never show: the whole interval of the
    difference (Newcombe) must lie above minus the ``margin``, 5% by default. Both must still stand
    (RT401, RT402). The lowest such tier is named, also where the taxonomy does not admit it yet.

    Why:
        What a small model could not do last year it may do now, and every task on the larger one pays
        for a decision that nobody has looked at since. (Article, "Failure Mode 1: Routing Table
        Staleness": then routing higher leaves money on the table.)

    Example with --evidence on-sonnet:
        - task: draft
          tier: opus   # routecost: ignore[RT202] held against sonnet below
          evidence: {successes: 582, trials: 600, evaluated: 2026-11-01}

    Use instead with --evidence on-sonnet:
        - task: draft
          tier: sonnet
          evidence: {successes: 582, trials: 600, evaluated: 2026-11-01}
    """
    for route, _ in subject.rested:
        for tier, other, own in _sufficient(subject, route):
            yield Hit(_message(subject, route, own, tier, other), ("routes", route.index, "tier"))
            break


def _sufficient(subject: Subject, route: Route) -> Iterator[tuple[str, Sample, Sample]]:
    """Yield the lower tiers that do as well, the lowest first, with both samples."""
    if len(subject.measurements[route.task]) == 1:
        return
    tiers = subject.standing_tiers(route.task)
    if route.tier not in tiers:
        return
    own, margin = tiers[route.tier].sample, float(subject.limits.margin)
    for tier, other in tiers.items():
        is_lower = subject.ranks[tier] < subject.ranks[route.tier]
        if is_lower and is_non_inferior(other.sample, own, margin, subject.confidence):
            yield tier, other.sample, own


def _message(subject: Subject, route: Route, own: Sample, tier: str, sample: Sample) -> str:
    likely = newcombe(sample, own, subject.confidence)
    return (
        f'"{tier}" does "{route.task}" as well as "{route.tier}": {_rate(sample)} against {_rate(own)}, '
        f"a difference of {likely.low * 100:+.1f} to {likely.high * 100:+.1f} points, "
        f"within the margin of {percent(float(subject.limits.margin))}{admission(subject, route, tier)}"
    )


def _rate(sample: Sample) -> str:
    return f"{percent(sample.rate)} ({sample.successes:,}/{sample.trials:,})"
