"""RT107 retiring-model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from routecost.engine.pricing.tier_models import retires
from routecost.lint.hit import Hit
from routecost.lint.rule import rule
from routecost.lint.subject import Subject
from routecost.problems import Severity


@rule("RT107", "retiring-model", Severity.WARNING, needs_prices=True)
def check(subject: Subject) -> Iterator[Hit]:
    """The model of a tier that the table uses retires soon, or has retired.

    The pricing sheet states the last day of its last price (``until``), which imports take from the
    date of deprecation, and no later model of the tier. The limit is ``retirement_days``, 90 by default,
    from the day of the check. Fallbacks are checked, too.

    Why:
        The tier's next model needs evidence of its own, and a place in the budget, before the old one is
        switched off. (Article, "Failure Mode 1: Routing Table Staleness": evaluate every quarter.)

    Example with --pricing retiring:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}

    Use instead with --pricing claude-2026-11:
        version: 1
        taxonomy: three-steps
        escalation: [haiku, sonnet, opus]
        confidence: required
        routes:
          - {task: extract, tier: haiku}
          - {task: draft, tier: sonnet}
          - {task: approve, tier: opus}
    """
    sheet, day = subject.sheet, subject.validity.day
    if sheet is None:
        return
    for tier, reference in subject.first_references.items():
        retiring = retires(sheet, tier, day)
        if retiring is not None:
            message = _message(subject, *retiring)
            if message:
                yield Hit(f'{message}; "{tier}" has no later model', reference.key_path, reference.on_key)
    for tier, models in subject.table.fallbacks.items():
        for at, model in enumerate(models):
            last = sheet.last_day(model)
            message = "" if last is None else _message(subject, model, last)
            if message:
                yield Hit(f'{message}; it is a fallback of "{tier}"', ("fallbacks", tier, at))


def _message(subject: Subject, model: str, last: date) -> str:
    """Return the message about a model with its last day; empty if that is far away."""
    days = (last - subject.validity.day).days
    if days > subject.limits.retirement_days:
        return ""
    when = f"in {days} days" if days > 0 else "today" if days == 0 else f"{-days} days ago"
    return f'"{model}" retires on {last}, {when}' if days >= 0 else f'"{model}" retired on {last}, {when}'
