"""Example documents load, or are refused with every fault at its place. See ``examples``."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecost import DocumentError
from tests.documents.examples import HERE, accept, as_text, cases, expected, findings, load


@pytest.mark.parametrize("case", cases("positive"))
def test_positive(case: str, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    monkeypatch.chdir(HERE / "positive")
    load(case)
    compare_findings(case, pytestconfig)


@pytest.mark.parametrize("case", cases("negative"))
def test_negative(case: str, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config) -> None:
    monkeypatch.chdir(HERE / "negative")
    with pytest.raises(DocumentError):
        load(case)
    compare_findings(case, pytestconfig)


@pytest.mark.parametrize("case", cases("negative"))
def test_findings_point_into_the_text(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "negative")
    for finding in findings(case):
        where = finding.position
        lines = Path(where.file).read_text(encoding="utf-8").splitlines() or [""]
        assert 1 <= where.line <= len(lines) + 1
        line = [*lines, ""][where.line - 1]
        assert 1 <= where.column <= len(line) + 1
        assert finding.source_line in (line, None)


def test_no_finding_is_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE / "negative")
    for case in cases("negative"):
        reported = findings(case)
        assert len(set(reported)) == len(reported), case


def test_every_expectation_has_its_document() -> None:
    stored = list(HERE.glob("*/*/*.findings"))
    assert stored
    assert [path for path in stored if not path.with_suffix(".yaml").exists()] == []


def compare_findings(case: str, pytestconfig: pytest.Config) -> None:
    found, path = as_text(findings(case)), Path(case)
    if pytestconfig.getoption("--update-golden"):
        accept(path, found)
    assert found == expected(path)
