"""RT405 miscalibrated-planner."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.facts.evidence import as_percent, failure_rate_text
from routecost.lint.hit import Hit
from routecost.lint.placement import gaps
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT405", "miscalibrated-planner", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """Work on a tier fails significantly more often than work on the next one.

    Compares each row, and all rows of a tier together, with the next higher tier that has evidence. Rows
    that fail by themselves are reported by themselves; the others together only if they fail without those,
    at the row with the most failures. Rows that RT202, their failure cost (RT203) or evidence on a higher
    tier keep where they are, or lower, are not reported. The p-values of Fisher's exact test are corrected
    for multiple comparisons (Holm). Rates that differ by less than ``failure_gap``, 2% by default, are not
    reported.

    Why:
        A planner that assigns tiers sees that a task looks simple, not that it is hard. If the work that
        it sends to the small model fails far more often than the work that it sends to higher tiers, its
        judgement is wrong, and it needs these numbers. (Article, "Failure Mode 4: Planner
        Overconfidence".)

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
    for gap in gaps(subject):
        low = failure_rate_text(gap.low, subject.confidence)
        high = f"{as_percent(gap.high.failures.rate)} ({gap.high.failures.successes:,}/{gap.high.trials:,})"
        subjects = gap.low_tier if gap.task is None else f'"{gap.task}" on {gap.low_tier}'
        message = f"{subjects} fails {low}, {gap.high_tier} {high}: the planner sends too much to"
        yield Hit(f"{message} {gap.low_tier}", ("routes", gap.index, "tier"))
