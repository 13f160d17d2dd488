"""Faults of strategies that are not selected, and tiers without a price that no strategy uses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.errors import DocumentError
from routecost.model.results.verdicts.verdict import Answer

SHEET = """version: 1
currency: USD
source: invented
tiers: {low: small, mid: medium, top: large}
models:
  small: [{input: 1, output: 4, cache_read: 0.1, cache_write_5m: 1.25}]
  medium: [{input: 3, output: 15, cache_read: 0.3, cache_write_5m: 3.75}]
  large: [{input: 10, output: 50}]
"""
FLEET = """version: 1
pricing: ./sheet.yaml
as_of: 2026-11-22
workload:
  tasks_per_day: 100
  tokens: {input: 1000, output: 500}
  success: {low: 90%, mid: 95%}
  failure_cost: 0.1
"""
FAULTS = """strategies:
  good: {tier: low}
  other: {tier: mid}
  unknown-tier: {tier: nosuch}
  no-file: {table: ./missing.yaml}
  contradiction: {cascade: [low, mid], accept: {low: 80%}, success_after: {mid: 10%}}
  last: {mix: {low: 50%, mid: 60%}}
"""
CACHED = "  cache: {read: 50%, write_5m: 10%}\n"
TIERS = "strategies: {a: {tier: low}, b: {tier: mid}}\ndefault: b\nproposed: a\n"


def fleet(folder: Path, text: str) -> Path:
    (folder / "sheet.yaml").write_text(SHEET)
    path = folder / "fleet.yaml"
    path.write_text(text)
    return path


def test_faults_of_strategies_that_are_not_selected_are_warnings(tmp_path: Path) -> None:
    path = fleet(tmp_path, FLEET + FAULTS)
    comparison = routecost.compare(path, strategies=["good"])
    assert [cost.strategy for cost in comparison.strategies] == ["good"]
    assert comparison["good"].cost_per_day == 100 * (1000 * 1 + 500 * 4) / Decimal(10**6)
    warnings = routecost.load_scenario(path, strategies=["good"]).warnings
    named = {
        name
        for warning in warnings
        for name in ("unknown-tier", "no-file", "contradiction", "last")
        if f'left out: "{name}"' in warning.message
    }
    assert named == {"unknown-tier", "no-file", "contradiction", "last"}
    assert {warning.position.line for warning in warnings} == {12, 13, 14, 15}


def test_every_command_that_selects_leaves_them_out(tmp_path: Path) -> None:
    path = fleet(tmp_path, FLEET + FAULTS)
    assert [spend.strategy for spend in routecost.project(path, strategies=["good"]).strategies] == ["good"]
    sweep = routecost.sweep_over(path, ["tasks_per_day=1,2"], strategies=["good"])
    assert any("nosuch" in warning.message for warning in sweep.warnings)
    assert any("nosuch" in warning.message for warning in routecost.tornado(path, strategy="good").warnings)


@pytest.mark.parametrize(
    ("text", "selected"),
    [
        (FAULTS, ["unknown-tier"]),
        (FAULTS, []),
        (FAULTS.replace("{tier: low}", "{tier: lo}"), ["good"]),
    ],
)
def test_faults_that_matter_stop(tmp_path: Path, text: str, selected: list[str]) -> None:
    with pytest.raises(DocumentError) as caught:
        routecost.compare(fleet(tmp_path, FLEET + text), strategies=selected)
    assert "left out" not in str(caught.value)


def test_a_tier_without_a_price_that_no_strategy_uses_stops_nothing(tmp_path: Path) -> None:
    path = fleet(tmp_path, FLEET + CACHED + TIERS)
    verdict = routecost.compare(path).verdict
    assert verdict is not None
    stakes = next(condition for condition in verdict.conditions if condition.name == "stakes")
    assert stakes.answer is Answer.UNKNOWN
    assert 'no rate for meter "cache_read" of model "large"' in stakes.meaning
    search = routecost.search_policies(path)
    assert list(search.unpriced) == ["top"]
    assert search.best
    meanings = [row.meaning for row in routecost.breakeven(path).breakevens if "missing" in row.meaning]
    assert meanings
    assert not any("strategy" in meaning for meaning in meanings)


def test_a_report_leaves_out_claims_on_strategies_that_are_left_out(tmp_path: Path) -> None:
    claims = "".join(
        f"  - {{that: strategies.{name}.cost_per_day, is: 0.3}}\n" for name in ("no-file", "good")
    )
    planning = routecost.planning(fleet(tmp_path, FLEET + FAULTS + f"claims:\n{claims}"), strategies=["good"])
    assert planning.check is not None
    assert [claim.claim for claim in planning.check.claims] == ["strategies.good.cost_per_day"]


@pytest.mark.parametrize("selected", [["nope"], ["good", "nope"]])
def test_if_all_strategies_are_at_fault_the_faults_are_reported(tmp_path: Path, selected: list[str]) -> None:
    faults = "strategies:\n  one: {tier: nosuch}\n  two: {table: ./missing.yaml}\nbudget: 5\n"
    with pytest.raises(DocumentError, match="nosuch"):
        routecost.compare(fleet(tmp_path, FLEET + faults), strategies=selected)
