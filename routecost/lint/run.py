"""Lint runs: apply rules to a table, locate their hits, drop ignored and known ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from routecost.errors import EnvironmentFailure
from routecost.lint.baseline import Baseline
from routecost.lint.hit import Hit, LocatedHit
from routecost.lint.ignore_comments import apply, comments
from routecost.lint.registry import built_in, rules
from routecost.lint.rule import Rule
from routecost.lint.rule_docs import plain
from routecost.lint.subject import Subject
from routecost.model.results.validation import RuleNote, Validation
from routecost.problems import Finding, Position
from routecost.records import dataclass
from routecost.source import Document


@dataclass(frozen=True, slots=True)
class RuleRun:
    """Hits that no comment ignores, the count of ignored hits, and the rules that ran."""

    hits: tuple[LocatedHit, ...]
    ignored: int
    rules: tuple[Rule, ...]


def lint(
    subject: Subject,
    chosen: Sequence[Rule],
    baseline: Baseline | None = None,
    packages: tuple[str, ...] = (),
) -> Validation:
    """Return the findings of the chosen rules that are not in the baseline.

    ``packages`` are those that further rules come from.
    """
    run = run_rules(subject, chosen, packages)
    findings = sorted((hit.finding for hit in run.hits), key=Finding.sort_key)
    codes_run = {rule.code for rule in run.rules}
    new, known, gone = (findings, 0, 0) if baseline is None else baseline.compare(findings, codes_run)
    return Validation(
        table=subject.table.name,
        taxonomy=subject.taxonomy.name,
        pricing=None if subject.sheet is None else subject.sheet.name,
        as_of=None if subject.sheet is None else subject.day,
        findings=tuple(new),
        ignored=run.ignored,
        rules=tuple(map(_note, run.rules)),
        skipped=tuple(_note(rule) for rule in chosen if rule.code not in codes_run),
        scenario=None if subject.scenario is None else subject.scenario.name,
        known=known,
        gone=gone,
        warnings=subject.warnings,
        evidence_as_of=subject.validity.day if subject.all_evidence else None,
    )


def run_rules(subject: Subject, chosen: Sequence[Rule], packages: tuple[str, ...] = ()) -> RuleRun:
    """Run the chosen rules whose inputs (prices, scenario) are present; see :func:`lint`."""
    runnable = tuple(rule for rule in chosen if _can_run(rule, subject))
    located = _hits(subject, subject, (rule for rule in runnable if not rule.reads_comments))
    hits = list({_identity(hit.finding): hit for hit in located}.values())
    names = {rule.code: rule.name for rule in rules(packages)}
    not_run = set(names) - {rule.code for rule in runnable}
    all_comments = [comment for document in subject.documents for comment in comments(document)]
    kept, checked = apply(hits, all_comments, names, not_run)
    ignored = len(hits) - len(kept)
    kept += _hits(subject, checked, (rule for rule in runnable if rule.reads_comments))
    return RuleRun(tuple(kept), ignored, runnable)


def _identity(finding: Finding) -> tuple[object, ...]:
    """Return what findings about text that an anchor shares have in common."""
    return finding.code, finding.position, finding.message


def _can_run(rule: Rule, subject: Subject) -> bool:
    missing_prices = rule.needs_prices and subject.sheet is None
    return not (missing_prices or (rule.needs_scenario and subject.scenario is None))


def _hits(subject: Subject, checked: Any, chosen: Iterable[Rule]) -> Iterator[LocatedHit]:
    documents = {document.file: document for document in subject.documents}
    for rule in chosen:
        for hit in _hits_of(rule, checked):
            yield LocatedHit(_finding(subject, documents, rule, hit), hit)


def _hits_of(rule: Rule, checked: Any) -> Iterator[Hit]:
    try:
        yield from rule.check(checked)
    except Exception as error:
        if rule in built_in():
            raise
        reason = f"{type(error).__name__}: {error}"
        raise EnvironmentFailure(f'the rule "{rule}" of another package failed: {reason}') from error


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
        rule.code,
        rule.name,
        rule.severity,
        plain(docs.summary),
        plain(docs.what),
        plain(docs.why),
        rule.needs_scenario,
    )
