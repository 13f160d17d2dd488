"""What docs/linting.md says of the article's own table: which findings it has, with which prices."""

from __future__ import annotations

from datetime import date

import pytest

from routecost import validate

DAY = date(2026, 11, 22)
CORE = ["RT0", "RT10", "RT201", "RT202", "RT204", "RT301", "RT302", "RT303"]


@pytest.mark.parametrize("pricing", [None, "claude-article", "claude-2026-02", "claude-2026-11"])
def test_the_core_rules_find_nothing(pricing: str | None) -> None:
    made = validate("article", pricing=pricing, as_of=DAY, select=CORE)
    assert [str(finding) for finding in made.findings] == []
    assert made.ignored == 0
    assert [rule.code for rule in made.skipped] == ([] if pricing else ["RT105", "RT204"])
