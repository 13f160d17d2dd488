"""What is found validates, compares, and is the cheapest of its kind."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

import routecost
from routecost.api import optimize as optimize_api
from routecost.engine.strategies.assigned import Assigned
from routecost.engine.strategies.cascade import Cascade
from routecost.engine.strategies.tier import UniformTier
from routecost.engine.usage.task_flow import Assistant
from routecost.errors import UsageError
from routecost.model.scenario.success import Detection
from routecost.model.scenario.workload import TokenCell, TokenShape
from routecost.optimize.candidates import cascade_options
from routecost.optimize.serialize import strategy_data
from tests.cli.running import routecost as run
from tests.support.build import entry, scenario, sheet, task, tokens, workload


@pytest.mark.slow
def test_the_best_table_is_what_brute_force_finds() -> None:
    scenario = routecost.load_scenario("support-desk")
    search = routecost.search_policies(scenario)
    names = [task.name for task in scenario.workload.task_types]
    ways = list(product(scenario.pricing.tier_names, repeat=len(names)))
    strategies = {
        str(at): Assigned(dict(zip(names, map(UniformTier, tiers), strict=True)))
        for at, tiers in enumerate(ways)
    }
    alone = replace(scenario, strategies=strategies, baseline=None, default=None, proposed=None)
    totals = [cost.total_cost_per_month for cost in routecost.compare(alone).strategies]
    known = [total for total in totals if total is not None]
    assert len(known) == 3**4
    assert search.comparison["best-table"].total_cost_per_month == min(known)


@pytest.mark.slow
def test_richer_kinds_are_never_costlier() -> None:
    comparison = routecost.search_policies("support-desk", budget=Decimal(800)).comparison
    totals = {cost.strategy: cost.total_cost_per_month or Decimal(0) for cost in comparison.strategies}
    assert totals["best-assignment"] <= min(totals["best-table"], totals["best-cascade"])
    assert totals["best-table"] <= totals["best-tier"]
    assert all(comparison[name].cost_per_month <= 800 for name in totals if name.startswith("best-"))


def test_the_table_validates_and_the_scenario_compares(tmp_path: Path) -> None:
    search = routecost.search_policies("support-desk", taxonomy="agent-fleet")
    table, fleet = tmp_path / "best.yaml", tmp_path / "fleet.yaml"
    table.write_text(optimize_api.table_text(search), encoding="utf-8")
    assert routecost.validate(table).findings == ()
    fleet.write_text(optimize_api.scenario_text(search, "support-desk"), encoding="utf-8")
    compared = routecost.compare(fleet)
    for policy in search.policies:
        assert compared[policy.name].cost_per_month == search.comparison[policy.name].cost_per_month
        assert (
            compared[policy.name].total_cost_per_month == search.comparison[policy.name].total_cost_per_month
        )


def test_tokens_of_a_cascade_are_written_with_their_meters() -> None:
    meters = {"web_search": (Decimal(0), Decimal(2))}
    shape = TokenShape((TokenCell(Decimal(1), Decimal(9), Decimal(9), Decimal(4), Decimal(2), meters),))
    written = strategy_data(Cascade(("low", "high"), {"low": Decimal(1)}, tokens={"high": shape}))
    row = {"share": "1", "input": ["9", "9"], "output": ["3", "5"], "meters": {"web_search": ["0", "2"]}}
    assert written["tokens"] == {"high": {"per_call": [row]}}


@pytest.mark.parametrize("reads", [(), ("reads_output",), ("reads_output", "reads_input")])
def test_what_a_judge_reads_is_written(reads: tuple[str, ...]) -> None:
    judge = Assistant("judge", "high", tokens(9, 1), **dict.fromkeys(reads, True))
    written = strategy_data(Cascade(("low", "high"), {"low": Decimal(1)}, judge=judge))["judge"]
    assert {key: str(value) for key, value in written.items() if key.startswith("reads")} == (
        dict.fromkeys(reads, "true")
    )


def test_a_scenario_that_has_what_was_found_is_refused(tmp_path: Path) -> None:
    search = routecost.search_policies("support-desk")
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(optimize_api.scenario_text(search, "support-desk"), encoding="utf-8")
    with pytest.raises(UsageError, match='already has a strategy named "best-tier"'):
        optimize_api.scenario_text(search, fleet)


def test_what_was_found_before_is_refused_before_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = tmp_path / "fleet.yaml"
    search = routecost.search_policies("support-desk")
    fleet.write_text(optimize_api.scenario_text(search, "support-desk"), encoding="utf-8")
    monkeypatch.setattr(optimize_api, "search_policies", lambda *_, **__: pytest.fail("it was searched"))
    result = run("optimize", str(fleet), "--write-scenario", str(tmp_path / "new.yaml"))
    assert result.code == 2
    assert 'already has a strategy named "best-tier"' in result.stderr


def test_without_success_rates_nothing_is_found() -> None:
    with pytest.raises(UsageError, match="lacks success rates or a failure cost"):
        routecost.search_policies("article-fleet")


def test_task_types_that_the_taxonomy_lacks_are_named() -> None:
    with pytest.raises(UsageError, match='taxonomy "agent-fleet" has no task type "tasks"'):
        routecost.search_policies("article-fleet", taxonomy="agent-fleet")


def test_a_mix_lies_within_the_budget() -> None:
    fleet = routecost.load_scenario("legal-review")
    comparison = routecost.search_policies(fleet, budget=Decimal(400)).comparison
    mix, tier = comparison["best-mix"], comparison["best-tier"]
    assert Decimal("399.9") < mix.cost_per_month <= 400
    assert (mix.total_cost_per_month or 0) < (tier.total_cost_per_month or 0)


def test_more_paths_of_cascades_than_can_be_tried_are_refused() -> None:
    cascade = Cascade(("t0", "t1"), {}, Detection(Decimal("0.5")))

    def options(count: int) -> int:
        tiers = {f"t{at}": entry(input=at + 1) for at in range(count)}
        work = workload(task(1, tokens(1, 1)))
        return len(cascade_options(scenario({"a": cascade}, work, sheet(**tiers))))

    assert options(12) == 2**12 - 13
    with pytest.raises(UsageError, match="13 tiers and 1 cascades"):
        options(13)


NESTED = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload:
  task_types:
    a: {tasks_per_day: 500, tokens: {input: 800, output: 200}, failure_cost: 0.005,
        success: {haiku: 90%, sonnet: 95%, opus: 99%}}
    b: {tasks_per_day: 100, tokens: {input: 3000, output: 800}, failure_cost: 0.5,
        success: {haiku: 70%, sonnet: 90%, opus: 97%}}
strategies:
  all-opus: {tier: opus}
  nested: {assign: {a: {tier: haiku}, b: CASCADE}}
default: all-opus
"""
CASCADE = "{cascade: [sonnet, opus], detection: {wrong_rejected: 80%, right_rejected: 5%}}"


def test_a_cascade_that_is_assigned_to_a_task_type_is_searched(tmp_path: Path) -> None:
    path = tmp_path / "nested.yaml"
    path.write_text(NESTED.replace("CASCADE", CASCADE), encoding="utf-8")
    found = routecost.search_policies(path)
    assert found.best == "best-assignment"
    (best,) = [policy for policy in found.policies if policy.name == found.best]
    assert best.choices == {"a": "haiku", "b": "sonnet > opus"}
    costs = found.comparison
    assert costs["best-assignment"].total_cost_per_month == costs["nested"].total_cost_per_month
    twice = path.read_text(encoding="utf-8").replace("{tier: haiku}, b", f"{CASCADE}, b")
    path.write_text(twice, encoding="utf-8")
    (same,) = [policy for policy in routecost.search_policies(path).policies if policy.kind == "cascade"]
    assert " as in " not in str(same.choices), "one detection gives each path once"
