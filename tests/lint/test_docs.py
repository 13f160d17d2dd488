"""What rules say of themselves is true: their examples are run, and docs/rules.md is made from them."""

from __future__ import annotations

import re
import runpy
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from routecost import load_pricing
from routecost.documents.core.loader import Loader
from routecost.documents.routing.load import load_taxonomy
from routecost.library import Library
from routecost.lint.load import Sources, load
from routecost.lint.registry import rules
from routecost.lint.rule import Rule
from routecost.lint.rule_docs import ABOUT_EXAMPLES, EXAMPLES, Example, parse
from routecost.lint.run import lint
from routecost.render import write
from routecost.report.routing.rules import page, report

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 22)


def codes(example: Example, folder: Path) -> set[str | None]:
    """Lint an example with every rule."""
    file = folder / "table.yaml"
    file.write_text(example.table, encoding="utf-8")
    evidence = None if example.evidence is None else str(EXAMPLES / "evidence" / f"{example.evidence}.yaml")
    checked_against = (None, example.pricing, evidence, example.scenario)
    subject = load(Sources(str(file), Library(EXAMPLES), *checked_against), DAY)
    assert not subject.warnings
    return {finding.code for finding in lint(subject, rules()).findings}


@pytest.mark.parametrize("rule", rules(), ids=str)
def test_the_example_raises_the_rule_and_no_other(rule: Rule, tmp_path: Path) -> None:
    assert codes(rule.docs.example, tmp_path) == {rule.code}


@pytest.mark.parametrize("rule", rules(), ids=str)
def test_what_to_use_instead_raises_nothing(rule: Rule, tmp_path: Path) -> None:
    assert codes(rule.docs.instead, tmp_path) == set()


@pytest.mark.parametrize("rule", rules(), ids=str)
def test_a_rule_says_what_it_does_and_why(rule: Rule) -> None:
    docs = rule.docs
    assert docs.summary.endswith(".")
    assert docs.what.startswith(docs.summary)
    assert "Article," in docs.why or "ur own reasoning" in docs.why or rule.reads_comments
    assert rule.needs_prices == (docs.example.pricing is not None)


def test_the_note_on_the_examples_is_true() -> None:
    loader = Loader(Library(EXAMPLES))
    taxonomy = loader.finish(load_taxonomy(loader, EXAMPLES / "tables" / "three-steps.yaml"))
    assert f'"{taxonomy.name}"' in ABOUT_EXAMPLES
    pairs = [f"{tier} for {kind.name}" for kind in taxonomy.task_types.values() for tier in kind.tiers]
    assert all(pair in ABOUT_EXAMPLES for pair in pairs)


def test_the_sheets_of_the_examples_load() -> None:
    sheets = list((EXAMPLES / "pricing").glob("*.yaml"))
    assert {load_pricing(file).name for file in sheets} == {
        rule.docs.example.pricing for rule in rules() if rule.needs_prices
    }


def test_the_page_of_all_rules_has_not_drifted() -> None:
    text = runpy.run_path(str(ROOT / ".ci" / "rules_page.py"))["page"]()
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == text, "run: make docs"


def test_codes_and_names_are_unique_and_name_the_files() -> None:
    files = {file.stem for file in (ROOT / "routecost" / "lint" / "rules").glob("rt*.py")}
    assert files == {f"{rule.code.lower()}_{rule.name.replace('-', '_')}" for rule in rules()}
    assert len({rule.code for rule in rules()}) == len({rule.name for rule in rules()}) == len(files)


def test_reports_of_rules_hold_what_machines_need() -> None:
    (table,) = report(rules()).tables
    assert [record["code"] for record in table.records()] == [rule.code for rule in rules()]
    (table,) = page(rules()[0]).tables
    (record,) = table.records()
    assert record["example"] == rules()[0].docs.example.table


def test_rows_alone_stand_in_a_sound_table() -> None:
    rows = "Example:\n    - task: draft\n      tier: opus\n    - {task: other, tier: haiku}\n"
    parsed = parse(f"What.\n\nWhy:\n    so\n\n{rows}\nUse instead:\n    - {{task: draft, tier: sonnet}}\n")
    assert parsed.example.table == (
        "version: 1\ntaxonomy: three-steps\nescalation: [haiku, sonnet, opus]\nconfidence: required\n"
        "routes:\n  - {task: extract, tier: haiku}\n  - task: draft\n    tier: opus\n"
        "  - {task: approve, tier: opus}\n  - {task: other, tier: haiku}\n"
    )
    assert parsed.instead.table == rules()[0].docs.instead.table


@pytest.mark.parametrize(
    "docstring", ["", "What.\n\nWhy:\n    so\n\nExample:\n    a: b", "Why:\n\nUse instead:\n"]
)
def test_a_docstring_without_its_sections_is_refused(docstring: str) -> None:
    with pytest.raises(ValueError, match="sections Why, Example and Use instead"):
        parse(docstring)


@pytest.mark.parametrize("rule", rules(), ids=str)
def test_code_is_marked_in_markdown_only(rule: Rule) -> None:
    code = re.findall("``(.+?)``", f"{rule.docs.what} {rule.docs.why}")
    texts = {}
    for name in ("text", "markdown", "json"):
        sink = StringIO()
        write(page(rule), name, sink)
        texts[name] = sink.getvalue()
    assert "``" not in "".join(texts.values()).replace("```", "")
    assert "`" not in texts["text"] + texts["json"]
    assert all(f"`{piece}`" in texts["markdown"] for piece in code)
