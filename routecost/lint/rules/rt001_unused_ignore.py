"""RT001 unused-ignore."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.lint.hit import Hit
from routecost.lint.ignore_comments import Comment
from routecost.lint.rule import rule
from routecost.problems import Severity, did_you_mean

MOST_CODES = 20
"""The maximum number of codes of a comment that are reported one by one."""


@rule("RT001", "unused-ignore", Severity.WARNING, reads_comments=True)
def check(comments: Sequence[Comment]) -> Iterator[Hit]:
    """An ignore comment has no effect.

    It names a rule that reports nothing on its line, names an unknown rule, or cannot be parsed. Also
    reported if it nearly has the form of one, such as ``# routecost ignore RT202`` or ``# noqa: RT202``.
    Rules that did not run (not selected, or without prices) are skipped.

    Why:
        An ignore that outlives its finding hides the next one. It also documents a decision that no
        longer applies, and so misleads readers of the table.

    Example:
        - {task: extract, tier: haiku}   # routecost: ignore[RT202] agreed in March

    Use instead:
        - {task: extract, tier: haiku}
    """
    for comment in comments:
        if not comment.selectors:
            expected = 'expected "routecost: ignore[RT201]" and a reason'
            yield Hit(f'"{comment.text}" cannot be parsed; {expected}', comment.position)
        for selector in comment.unused[:MOST_CODES]:
            name = selector.text
            if selector.codes:
                nothing = f"unused ignore: {name} reports nothing on this line"
                yield Hit(nothing, comment.position)
            else:
                kind = "code" if name[:1].isupper() else "name"
                yield Hit(
                    f'no rule has the {kind} "{name}"{did_you_mean(name, comment.known)}', comment.position
                )
        if len(comment.unused) > MOST_CODES:
            more = len(comment.unused) - MOST_CODES
            yield Hit(f"{more:,} more codes of this comment report nothing on this line", comment.position)
