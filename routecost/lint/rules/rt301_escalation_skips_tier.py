"""RT301 escalation-skips-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.registry import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT301", "escalation-skips-tier", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """An escalation path jumps over a tier.

    It holds for the table's path and for that of a row, which starts at the row's own tier.

    Why:
        What one tier rejects, the next one up usually settles; sending it straight to the top pays
        the highest price for a fault that a cheaper retry would have caught. (Article, "Failure
        Mode 3: Cascade Over-Routing from Upstream Failures".)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, opus]
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    for path in subject.paths:
        for step in path.steps() if path.rises else ():
            if step.rise > 1:
                rank = subject.ranks[step.source]
                skipped = " and ".join(
                    f'"{tier}"' for tier in subject.taxonomy.tiers[rank + 1 : rank + step.rise]
                )
                yield Hit(f'escalation from "{step.source}" to "{step.target}" skips {skipped}', step.way)
