"""RT301 escalation-skips-tier."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Fix, Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity
from routecost.source.editing import scalar_yaml


@rule("RT301", "escalation-skips-tier", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """An escalation path skips a tier.

    Applies to the table's path and to that of a row, which starts at the row's tier. ``--fix`` adds
    the skipped tiers.

    Why:
        The next tier up usually completes work that one tier fails at; sending it straight to the top
        pays the highest price for a failure that a cheaper retry would have corrected. (Article,
        "Failure Mode 3: Cascade Over-Routing from Upstream Failures".)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    for path in subject.paths:
        for step in path.steps() if path.rises else ():
            if step.rise > 1:
                rank = subject.ranks[step.source]
                skipped = subject.taxonomy.tiers[rank + 1 : rank + step.rise]
                names = " and ".join(f'"{tier}"' for tier in skipped)
                message = f'escalation from "{step.source}" to "{step.target}" skips {names}'
                fixes = tuple(
                    Fix(path.key_path, scalar_yaml(tier), int(step.key_path[-1])) for tier in skipped
                )
                yield Hit(message, step.key_path, fixes=fixes)
