"""RT301 escalation-skips-tier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.lint.hit import Fix, Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.model.routing.table import Route
from routecost.problems import Severity
from routecost.source.editing import scalar_yaml


@rule("RT301", "escalation-skips-tier", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """An escalation path skips a tier.

    Applies to the table's path and to that of a row, which starts at the row's tier. A tier that may not
    see the work of a row on the path (RT307) may be skipped. ``--fix`` adds the skipped tiers.

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
        users = subject.users_of(path)
        for step in path.steps() if path.rises else ():
            rank = subject.ranks[step.source]
            between = subject.taxonomy.tiers[rank + 1 : rank + step.rise]
            skipped = [tier for tier in between if not _is_forbidden(subject, users, tier)]
            if skipped:
                names = " and ".join(f'"{tier}"' for tier in skipped)
                message = f'escalation from "{step.source}" to "{step.target}" skips {names}'
                at = int(step.key_path[-1])
                fixes = tuple(Fix(path.key_path, scalar_yaml(tier), at) for tier in skipped)
                yield Hit(message, step.key_path, fixes=() if _is_unknown(subject, users) else fixes)


def _is_forbidden(subject: Subject, users: Sequence[Route], tier: str) -> bool:
    """Return whether a tier may not see the work of a row that uses a path."""
    return any(subject.why_forbidden(route.task, tier) is not None for route in users)


def _is_unknown(subject: Subject, users: Sequence[Route]) -> bool:
    """Return whether only a pricing sheet could say which tiers may see the work of the rows."""
    kinds = [subject.taxonomy.task_types.get(route.task) for route in users]
    return subject.sheet is None and any(kind is not None and kind.requires for kind in kinds)
