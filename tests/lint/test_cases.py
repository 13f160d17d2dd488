"""Every table in ``ok/`` is clean, and every table in ``bad/`` has exactly the findings it names."""

from __future__ import annotations

import pytest

from routecost.lint.registry import rules
from tests.lint.cases import HERE, Case, cases, places


@pytest.mark.parametrize("case", cases("ok"), ids=lambda case: case.file.stem)
def test_ok(case: Case) -> None:
    assert case.expected == []
    assert [str(finding) for finding in case.validate().findings] == []


@pytest.mark.parametrize("case", cases("bad"), ids=lambda case: case.file.stem)
def test_bad(case: Case) -> None:
    assert case.expected, "a bad table says what is expected"
    assert places(case.validate()) == case.expected


@pytest.mark.parametrize("case", cases("bad"), ids=lambda case: case.file.stem)
def test_findings_carry_rule_severity_and_source_line(case: Case) -> None:
    known = {rule.code: rule for rule in rules()}
    lines = case.text.splitlines()
    for finding in case.validate().findings:
        rule = known[finding.code or ""]
        assert (finding.rule, finding.severity) == (rule.name, rule.severity)
        assert finding.source_line == lines[finding.position.line - 1]


def test_every_rule_has_a_bad_table_named_after_it() -> None:
    named = {file.name[:5] for file in (HERE / "bad").glob("RT*.yaml")}
    assert named == {rule.code for rule in rules()}
