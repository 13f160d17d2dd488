"""Runs rules over a table: their hits become findings, comments may ignore them, and all are sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from routecost.lint.hit import Hit
from routecost.lint.registry import Rule, rules
from routecost.lint.subject import Subject
from routecost.lint.suppress import apply, comments
from routecost.model.validation import RuleNote, Validation
from routecost.problems import Finding, Position
from routecost.source import Document


def lint(subject: Subject, chosen: Sequence[Rule]) -> Validation:
    """Return what the chosen rules say about a table."""
    run = [rule for rule in chosen if subject.sheet is not None or not rule.needs_prices]
    found = list(_findings(subject.document, subject, (rule for rule in run if not rule.reads_comments)))
    unjudged = {rule.code for rule in rules()} - {rule.code for rule in run}
    kept, said = apply(found, comments(subject.document), unjudged)
    ignored = len(found) - len(kept)
    kept += _findings(subject.document, said, (rule for rule in run if rule.reads_comments))
    return Validation(
        table=subject.table.name,
        taxonomy=subject.taxonomy.name,
        pricing=None if subject.sheet is None else subject.sheet.name,
        as_of=None if subject.sheet is None else subject.day,
        findings=tuple(sorted(kept, key=Finding.sort_key)),
        ignored=ignored,
        rules=tuple(map(_note, run)),
        skipped=tuple(_note(rule) for rule in chosen if rule not in run),
    )


def _findings(document: Document, judged: Any, chosen: Iterable[Rule]) -> Iterator[Finding]:
    for rule in chosen:
        for hit in rule.check(judged):
            position = _position(document, hit)
            yield Finding(
                _message(document, hit),
                position,
                rule.severity,
                rule.code,
                rule.name,
                document.line(position.line),
            )


def _position(document: Document, hit: Hit) -> Position:
    where = hit.where
    return where if isinstance(where, Position) else document.position(where, key=hit.on_key)


def _message(document: Document, hit: Hit) -> str:
    if hit.earlier is None:
        return hit.message
    earlier = document.position(hit.earlier)
    return f"{hit.message} on line {earlier.line}, column {earlier.column}"


def _note(rule: Rule) -> RuleNote:
    return RuleNote(rule.code, rule.name, rule.severity, rule.docs.summary, rule.docs.why)
