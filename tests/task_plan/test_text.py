"""The text of planners: every form is read, and what is wrong is named with its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import routecost
from routecost.api.task_plan import PlanOptions
from routecost.documents.task_plan.plain_text import PlanText
from routecost.errors import DocumentError, UsageError
from routecost.model.scenario.workload import TokenShape

TOKENS = TokenShape.mean(Decimal(2_000), Decimal(500))
TIERS = ("haiku", "sonnet", "opus")


def read(text: str, **each: int) -> PlanText:
    plan_text = PlanText("plan.txt", TIERS, TOKENS, each)
    plan_text.read(text)
    return plan_text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1. Extract names \u2192 Haiku", ("Extract names", "haiku", 1, None, None)),
        ("1) Extract names -> HAIKU", ("Extract names", "haiku", 1, None, None)),
        ("- Extract names => sonnet (edge cases)", ("Extract names", "sonnet", 1, None, "edge cases")),
        ("* Extract names -> haiku \u00d7 12", ("Extract names", "haiku", 12, None, None)),
        ("2. Extract names x 3 -> haiku", ("Extract names", "haiku", 3, None, None)),
        ("2. Extract names -> haiku (short) x 1,000", ("Extract names", "haiku", 1000, None, "short")),
        ("2. Extract names -> haiku x 4 (short)", ("Extract names", "haiku", 4, None, "short")),
        ("3. Extract [extraction] -> opus", ("Extract", "opus", 1, "extraction", None)),
        ("4. Map a -> b -> opus", ("Map a -> b", "opus", 1, None, None)),
        ("5. For each company, look -> haiku", ("For each company, look", "haiku", 12, None, None)),
        ("5. Reach out -> haiku", ("Reach out", "haiku", 1, None, None)),
    ],
)
def test_forms(line: str, expected: tuple[object, ...]) -> None:
    rows = read(line, company=12)
    assert rows.findings == []
    (step,) = rows.steps
    assert (step.title, step.tier, step.repeats, step.task, step.because) == expected


def test_all_faults_come_at_once_with_their_places() -> None:
    steps = ("  1. For each page, read -> haiku", "  2. Sum up", "hello", "3. Draft -> sonet")
    findings = read("\n".join(("Task: T", "Subtasks:", *steps, "4. A -> opus x 0"))).findings
    places = [(finding.position.line, finding.position.column) for finding in findings]
    assert places == [(3, 3), (4, 3), (5, 1), (6, 1), (7, 1)]
    said = [finding.message for finding in findings]
    assert "for each page" in said[0]
    assert "--each page=12" in said[0]
    assert "has no tier" in said[1]
    assert '"hello" is not a step' in said[2]
    assert said[3].endswith('did you mean "sonnet"?')
    assert "0 repeats" in said[4]


def test_an_empty_text_is_no_plan() -> None:
    assert "no steps" in read("# nothing\n\n").findings[0].message


@given(st.text(max_size=300))
def test_any_text_ends_in_steps_or_findings(text: str) -> None:
    rows = read(text)
    assert rows.steps or rows.findings


PARTS = ["1. ", "- ", "a", " -> ", "haiku", "x 3", "(b)", "[c]", "each d", "\n", ": "]


@given(st.lists(st.sampled_from(PARTS)))
def test_any_order_of_its_parts_ends_in_steps_or_findings(parts: list[str]) -> None:
    rows = read("".join(parts))
    assert rows.steps or rows.findings


def test_text_needs_tokens(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("1. A -> haiku", encoding="utf-8")
    with pytest.raises(UsageError, match="add --tokens"):
        routecost.plan(file, pricing="claude-article")
    priced = routecost.plan(file, pricing="claude-article", options=PlanOptions(TOKENS))
    assert priced.total == Decimal("0.0036")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_bytes(b"1. A -> haiku\xff")
    with pytest.raises(UsageError, match="not UTF-8 text"):
        routecost.plan(file, pricing="claude-article", options=PlanOptions(TOKENS))


def test_faults_of_a_text_are_a_document_error(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text("1. A -> giant", encoding="utf-8")
    with pytest.raises(DocumentError, match='unknown tier "giant"'):
        routecost.plan(file, pricing="claude-article", options=PlanOptions(TOKENS))
