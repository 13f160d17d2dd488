"""Reports of lint rules: a table of all rules, or a page for one rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routecost.lint.rule import Rule
from routecost.lint.rule_docs import ABOUT_EXAMPLES, CODE_MARK, Example, plain
from routecost.model.report.cells import Code, Column, Unit
from routecost.model.report.report import Audience, Block, Listing, Note, Report, Table

_COLUMNS = (
    Column("code", "code"),
    Column("rule", "rule"),
    Column("severity", "severity"),
    Column("summary", "finds"),
    Column("needs_prices", "needs prices", Unit.FLAG),
    Column("needs_scenario", "needs a scenario", Unit.FLAG),
)
_PAGE = (
    *_COLUMNS,
    Column("what", "what it does"),
    Column("why", "why"),
    Column("example", "example"),
    Column("use_instead", "use instead"),
)


def report(rules: Sequence[Rule]) -> Report:
    """Return the report of all rules, a row each."""
    rows = [_row(rule) for rule in rules]
    return Report("rules", "Rules of routecost validate", {}, (Table("rules", _COLUMNS, rows),))


def page(rule: Rule) -> Report:
    """Return the page of one rule: purpose, reason, and examples."""
    docs = rule.docs
    row = [*_row(rule), plain(docs.what), plain(docs.why), docs.example.table, docs.instead.table]
    table = Table("rules", _PAGE, [row], audience=Audience.MACHINES)
    return Report("rules", f"{rule} ({rule.severity})", {}, (*_sections(rule), table))


def _row(rule: Rule) -> list[str | bool]:
    needs = (rule.needs_prices, rule.needs_scenario)
    return [rule.code, rule.name, rule.severity.value, plain(rule.docs.summary), *needs]


def _note(text: str) -> Note:
    """Return a paragraph of a docstring, whose code is between double backticks."""
    pieces = text.split(CODE_MARK)
    return Note.of(*(Code(piece) if at % 2 else piece for at, piece in enumerate(pieces) if piece))


def _sections(rule: Rule) -> Iterator[Block]:
    for paragraph in rule.docs.what.split("\n\n"):
        yield _note(paragraph)
    yield _note(f"Why: {rule.docs.why}")
    yield _listing("Example", rule.docs.example)
    yield _listing("Use instead", rule.docs.instead)
    yield Note.of(ABOUT_EXAMPLES)


def _listing(title: str, example: Example) -> Listing:
    return Listing(title + (f", with {example.options}" if example.options else ""), example.table)
