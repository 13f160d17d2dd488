"""RT406 cheaper-tier-suffices."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.numeric.proportions import newcombe
from routecost.lint.facts.evidence import as_percent, shown
from routecost.lint.hit import Hit
from routecost.lint.placement import Better, admission_note, better_lower, gaps
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route
from routecost.problems import Severity


@rule("RT406", "cheaper-tier-suffices", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence shows that a lower tier does as well.

    A test of non-inferiority, not of "no significant difference", which small samples easily pass:
    the whole interval of the difference (Newcombe) must be above minus the ``margin``, 5% by default.
    Both tiers need enough current evidence (RT401 to RT403). The message names the lowest tier that does
    as well as the best one, even if the taxonomy does not allow it yet. Not reported if the cost of a
    failure is known, which decides (RT203), if RT405 reports the row, or of tiers that RT204, RT205,
    RT206, RT307, RT404 or RT407 would report.

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
    lower = ((route, better_lower(subject, route)) for route, _ in subject.measured_routes)
    movable = [(route, better) for route, better in lower if better is not None]
    accused = {gap.index for gap in gaps(subject)} if movable else set()
    for route, better in movable:
        if route.index not in accused:
            yield Hit(_message(subject, route, better), ("routes", route.index, "tier"), move_to=better.tier)


def _message(subject: Subject, route: Route, better: Better) -> str:
    margin = as_percent(float(subject.limits.margin))
    likely = newcombe(better.sample, better.own, subject.confidence)
    return (
        f'"{better.tier}" does "{route.task}" as well as "{route.tier}": {shown(better.sample)} vs '
        f"{shown(better.own)}, a difference of {likely.low * 100:+.1f} to {likely.high * 100:+.1f} points, "
        f"within the margin of {margin}{admission_note(subject, route, better.tier)}"
    )
