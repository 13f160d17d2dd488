"""RT002 reasonless-ignore."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.lint.hit import Hit
from routecost.lint.ignore_comments import Comment
from routecost.lint.rule import rule
from routecost.problems import Severity


@rule("RT002", "reasonless-ignore", Severity.WARNING, reads_comments=True)
def check(comments: Sequence[Comment]) -> Iterator[Hit]:
    """A finding is ignored without a reason.

    The finding stays ignored. RT001 reports comments that ignore nothing.

    Why:
        The table records a team's routing decisions. To ignore a rule is such a decision. Without its
        reason, a later reader cannot check whether it still applies.

    Example:
        - {task: extract, tier: sonnet}   # routecost: ignore[RT202]

    Use instead:
        - {task: extract, tier: sonnet}   # routecost: ignore[RT202] scanned pages until May
    """
    for comment in comments:
        unused = set(comment.unused)
        used = [selector.text for selector in comment.selectors if selector not in unused]
        if used and not comment.reason:
            yield Hit(
                f"{', '.join(used)} is ignored without a reason; add one after the bracket", comment.position
            )
