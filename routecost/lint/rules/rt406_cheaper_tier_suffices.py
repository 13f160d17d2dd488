"""RT406 cheaper-tier-suffices."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.numeric.non_inferiority import is_non_inferior
from routecost.engine.numeric.proportions import Sample, newcombe
from routecost.lint.facts.evidence import as_percent
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.lint.tier_options import admission_note
from routecost.model.routing.table import Route
from routecost.problems import Severity


@rule("RT406", "cheaper-tier-suffices", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence shows that a lower tier does as well.

    A test of non-inferiority, not of "no significant difference", which small samples easily pass:
    the whole interval of the difference (Newcombe) must be above minus the ``margin``, 5% by default.
    Both tiers need current evidence (RT401, RT402). The message names the lowest such tier, even if
    the taxonomy does not allow it yet.

    Why:
        A small model may now do what it could not do last year, and every task on the larger one pays
        for a decision that has not been reviewed since. (Article, "Failure Mode 1: Routing Table
        Staleness": then routing higher leaves money on the table.)

    Example with --evidence on-sonnet:
        - task: draft
          tier: opus   # routecost: ignore[RT202] compared with sonnet
          evidence: {successes: 582, trials: 600, evaluated: 2026-11-01}

    Use instead with --evidence on-sonnet:
        - task: draft
          tier: sonnet
          evidence: {successes: 582, trials: 600, evaluated: 2026-11-01}
    """
    for route, _ in subject.routes_with_evidence:
        for tier, other, own in _sufficient(subject, route):
            yield Hit(_message(subject, route, own, tier, other), ("routes", route.index, "tier"))
            break


def _sufficient(subject: Subject, route: Route) -> Iterator[tuple[str, Sample, Sample]]:
    """Yield the lower tiers that do as well, the lowest first, with both samples."""
    if len(subject.evidence_by_task[route.task]) == 1:
        return
    tiers = subject.valid_tiers(route.task)
    if route.tier not in tiers:
        return
    own, margin = tiers[route.tier].sample, float(subject.limits.margin)
    for tier, other in tiers.items():
        is_lower = subject.ranks[tier] < subject.ranks[route.tier]
        if is_lower and is_non_inferior(other.sample, own, margin, subject.confidence):
            yield tier, other.sample, own


def _message(subject: Subject, route: Route, own: Sample, tier: str, sample: Sample) -> str:
    margin = as_percent(float(subject.limits.margin))
    likely = newcombe(sample, own, subject.confidence)
    return (
        f'"{tier}" does "{route.task}" as well as "{route.tier}": {_rate(sample)} vs {_rate(own)}, '
        f"a difference of {likely.low * 100:+.1f} to {likely.high * 100:+.1f} points, "
        f"within the margin of {margin}{admission_note(subject, route, tier)}"
    )


def _rate(sample: Sample) -> str:
    return f"{as_percent(sample.rate)} ({sample.successes:,}/{sample.trials:,})"
