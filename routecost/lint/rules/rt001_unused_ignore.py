"""RT001 unused-ignore."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.lint.hit import Hit
from routecost.lint.ignore_comments import Comment
from routecost.lint.rule import rule
from routecost.problems import Severity, did_you_mean


@rule("RT001", "unused-ignore", Severity.WARNING, reads_comments=True)
def check(comments: Sequence[Comment]) -> Iterator[Hit]:
    """A comment ignores what is not there.

    It names a rule that finds nothing on its line, names no rule at all, or is not understood.
    Rules that did not run, because they were not selected or need prices, are left alone.

    Why:
        An ignore that outlives its fault hides the next one. It is also the trace of a decision
        that no longer holds, and so misleads whoever reads the table.

    Example:
        - {task: extract, tier: haiku}   # routecost: ignore[RT202] agreed in March

    Use instead:
        - {task: extract, tier: haiku}
    """
    for comment in comments:
        if not comment.codes:
            message = f'"{comment.text}" is not understood; expected "ignore[RT201]" and a reason'
            yield Hit(message, comment.position)
        for code in comment.unused:
            if code in comment.known:
                yield Hit(f"{code} is ignored here, but nothing on this line raises it", comment.position)
            else:
                yield Hit(
                    f'no rule has the code "{code}"{did_you_mean(code, comment.known)}', comment.position
                )
