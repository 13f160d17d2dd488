"""A table as a section of a prompt: what it says, and what it refuses to leave out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routecost import DocumentError, planner_prompt
from routecost.lint.rule_docs import EXAMPLES
from tests.lint.worlds import DAY
from tests.lint.writing import evidence, measured, row, table


def test_the_prompt_holds_rows_escalation_and_failure_rates(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", measured(232, 250)),
        row("draft", "sonnet", "confidence: none, reviewer: opus"),
        row("approve", "opus"),
    ]
    text = planner_prompt(table(tmp_path, rows), as_of=DAY, library=EXAMPLES)
    assert "- `extract` -> **haiku** [states confidence]: fields out of a page (reasoning low" in text
    assert "- `draft` -> **sonnet** [reviewed by opus]: a text out of notes" in text
    assert "- Rejected work is retried higher up: from haiku to sonnet, from sonnet to opus." in text
    assert "- Work assigned to haiku fails 7.2% (18/250, 95% 4.6 to 11.1%)." in text
    assert "- `extract` on haiku fails 7.2% (18/250, 95% 4.6 to 11.1%); measured on 2026-11-01." in text
    assert "observed" not in planner_prompt("article")
    later = planner_prompt(table(tmp_path, rows), as_of=date(2027, 6, 1), library=EXAMPLES)
    assert "- Work assigned to haiku" not in later
    assert "11.1%); measured on 2026-11-01, which is not current." in later


def test_the_prompt_tells_the_paths_of_rows(tmp_path: Path) -> None:
    rows = [
        row("extract", "haiku", "escalation: [opus]"),
        row("draft", "sonnet", "escalation: [haiku, sonnet, opus]"),
        row("approve", "opus", "escalation: []"),
    ]
    text = planner_prompt(table(tmp_path, rows), library=EXAMPLES)
    assert "- `extract` -> **haiku** [states confidence, rejected work goes to opus]: fields" in text
    assert "- `draft` -> **sonnet** [states confidence, rejected work goes to opus]: a text" in text
    assert "- `approve` -> **opus** [states confidence, rejected work is not retried]:" in text
    assert "from sonnet to opus, unless its task type says otherwise." in text


def test_what_a_prompt_would_leave_out_is_refused(tmp_path: Path) -> None:
    rows = [row("extrakt", "haiku"), row("draft", "sonet"), row("draft", "sonnet")]
    with pytest.raises(DocumentError) as caught:
        planner_prompt(table(tmp_path, rows), library=EXAMPLES)
    codes = [finding.code for finding in caught.value.findings]
    assert codes == ["RT102", "RT101", "RT104", "RT103"]
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    misspelled = "{task: extrakt, tier: haiku, successes: 98, trials: 100, evaluated: 2026-11-01}"
    with pytest.raises(DocumentError, match='did you mean "extract"'):
        planner_prompt(table(tmp_path, rows), evidence=evidence(tmp_path, misspelled), library=EXAMPLES)


def test_a_title_of_several_lines_stays_on_its_own(tmp_path: Path) -> None:
    kinds = '  a: {title: "one\\n\\n# two", reasoning: low, ambiguity: low, stakes: low, tiers: [haiku]}'
    (tmp_path / "kinds.yaml").write_text(f"version: 1\ntiers: [haiku]\ntask_types:\n{kinds}\n")
    (tmp_path / "table.yaml").write_text(
        "version: 1\ntaxonomy: ./kinds.yaml\nroutes:\n  - {task: a, tier: haiku}\n"
    )
    assert "- `a` -> **haiku**: one # two (reasoning low" in planner_prompt(tmp_path / "table.yaml")
