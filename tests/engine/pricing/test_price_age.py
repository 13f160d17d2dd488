"""Warnings if the day of a scenario is years from the days on which its prices were checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import routecost

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {small: little, large: big}
models:
  little: [{input: 1, output: 5, checked: 2026-06-30}]
  big:
    - {input: 2, output: 10, from: 2025-01-01, checked: 2025-06-30}
    - {input: 3, output: 15, from: 2026-05-01, checked: 2026-07-01}
"""
SCENARIO = """\
version: 1
pricing: ./sheet.yaml
%s
workload: {tasks_per_day: 10, tokens: {input: 1000, output: 100}}
strategies: {small: {tier: small}}
"""


def warned(folder: Path, day: str) -> list[str]:
    (folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    (folder / "fleet.yaml").write_text(SCENARIO % (day and f"as_of: {day}"), encoding="utf-8")
    return [finding.message for finding in routecost.load_scenario(folder / "fleet.yaml").warnings]


@pytest.mark.parametrize("day", ["2026-07-01", "2027-06-30", "2025-06-30", ""])
def test_days_within_a_year_are_not_warned_about(tmp_path: Path, day: str) -> None:
    assert warned(tmp_path, day) == []


def test_a_day_years_ahead_is_warned_about(tmp_path: Path) -> None:
    (message,) = warned(tmp_path, "2029-07-01")
    assert message == (
        'the prices of "little" and "big" were last checked on 2026-07-01, 3.0 years before 2029-07-01; '
        "they may have changed since"
    )


def test_prices_of_unknown_start_are_warned_about_years_before_they_were_checked(tmp_path: Path) -> None:
    (message,) = warned(tmp_path, "2025-01-01")
    assert message == (
        'it is unknown since when the prices of "little" have been in force; they were checked on '
        "2026-06-30, 1.5 years after 2025-01-01"
    )


def test_the_option_is_warned_about_too(tmp_path: Path) -> None:
    warned(tmp_path, "2026-07-01")
    later = routecost.load_scenario(tmp_path / "fleet.yaml", as_of=date(2030, 1, 1))
    assert "last checked" in later.warnings[0].message
