"""Strategies without a price stop a command only if they are selected, or if none is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.errors import UnpricedError

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {small: little, large: big, batched: night}
models:
  little: [{input: 1, output: 4, modes: {batch: {input: 0.5, output: 2}}, checked: 2026-01-01}]
  big: [{from: 2026-03-01, input: 4, output: 16, modes: {batch: {input: 2, output: 8}}, checked: 2026-03-01}]
  night:
    - {input: 1, output: 4, modes: {batch: {input: 0.5, output: 2}}, checked: 2026-01-01,
       above: [{tokens: 500, input: 2, output: 8}]}
"""
FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {tasks_per_day: 100, tokens: {input: 1000, output: 0}, batch_tolerant: true, batch: 100%}
strategies:
  all-small: {tier: small}
  all-large: {tier: large}
  all-batched: {tier: batched}
  mixed: {mix: {small: 50%, large: 50%}}
baseline: all-large
default: all-large
proposed: all-small
budget: {amount: 3, per: month, strategy: all-large}
plan:
  migrations: {adopt: [{strategy: all-small}, {strategy: mixed, from: 2026-03-01}]}
claims:
  - {that: strategies.all-small.cost_per_month, is: 1.5}
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    """Return a scenario of which only one strategy has a price on its day."""
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    path = tmp_path / "fleet.yaml"
    path.write_text(FLEET, encoding="utf-8")
    return path


def test_a_strategy_without_a_price_does_not_stop_a_selected_one(fleet: Path) -> None:
    comparison = routecost.compare(fleet, strategies=["all-small"])
    (cost,) = comparison.strategies
    assert (cost.cost_per_month, cost.vs_baseline, comparison.savings) == (Decimal("1.5"), None, None)
    assert cost.tasks_per_budget == 6000
    assert [reason.split(":")[0] for reason in comparison.left_out] == [
        'strategy "all-large"',
        'strategy "all-batched"',
        'strategy "mixed"',
    ]


def test_a_selected_strategy_or_baseline_needs_a_price(fleet: Path) -> None:
    with pytest.raises(UnpricedError, match=r'^strategy "all-large": .*begins on 2026-03-01$'):
        routecost.compare(fleet, strategies=["all-small", "all-large"])
    with pytest.raises(UnpricedError, match=r'^strategy "all-large": '):
        routecost.compare(fleet, strategies=["all-small"], baseline="all-large")


def test_without_a_selection_all_strategies_without_a_price_are_named(fleet: Path) -> None:
    expected = 'strategies "all-large", "mixed": .*2026-03-01.*strategy "all-batched": '
    for command in (routecost.compare, routecost.sweep, routecost.breakeven):
        with pytest.raises(UnpricedError, match=expected):
            command(fleet)


def test_sweeps_and_projections_leave_out_the_same(fleet: Path) -> None:
    sweep = routecost.sweep_over(fleet, ["tasks_per_day=100,200"], strategies=["all-small"])
    assert [point.costs[0].cost_per_month for point in sweep.points] == [Decimal("1.5"), Decimal(3)]
    projection = routecost.project(fleet, months=2, strategies=["all-small"])
    assert [month.cost for month in projection["all-small"].months] == [Decimal("1.5")] * 2
    assert len(sweep.left_out) == len(projection.left_out) == 3
    assert projection.budget is None
    with pytest.raises(UnpricedError, match=r'^strategy "mixed": '):
        routecost.project(fleet, months=2, strategies=["adopt"])


def test_a_report_leaves_out_the_same(fleet: Path) -> None:
    text = fleet.read_text(encoding="utf-8").replace("strategy: all-large}", "strategy: all-small}")
    fleet.write_text(text, encoding="utf-8")
    planning = routecost.planning(fleet, months=1, strategies=["all-small"])
    assert [cost.strategy for cost in planning.comparison.strategies] == ["all-small"]
    assert len(planning.comparison.left_out) == len(planning.projection.left_out) == 3
    with pytest.raises(UnpricedError, match=r'^strategy "all-large": '):
        routecost.planning(fleet, months=1, strategies=["all-large"])


def test_a_claim_needs_only_the_strategies_that_it_names(fleet: Path) -> None:
    text = fleet.read_text(encoding="utf-8").replace("strategy: all-large}", "strategy: all-small}")
    fleet.write_text(text, encoding="utf-8")
    assert [claim.status for claim in routecost.check(fleet).claims] == ["holds", "holds"]
    fleet.write_text(text.replace("cost_per_month, is", "vs_baseline, is"), encoding="utf-8")
    with pytest.raises(UnpricedError, match=r'^strategy "all-large": '):
        routecost.check(fleet)


def test_a_mode_that_a_step_lacks_is_said_to_exist_below(fleet: Path) -> None:
    with pytest.raises(UnpricedError, match=r'no "batch" rates for contexts above 500 tokens; it has'):
        routecost.compare(fleet, strategies=["all-batched"])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("escalation: [small, huge]", 'escalates "tasks" to "huge"'),
        ("reviewer: huge", 'has "tasks" reviewed by "huge"'),
    ],
)
def test_every_tier_of_a_table_must_be_known(fleet: Path, row: str, message: str) -> None:
    folder = fleet.parent
    (folder / "taxonomy.yaml").write_text(
        "version: 1\ntiers: [small, huge]\n"
        "task_types: {tasks: {title: t, reasoning: low, ambiguity: low, stakes: low, tiers: [small]}}\n",
        encoding="utf-8",
    )
    (folder / "routes.yaml").write_text(
        f"version: 1\ntaxonomy: ./taxonomy.yaml\nroutes: [{{task: tasks, tier: small, {row}}}]\n",
        encoding="utf-8",
    )
    text = FLEET.replace("{tier: small}", "{table: ./routes.yaml}")
    fleet.write_text(text, encoding="utf-8")
    with pytest.raises(routecost.DocumentError, match=message):
        routecost.compare(fleet, strategies=["all-small"])


def test_a_ratio_that_does_not_exist_fails(fleet: Path) -> None:
    text = fleet.read_text(encoding="utf-8").replace("strategy: all-large}", "strategy: all-small}")
    ratio = "{ratio: [strategies.all-small.cost_per_month, strategies.all-small.cost_per_month]}, is: 1"
    text = text.replace("strategies.all-small.cost_per_month, is: 1.5", ratio)
    fleet.write_text(text.replace("tasks_per_day: 100", "tasks_per_day: 0"), encoding="utf-8")
    (failed,) = (claim for claim in routecost.check(fleet).claims if claim.computed is None)
    assert "divides by zero" in (failed.why or "")


def test_a_sweep_of_mixes_leaves_out_the_same(fleet: Path) -> None:
    sweep = routecost.sweep(fleet, step="100%", hold=["large=0%", "batched=0%"], strategies=["all-small"])
    assert sweep.columns["cost_per_month"][:].tolist() == [1.5]
    assert [cost.strategy for cost in sweep.comparison.strategies] == ["all-small"]
    assert len(sweep.comparison.left_out) == 3
