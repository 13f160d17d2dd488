"""Limits come from the table, else from the project's pyproject.toml, else they are the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from routecost import DocumentError, validate
from routecost.documents.config import find_config, read_limits
from routecost.errors import UsageError
from routecost.lint.docs import EXAMPLES
from routecost.model.limits import DEFAULT_LIMITS
from tests.lint.worlds import DAY

TABLE = """\
version: 1
taxonomy: three-steps
escalation: [haiku, sonnet, opus]
confidence: required
routes:
  - {task: extract, tier: haiku, evidence: {successes: 98, trials: 100, evaluated: 2026-10-01}}
  - {task: draft, tier: sonnet}
  - {task: approve, tier: opus}
"""


def codes(folder: Path, limits: str = "", config: str | None = None) -> list[str | None]:
    (folder / "table.yaml").write_text(TABLE + limits)
    (folder / "pyproject.toml").write_text(config or "")
    made = validate(
        folder / "table.yaml",
        as_of=DAY,
        config=None if config is None else folder / "pyproject.toml",
        library=EXAMPLES,
    )
    return [finding.code for finding in made.findings]


def test_the_table_has_the_last_word(tmp_path: Path) -> None:
    strict = "[tool.routecost.limits]\nevidence_days = 30\ntrials = 200\n"
    assert codes(tmp_path) == []
    assert codes(tmp_path, config=strict) == ["RT403", "RT401"]
    assert codes(tmp_path, "limits: {evidence_days: 60}\n", strict) == ["RT403"]
    assert codes(tmp_path, "limits: {evidence_days: 10}\n") == ["RT401"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("limits = {evidence_dais = 3}", 'unknown key "evidence_dais"; did you mean "evidence_days"'),
        ("limits = {evidence_days = 1.5}", "1.5 is not a whole number"),
        ("limits = {margin = -0.1}", '"-0.1" is out of range'),
        ("limits = {margin = 0}", "a margin of 0 can never be met"),
        ("limits = {margin = nan}", '"nan" is not a share'),
        ("limits = {confidence = '100%'}", "expected 50% or more, and less than 100%"),
        ("limits = {trials = true}", '"true" is not a count'),
        ("limits = [1]", "a list is given"),
        ("limit = {trials = 3}", 'unknown key "limit"; did you mean "limits"'),
    ],
)
def test_faults_of_the_configuration_are_findings_at_its_head(
    tmp_path: Path, config: str, message: str
) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(f"[project]\nname = 'x'\n\n[tool.routecost]\n{config}\n")
    with pytest.raises(DocumentError) as caught:
        read_limits(file, DEFAULT_LIMITS)
    assert message in str(caught.value)
    assert f"{file}:4:1: " in str(caught.value)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ("{trials: 1e99}", "out of range"),
        ("{trials: -1}", "out of range"),
        ("{power: 40%}", "expected 50% or more"),
        ("{evidense_days: 3}", 'did you mean "evidence_days"'),
        ("3", "expected a mapping"),
    ],
)
def test_faults_of_a_table_s_limits_are_findings(tmp_path: Path, limits: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        codes(tmp_path, f"limits: {limits}\n")


def test_toml_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool.routecost]\nlimits = \n")
    with pytest.raises(UsageError, match="cannot read"):
        read_limits(file, DEFAULT_LIMITS)


def test_the_nearest_configuration_that_speaks_of_routecost_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    assert find_config(inner) != tmp_path / "pyproject.toml"
    (tmp_path / "pyproject.toml").write_text("[tool.routecost]\n")
    assert find_config(inner) == tmp_path / "pyproject.toml"
    assert read_limits(tmp_path / "pyproject.toml", DEFAULT_LIMITS) == DEFAULT_LIMITS
