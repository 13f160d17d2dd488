"""Evidence and scenarios that cannot be: refused, with their places."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecost import DocumentError, validate
from routecost.errors import UsageError
from routecost.lint.rule_docs import EXAMPLES
from tests.lint.writing import evidence, row, table


@pytest.mark.parametrize(
    ("faulty", "message"),
    [
        ("successes: 11, trials: 10, evaluated: 2026-11-01", "11 successes of 10 trials"),
        ("successes: 9, trials: 10, evaluated: 2026-11-01, escalated: 11", "11 escalated of 10 trials"),
        ("successes: nan, trials: 10, evaluated: 2026-11-01", '"nan" is not a whole number'),
        ("successes: 1.5, trials: 10, evaluated: 2026-11-01", "1.5 is not a whole number"),
        ("successes: 0, trials: 0, evaluated: 2026-11-01", "no trials"),
        ("successes: -1, trials: 10, evaluated: 2026-11-01", '"-1" is out of range'),
        ("successes: 1, trials: 10, evaluated: 2026-13-01", "is not a date"),
        ("successes: 1, trials: 1e40, evaluated: 2026-11-01", "out of range"),
    ],
)
def test_evidence_that_cannot_be_is_refused_with_its_place(tmp_path: Path, faulty: str, message: str) -> None:
    file = evidence(tmp_path, f"{{task: extract, tier: haiku, {faulty}}}")
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    with pytest.raises(DocumentError, match=message) as caught:
        validate(table(tmp_path, rows), evidence=file, library=EXAMPLES)
    assert caught.value.findings[0].position.line == 3


def test_evidence_that_is_said_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    same = "{task: extract, tier: haiku, successes: 9, trials: 10, evaluated: 2026-11-01}"
    rows = [row("extract", "haiku"), row("draft", "sonnet"), row("approve", "opus")]
    with pytest.raises(DocumentError, match=r"measured twice .* the first is on line 3, column 5") as caught:
        validate(table(tmp_path, rows), evidence=evidence(tmp_path, same, same), library=EXAMPLES)
    assert caught.value.findings[0].position.line == 4


def test_an_empty_evidence_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evidence.yaml").write_text("")
    with pytest.raises(DocumentError, match="the document is empty"):
        validate("article", evidence=tmp_path / "evidence.yaml")
    with pytest.raises(UsageError, match="cannot read"):
        validate("article", evidence=tmp_path / "none.yaml")


def test_faults_of_the_scenario_and_the_table_come_together(tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("version: 1\npricing: dated\n")
    (tmp_path / "table.yaml").write_text("version: 1\ntaxonomy: three-steps\n")
    with pytest.raises(DocumentError) as caught:
        validate(tmp_path / "table.yaml", scenario=tmp_path / "fleet.yaml", library=EXAMPLES)
    assert {Path(finding.position.file).name for finding in caught.value.findings} == {
        "fleet.yaml",
        "table.yaml",
    }
