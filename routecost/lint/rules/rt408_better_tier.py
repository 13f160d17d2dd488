"""RT408 better-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.numeric.proportions import newcombe
from routecost.lint.facts.evidence import as_percent, shown
from routecost.lint.hit import Hit
from routecost.lint.placement import Better, admission_note, better_higher
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route
from routecost.problems import Severity


@rule("RT408", "better-tier", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """The evidence shows that a higher tier does clearly better.

    The whole interval of the difference (Newcombe) must be above the ``margin``, 5% by default. Both
    tiers need enough current evidence (RT401 to RT403). The message names the lowest tier that does as
    well as the best one. Not reported if the cost of a failure is known, which decides (RT203).

    Why:
        Whether the higher tier pays depends on what a failure costs. Without that figure, a success rate
        that is lower by more than the margin is a decision to take on purpose: state the ``failure_cost``,
        or move the row. (Article, "The Routing Problem": under-routing.)

    Example with --evidence on-opus:
        - task: draft
          tier: sonnet
          evidence: {successes: 206, trials: 240, evaluated: 2026-11-01}

    Use instead with --evidence on-opus:
        - task: draft
          tier: sonnet
          evidence: {successes: 237, trials: 240, evaluated: 2026-11-01}
    """
    for route, _ in subject.measured_routes:
        better = better_higher(subject, route)
        if better is not None:
            yield Hit(_message(subject, route, better), ("routes", route.index, "tier"), move_to=better.tier)


def _message(subject: Subject, route: Route, better: Better) -> str:
    margin = as_percent(float(subject.limits.margin))
    likely = newcombe(better.sample, better.own, subject.confidence)
    lower = "" if better.tier == better.shown else f'; "{better.tier}" is within the margin of it'
    return (
        f'"{better.shown}" does "{route.task}" better than "{route.tier}": {shown(better.sample)} vs '
        f"{shown(better.own)}, a difference of {likely.low * 100:+.1f} to {likely.high * 100:+.1f} points, "
        f"more than the margin of {margin}{lower}{admission_note(subject, route, better.tier)}"
    )
