"""Strategies that make different numbers of calls per task are not compared, by any command."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.api.sensitivity import sweep_over
from routecost.model.report.report import Note, Report, Table
from routecost.model.results.breakeven import Answer, Question
from routecost.report import optimize as optimize_report
from routecost.report.mixes import sweep as mixes_report
from routecost.report.projection import project as project_report
from routecost.report.sensitivity import field_sweep as field_sweep_report
from tests.cli.running import routecost as run

CONVERSATION: dict[str, Any] = {"conversation": [{"tier": "sonnet", "turns": 35}], "system": 7371}


def fleet(folder: Path, *, calls: bool = False, **more: Any) -> Path:
    """Write a conversation of 35 turns next to single calls; with ``calls``, all make 35."""
    work: dict[str, Any] = {
        "tasks_per_day": 180,
        "tokens": {"input": 629, "output": 900},
        "success": {"haiku": "60%", "sonnet": "80%", "opus": "85%"},
        "failure_cost": 0.1,
    }
    if calls:
        work["calls"] = {"per_task": 35, "system": 7371, "carry": "all", "cached": "100%"}
    today = {"conversation": CONVERSATION["conversation"]} if calls else CONVERSATION
    document = {
        "version": 1,
        "pricing": "claude-2026-11",
        "as_of": "2026-11-22",
        "workload": work,
        "strategies": {"today": today, "all-opus": {"tier": "opus"}, "all-haiku": {"tier": "haiku"}},
        "baseline": "today",
        "default": "today",
        "proposed": "all-opus",
        "routing_costs": {"engineering": 100, "upkeep_per_month": 1, "within_months": 12},
        **more,
    }
    file = folder / "fleet.yaml"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def texts(report: Report) -> str:
    return " ".join(str(block) for block in report.blocks if isinstance(block, Note))


def test_compare_and_project_state_no_share_of_the_baseline(tmp_path: Path) -> None:
    compared, projected = routecost.compare(fleet(tmp_path)), routecost.project(fleet(tmp_path))
    assert [cost.vs_baseline for cost in compared.strategies] == [0, None, None]
    assert [spend.vs_baseline for spend in projected.strategies] == [0, None, None]
    assert compared.savings is None
    assert projected.savings is None
    assert "The work differs" in texts(project_report.report(projected))
    assert list(compared.only(["all-opus"]).calls_per_task) == ["today", "all-opus"]
    assert "vs_baseline=None" not in str(routecost.compare(fleet(tmp_path, calls=True)).strategies)


def test_a_sweep_of_mixes_compares_with_no_strategy_of_other_work(tmp_path: Path) -> None:
    swept = routecost.sweep(fleet(tmp_path), step="50%")
    assert set(swept.columns["vs_baseline"][:].tolist()) == {None}
    assert set(swept.columns["savings_per_month"][:].tolist()) == {None}
    assert swept.cheaper is None
    assert all(mix.savings_per_month is None and mix.vs_baseline is None for mix in swept.highlights)
    assert "The work differs" in texts(mixes_report.report(swept))
    same = routecost.sweep(fleet(tmp_path, calls=True), step="50%")
    assert same.cheaper is not None
    assert "The work differs" not in texts(mixes_report.report(same))


def test_a_sweep_of_fields_finds_crossovers_of_the_same_work_only(tmp_path: Path) -> None:
    strategies = {
        "today": {"conversation": [{"tier": "haiku", "turns": 22}], "system": 0},
        "all-opus": {"tier": "opus"},
        "opus-debate": {"agents": {"mode": "ensemble", "roles": [{"tier": "haiku"}, {"tier": "haiku"}]}},
    }
    swept = sweep_over(fleet(tmp_path, strategies=strategies), ["tokens.output=0:1000:250"])
    assert all("today" not in crossover.strategies for crossover in swept.crossovers)
    assert {cost.on_frontier for point in swept.points for cost in point.costs} == {None}
    assert {cost.vs_baseline for point in swept.points for cost in point.costs[1:]} == {None}
    assert "The work differs" in texts(field_sweep_report.report(swept))


def test_break_evens_with_the_default_are_not_modelled(tmp_path: Path) -> None:
    rows = routecost.breakeven(fleet(tmp_path))
    for question in (Question.VOLUME, Question.WRONG_TIER):
        (row,) = rows.of(question)
        assert row.answer is Answer.NOT_MODELLED
        assert row.meaning.startswith("The work differs: all-opus and today make different numbers of calls")
    (same,) = routecost.breakeven(fleet(tmp_path, calls=True)).of(Question.VOLUME)
    assert same.answer is not Answer.NOT_MODELLED


def test_router_errors_are_not_compared_with_other_work(tmp_path: Path) -> None:
    kinds = {
        name: {"tasks_per_day": 10, "tokens": {"input": 500, "output": 90}, "success": {"haiku": "90%"}}
        for name in ("a", "b")
    }
    assigned = {"a": {"tier": "haiku"}, "b": {"tier": "opus"}}
    strategies = {"today": CONVERSATION, "routed": {"assign": assigned}}
    file = fleet(tmp_path, workload={"task_types": kinds}, strategies=strategies, proposed="routed")
    (row,) = routecost.breakeven(file).of(Question.ROUTER_ERROR)
    assert row.answer is Answer.NOT_MODELLED
    assert "The work differs" in row.meaning


def test_optimize_says_that_the_default_does_other_work(tmp_path: Path) -> None:
    search = routecost.search_policies(fleet(tmp_path))
    assert search.comparison.savings is None
    assert "The work differs" in texts(optimize_report.report(search))


def test_optimize_calls_nothing_the_best_if_work_differs(tmp_path: Path) -> None:
    differs = optimize_report.report(routecost.search_policies(fleet(tmp_path)))
    same = optimize_report.report(routecost.search_policies(fleet(tmp_path, calls=True)))
    assert marks(differs) == {None}
    assert differs.meta["best"] is None
    assert marks(same) == {False, True}
    assert same.meta["best"] is not None


def test_optimize_names_no_cheaper_strategy_that_does_other_work(tmp_path: Path) -> None:
    file = fleet(tmp_path)
    document = json.loads(file.read_text(encoding="utf-8"))
    work = {**document["workload"], "type": "code-generation", "failure_cost": 0.001}
    talk = {"conversation": [{"tier": "haiku", "turns": 2}]}
    document = {key: document[key] for key in ("version", "pricing", "as_of")}
    document |= {"workload": work, "strategies": {"talk": talk}}
    file.write_text(json.dumps(document), encoding="utf-8")
    search = routecost.search_policies(file, taxonomy="agent-fleet")
    totals = [search.comparison[name].total_cost_per_month or 0 for name in ("talk", search.best)]
    assert totals[0] < totals[1]
    assert "costs less than" not in texts(optimize_report.report(search))


def marks(report: Report) -> set[Any]:
    table = next(block for block in report.blocks if isinstance(block, Table))
    return {row[-1] for row in table.rows}


@pytest.mark.parametrize("path", ["savings.fraction", "strategies.all-opus.vs_baseline"])
def test_a_claim_of_savings_on_other_work_fails_and_the_others_are_checked(path: str, tmp_path: Path) -> None:
    claims: list[Any] = [
        {"that": path, "is": 0.9, "within": 0.1},
        {"that": path, "is": 0.9, "within": 0.1, "disputed": "other work"},
        {"that": "prices.haiku.input", "is": 0.1},
    ]
    file = fleet(tmp_path, claims=claims)
    found = routecost.check(file).claims
    assert [(claim.status, claim.computed) for claim in found] == [
        ("fails", None),
        ("fails", None),
        ("holds", Decimal("0.1")),
    ]
    assert "calls per task are" in (found[0].why or "")
    assert "today 35" in (found[0].why or "")
    assert run("check", str(file)).code == 1
    assert json.loads(run("check", str(file), "-f", "json").stdout)["claims"][0]["computed"] is None


def test_claims_on_unknown_figures_are_all_reported(tmp_path: Path) -> None:
    claims = [
        {"that": "prices.haiku.citation", "is": 1},
        {"that": "prices.haiku.input", "is": 0.1},
        {"that": "prices.opus.citation", "is": 1},
    ]
    with pytest.raises(routecost.DocumentError) as refused:
        routecost.check(fleet(tmp_path, claims=claims))
    assert len(refused.value.findings) == 2


def test_a_claim_that_compares_other_work_says_so(tmp_path: Path) -> None:
    names = ["strategies.all-opus.cost_per_month", "strategies.today.cost_per_month"]
    claims = [{"that": {"ratio": names}, "is": 0.04, "within": 0.01}]
    (claim,) = routecost.check(fleet(tmp_path, claims=claims)).claims
    assert claim.holds
    assert claim.why == "the work differs: calls per task are all-opus 1, today 35"
    claims = [{"that": {"ratio": [names[0], names[0].replace("opus", "haiku")]}, "is": 20, "within": 1000}]
    (claim,) = routecost.check(fleet(tmp_path, claims=claims)).claims
    assert claim.why is None
