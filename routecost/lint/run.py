"""Runs rules over a table: their hits become findings, comments may ignore them, and all are sorted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from routecost.errors import EnvironmentFailure
from routecost.lint.baseline import Baseline
from routecost.lint.hit import Found, Hit
from routecost.lint.ignore_comments import apply, comments
from routecost.lint.registry import built_in, rules
from routecost.lint.rule import Rule
from routecost.lint.subject import Subject
from routecost.model.results.validation import RuleNote, Validation
from routecost.problems import Finding, Position
from routecost.source import Document


@dataclass(frozen=True, slots=True)
class Judgement:
    """What rules found that no comment ignores, how much comments ignore, and which rules ran."""

    found: tuple[Found, ...]
    ignored: int
    run: tuple[Rule, ...]


def lint(subject: Subject, chosen: Sequence[Rule], baseline: Baseline | None = None) -> Validation:
    """Return what the chosen rules say about a table, and did not say when the baseline was written."""
    judgement = judge(subject, chosen)
    findings = sorted((each.finding for each in judgement.found), key=Finding.sort_key)
    judged = {rule.code for rule in judgement.run}
    new, known, gone = (findings, 0, 0) if baseline is None else baseline.compare(findings, judged)
    return Validation(
        table=subject.table.name,
        taxonomy=subject.taxonomy.name,
        pricing=None if subject.sheet is None else subject.sheet.name,
        as_of=None if subject.sheet is None else subject.day,
        findings=tuple(new),
        ignored=judgement.ignored,
        rules=tuple(map(_note, judgement.run)),
        skipped=tuple(_note(rule) for rule in chosen if rule not in judgement.run),
        scenario=None if subject.scenario is None else subject.scenario.name,
        known=known,
        gone=gone,
        warnings=subject.warnings,
    )


def judge(subject: Subject, chosen: Sequence[Rule]) -> Judgement:
    """Run those of the chosen rules that have what they need."""
    run = tuple(rule for rule in chosen if _has_what_it_needs(rule, subject))
    found = list(_found(subject, subject, (rule for rule in run if not rule.reads_comments)))
    known = tuple(rule.code for rule in rules())
    unjudged = set(known) - {rule.code for rule in run}
    said = [replace(comment, known=known) for document in subject.documents for comment in comments(document)]
    kept, judged = apply(found, said, unjudged)
    ignored = len(found) - len(kept)
    kept += _found(subject, judged, (rule for rule in run if rule.reads_comments))
    return Judgement(tuple(kept), ignored, run)


def _has_what_it_needs(rule: Rule, subject: Subject) -> bool:
    missing_prices = rule.needs_prices and subject.sheet is None
    return not (missing_prices or (rule.needs_scenario and subject.scenario is None))


def _found(subject: Subject, judged: Any, chosen: Iterable[Rule]) -> Iterator[Found]:
    documents = {document.file: document for document in subject.documents}
    for rule in chosen:
        for hit in _hits(rule, judged):
            yield Found(_finding(subject, documents, rule, hit), hit)


def _hits(rule: Rule, judged: Any) -> Iterator[Hit]:
    try:
        yield from rule.check(judged)
    except Exception as error:
        if rule in built_in():
            raise
        what = f"{type(error).__name__}: {error}"
        raise EnvironmentFailure(f'the rule "{rule}" of another package failed: {what}') from error


def _finding(subject: Subject, documents: Mapping[str, Document], rule: Rule, hit: Hit) -> Finding:
    position = _position(subject.document, hit)
    document = documents.get(position.file, subject.document)
    return Finding(
        _message(subject.document, hit),
        position,
        rule.severity,
        rule.code,
        rule.name,
        document.line(position.line),
        hit.task or _task(subject, hit),
    )


def _task(subject: Subject, hit: Hit) -> str | None:
    match hit.where:
        case ("routes", int(index), *_):
            return subject.table.routes[index].task
    return None


def _position(document: Document, hit: Hit) -> Position:
    where = hit.where
    return where if isinstance(where, Position) else document.position(where, key=hit.on_key)


def _message(document: Document, hit: Hit) -> str:
    if hit.earlier is None:
        return hit.message
    earlier = document.position(hit.earlier)
    return f"{hit.message} on line {earlier.line}, column {earlier.column}"


def _note(rule: Rule) -> RuleNote:
    docs = rule.docs
    return RuleNote(
        rule.code, rule.name, rule.severity, docs.summary, docs.what, docs.why, rule.needs_scenario
    )
