"""RT305 reviewer-below-executor."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import KeyPath, Severity


@rule("RT305", "reviewer-below-executor", Severity.ERROR)
def check(subject: Subject) -> Iterator[Hit]:
    """A reviewer is on a lower tier than the executor whose work it checks.

    Applies to the table's reviewers and to that of a row. A tier may review itself.

    Why:
        A smaller model rarely finds an error that a larger model made; the review costs a call and
        catches little. (Article, "The Plan-and-Execute Pattern": reviewers run on the
        middle or the top tier.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        reviewer: {haiku: sonnet, sonnet: haiku}
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        reviewer: {haiku: sonnet, sonnet: opus}
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    for executor, reviewer, key_path in _reviews(subject):
        ranks = subject.ranks
        if executor in ranks and reviewer in ranks and ranks[reviewer] < ranks[executor]:
            yield Hit(f'"{reviewer}" reviews "{executor}"; expected the same tier or a higher one', key_path)


def _reviews(subject: Subject) -> Iterator[tuple[str, str, KeyPath]]:
    for executor, reviewer in subject.table.reviewer.items():
        yield executor, reviewer, ("reviewer", executor)
    for route in subject.routes:
        if route.reviewer is not None:
            yield route.tier, route.reviewer, ("routes", route.index, "reviewer")
