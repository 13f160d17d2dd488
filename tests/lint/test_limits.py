"""Limits come from the table, else from the project's pyproject.toml, else they are the defaults."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from routecost import DocumentError, validate
from routecost.documents.routing.config import find_config, read_limits
from routecost.errors import UsageError
from routecost.lint.rule_docs import EXAMPLES
from routecost.model.routing.limits import DEFAULT_LIMITS
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
    validation = validate(
        folder / "table.yaml",
        as_of=DAY,
        config=None if config is None else folder / "pyproject.toml",
        library=EXAMPLES,
    )
    return [finding.code for finding in validation.findings]


def test_the_table_has_the_last_word(tmp_path: Path) -> None:
    strict = "[tool.routecost.limits]\nevidence_days = 30\ntrials = 200\n"
    assert codes(tmp_path) == []
    assert codes(tmp_path, config=strict) == ["RT403", "RT401"]
    assert codes(tmp_path, "limits: {evidence_days: 60}\n", strict) == ["RT403"]
    assert codes(tmp_path, "limits: {evidence_days: 10}\n") == ["RT401"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("limits = {evidence_dais = 3}", '5:11: unknown key "evidence_dais"; did you mean "evidence_days"'),
        ("limits = {evidence_days = 1.5}", "5:27: 1.5 is not a whole number"),
        ("limits = {margin = -0.1}", '5:20: "-0.1" is out of range'),
        ("limits = {margin = 0}", "5:20: a margin of 0 can never be met"),
        ("limits = {margin = nan}", '5:20: "nan" is not a share'),
        ("limits = {trials = -inf}", '5:20: "-inf" is not a count'),
        ("limits = {trials = 2026-01-01}", '5:20: "2026-01-01" is not a count'),
        ("limits = {confidence = '100%'}", "5:24: 100% is out of range; expected 50% or more, and less"),
        ("limits = {trials = true}", '5:20: "true" is not a count'),
        ("limits.trials = [3]", "5:17: a list is not a count"),
        ("limits = [1]", "5:10: a list is given"),
        ("limit = {trials = 3}", '5:1: unknown key "limit"; did you mean "limits"'),
        ("[tool.routecost.limits]\ntrials = 30\n'margin' = 9", '7:12: "9" is out of range'),
    ],
)
def test_faults_of_the_configuration_are_findings_where_they_stand(
    tmp_path: Path, config: str, message: str
) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(f"[project]\nname = 'x'\n\n[tool.routecost]\n{config}\n")
    with pytest.raises(DocumentError) as caught:
        read_limits(file, DEFAULT_LIMITS)
    assert f"{file}:{message}" in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "[tool.routecost.limits]\ntrials = 7\n",
        "[tool.routecost]\nlimits.trials = 7\n",
        "[tool]\nroutecost = {limits = {trials = 7}}\n",
        "tool.routecost.limits.trials = 7\n",
        '["tool"."routecost" . limits]\n"trials" = 7\n',
    ],
)
def test_settings_are_found_however_toml_writes_them(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    file = find_config(tmp_path)
    assert file == tmp_path / "pyproject.toml"
    assert read_limits(file, DEFAULT_LIMITS) == replace(DEFAULT_LIMITS, trials=7)


@pytest.mark.parametrize("text", ["[tool]\nroutecost = 3", "[[tool.routecost]]\nlimits = {trials = 3}"])
def test_a_section_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    file = find_config(tmp_path)
    assert file is not None
    with pytest.raises(DocumentError, match="given; expected a mapping"):
        read_limits(file, DEFAULT_LIMITS)


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


@pytest.mark.parametrize(
    "text",
    [b"[tool.routecost]\nlimits = \n", b"\xff[tool.routecost]", b"[tool.routecost]\nx=" + b"[" * 99_999],
)
def test_toml_that_is_none_is_refused(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "pyproject.toml").write_bytes(text)
    with pytest.raises(UsageError, match="cannot read"):
        find_config(tmp_path)
    with pytest.raises(UsageError, match="cannot read"):
        read_limits(tmp_path / "pyproject.toml", DEFAULT_LIMITS)


@pytest.mark.parametrize(
    "text", ["", "tool = 3", "[tool.routecostly]", "x = '[tool.routecost]'", "name = 'routecost'\nbroken = "]
)
def test_what_is_not_about_routecost_is_passed_over(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert find_config(tmp_path) != tmp_path / "pyproject.toml"


def test_the_nearest_configuration_that_speaks_of_routecost_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    assert find_config(inner) != tmp_path / "pyproject.toml"
    (tmp_path / "pyproject.toml").write_text("[tool.routecost]\n")
    assert find_config(inner) == tmp_path / "pyproject.toml"
    assert read_limits(tmp_path / "pyproject.toml", DEFAULT_LIMITS) == DEFAULT_LIMITS
