"""RT405 miscalibrated-planner."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.calibration import gaps
from routecost.lint.facts.evidence import failing, percent
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT405", "miscalibrated-planner", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """Work on a tier fails significantly more often than work on the next one.

    The rows' own evidence is pooled by tier, and each tier held against the next one up that has
    evidence; so is each row by itself. The p-values of Fisher's exact test are corrected for their number
    (Holm), and rates that differ by less than ``failure_gap``, 2% by default, are let pass.

    Why:
        Whoever assigns tiers sees that a task looks simple, not that it is hard to do. When the work it
        sends to the small model fails far more often than the work it sends higher up, its judgement is
        off, and needs these numbers. (Article, "Failure Mode 4: Planner Overconfidence".)

    Example:
        - task: extract
          tier: haiku
          evidence: {successes: 232, trials: 250, evaluated: 2026-11-01}
        - task: draft
          tier: sonnet
          evidence: {successes: 178, trials: 180, evaluated: 2026-11-01}

    Use instead:
        - task: extract
          tier: haiku
          evidence: {successes: 246, trials: 250, evaluated: 2026-11-01}
        - task: draft
          tier: sonnet
          evidence: {successes: 178, trials: 180, evaluated: 2026-11-01}
    """
    for found in gaps(subject.rested, tuple(subject.ranks), subject.limits):
        low = failing(found.low, subject.confidence)
        high = (
            f"{percent(found.high.failures.rate)} ({found.high.failures.successes:,}/{found.high.trials:,})"
        )
        subjects = found.low_tier if found.task is None else f'"{found.task}" on {found.low_tier}'
        message = f"{subjects} fails {low}, {found.high_tier} {high}: the planner sends too much to"
        yield Hit(f"{message} {found.low_tier}", ("routes", found.index, "tier"))
