"""RT306 no-quality-signal."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity

_EXPECTED = 'expected "confidence: required", a reviewer, or both'


@rule("RT306", "no-quality-signal", Severity.WARNING)
def check(subject: Subject) -> Iterator[Hit]:
    """A row has neither a reviewer nor a confidence signal.

    Applies to rows below the top tier, whose work could escalate if a signal required it. If the
    table requires none anywhere, there is one finding.

    Why:
        An escalation path is used only if a failure is detected. Without a quality check, one trusted tier
        is better than routing that cannot detect its failures. (Article, "When Not to Route": tasks with
        no reliable quality signal.)

    Example:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet, confidence: required}
          - {task: approve, tier: opus}

    Use instead:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        routes:
          - {task: extract, tier: haiku, confidence: required}
          - {task: draft, tier: sonnet, confidence: required}
          - {task: approve, tier: opus}
    """
    together = subject.without_any_signal
    place = ("routes",) if subject.table.confidence is None else ("confidence",)
    known = {route.index for route in together}
    blind = [route for route in together if subject.reviewer_of(route) is None]
    if blind:
        message = f"no quality signal shows whether work succeeds, for {len(blind):,} task types"
        yield Hit(f"{message}; {_EXPECTED}", place, on_key=True)
    for route in subject.below_top():
        if (
            not route.signals
            and subject.reviewer_of(route) is None
            and route.index not in known
            and not route.opts_out
        ):
            message = f'no quality signal shows whether "{route.task}" succeeds on "{route.tier}"'
            yield Hit(f"{message}; {_EXPECTED}", ("routes", route.index, "tier"))
