"""Rules and efforts: equal models are no inversion, and evidence at another effort is not current."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from routecost import check_pricing, validate
from tests.effort.fleets import SHEET

TAXONOMY = """version: 1
tiers: [small, low, high]
task_types:
  extraction: {title: t, reasoning: low, ambiguity: low, stakes: low, tiers: [low, high]}
"""


def codes(folder: Path, tiers: dict[str, Any], **evidence: Any) -> list[tuple[str, str]]:
    """Return the findings of RT2 and RT4 for a table whose only row is measured at low effort."""
    measured = {"successes": 90, "trials": 100, "evaluated": "2026-11-01", **evidence}
    table = {
        "version": 1,
        "taxonomy": "./taxonomy.yaml",
        "escalation": ["low", "high"],
        "confidence": "required",
        "routes": [{"task": "extraction", "tier": "low", "evidence": measured}],
    }
    (folder / "taxonomy.yaml").write_text(TAXONOMY, encoding="utf-8")
    (folder / "table.yaml").write_text(json.dumps(table), encoding="utf-8")
    (folder / "sheet.yaml").write_text(json.dumps({**SHEET, "tiers": tiers}), encoding="utf-8")
    result = validate(
        folder / "table.yaml",
        pricing=folder / "sheet.yaml",
        as_of=date(2026, 11, 22),
        select=["RT2", "RT4"],
    )
    return [(finding.code or "", finding.message) for finding in result.findings]


def test_efforts_of_one_model_are_no_inversion(tmp_path: Path) -> None:
    assert codes(tmp_path, SHEET["tiers"], model="m-big", effort="low") == []
    assert not [
        one for one in check_pricing(tmp_path / "sheet.yaml").findings if "higher tier" in one.message
    ]


@pytest.mark.parametrize("effort", ["low", None])
def test_evidence_of_the_tier_or_at_its_effort_is_current(tmp_path: Path, effort: str | None) -> None:
    stated = {} if effort is None else {"effort": effort}
    assert codes(tmp_path, SHEET["tiers"], **stated) == []


def test_evidence_at_another_effort_is_for_another_model(tmp_path: Path) -> None:
    ((code, message),) = codes(tmp_path, SHEET["tiers"], model="m-big", effort="high")
    assert code == "RT402"
    assert 'is at effort "high", but "low" is "m-big" at effort "low"' in message
    plain = {**SHEET["tiers"], "low": "m-big"}
    ((code, message),) = codes(tmp_path, plain, effort="high")
    assert (code, '"low" is "m-big" without an effort' in message) == ("RT402", True)
