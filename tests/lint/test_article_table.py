"""What docs/linting.md says of the article's own table: which findings it has, with which prices."""

from __future__ import annotations

from datetime import date

import pytest

from routecost import validate

DAY = date(2026, 11, 22)
FLEET = ["RT203", "RT501", "RT502", "RT503", "RT504"]
PRICES = ["RT105", "RT106", "RT107", "RT204", "RT206", "RT402"]


@pytest.mark.parametrize("pricing", [None, "claude-article", "claude-2026-02", "claude-2026-11"])
def test_no_rule_finds_anything(pricing: str | None) -> None:
    validation = validate("article", pricing=pricing, as_of=DAY)
    assert [str(finding) for finding in validation.findings] == []
    assert validation.ignored == 0
    assert [rule.code for rule in validation.skipped] == (FLEET if pricing else sorted(FLEET + PRICES))


@pytest.mark.parametrize("pricing", ["claude-article", "claude-2026-02", "claude-2026-11"])
def test_of_the_content_pipeline_only_that_nobody_measures_is_found(pricing: str) -> None:
    validation = validate("article", scenario="content-pipeline", pricing=pricing, as_of=DAY)
    assert [finding.code for finding in validation.findings] == ["RT503"]
    assert validation.skipped == ()
