"""``routecost.planning`` and ``routecost report``: nothing is computed again, and nothing is left unsaid."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.errors import UnknownNameError
from routecost.library import open_library
from routecost.model.report.cells import Unit
from routecost.model.results.breakeven import Answer, BreakEven, Breakevens, Question
from routecost.problems import Severity
from routecost.render import write
from routecost.report.compare.claims import tally
from routecost.report.planning_document.document import report
from routecost.report.planning_document.routing_health import NO_TABLE
from routecost.report.planning_document.summary import places_apart
from tests.cli.running import routecost as run
from tests.examples import one_in
from tests.support.reports import text_of

ROOT = Path(__file__).resolve().parents[2]
ROUTED = "routed-80-15-5"
SCENARIOS = open_library(None).names("scenarios")
QUICK = "article-fleet", "failure-modes", "uncertain-fleet"
"""Built-in scenarios with claims, success rates and ranges; the golden cases hold reports of others."""
EVERY = [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.slow]) for name in SCENARIOS]

FLEET = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-25
workload:
  task_types:
    read: {type: extraction, tasks_per_day: 300, tokens: {input: 1000, output: 100}%s}
    judge: {type: legal-risk-compliance, tasks_per_day: 30, tokens: {input: 3000, output: 400}}
strategies:
  routed: {table: tables/ours.yaml}
  again: {table: tables/ours.yaml, router: {tier: haiku, tokens: {input: 100, output: 5}}}
  all-opus: {tier: opus}
"""
TABLE = """\
version: 1
taxonomy: agent-fleet
escalation: [haiku, opus]
routes:
  - {task: extraction, tier: opus}
  - {task: legal-risk-compliance, tier: sonnet}
"""


def output(*arguments: str) -> dict[str, Any]:
    """Return what a command says as JSON."""
    done = run(*arguments, "--format", "json")
    assert done.code in (0, 1), done.stderr
    data: dict[str, Any] = json.loads(done.stdout, parse_float=Decimal)
    return data


@cache
def planned(scenario: str) -> routecost.Planning:
    """Return the planning document of a built-in scenario without options."""
    return routecost.planning(scenario)


def fleet(folder: Path, more: str = "", task: str = "") -> Path:
    """Write a fleet that routes by a faulty table."""
    (folder / "tables").mkdir()
    (folder / "tables" / "ours.yaml").write_text(TABLE, encoding="utf-8")
    file = folder / "fleet.yaml"
    file.write_text(FLEET % task + more, encoding="utf-8")
    return file


def summary_of(planning: routecost.Planning) -> str:
    sink = StringIO()
    write(report(planning).parts["summary"], "text", sink)
    return " ".join(sink.getvalue().split())


def gaps_of(planning: routecost.Planning) -> dict[str, str]:
    (table,) = report(planning).parts["not_modelled"].tables
    return {str(row[0]): str(row[1]) for row in table.rows}


@pytest.mark.parametrize("scenario", one_in(len(SCENARIOS), SCENARIOS))
def test_each_part_holds_what_its_command_says(scenario: str) -> None:
    document = output("report", scenario, "--months", "18", "--growth", "3%", "--by", "10%")
    commands = {
        "comparison": ("compare", scenario),
        "projection": ("project", scenario, "--months", "18", "--growth", "3%"),
        "breakeven": ("breakeven", scenario),
        "sensitivity": ("sweep", scenario, "--tornado", "--by", "10%"),
    }
    for part, command in commands.items():
        alone = output(*command)
        notes = alone.pop("notes", [])
        assert {key: document[part][key] for key in alone} == alone
        assert set(document[part].get("notes", [])) - set(notes) == set() or part == "sensitivity"
    claims = output("check", scenario)["claims"]
    assert document.get("claims", {"claims": []})["claims"] == claims


def test_the_summary_says_what_the_proposal_costs_saves_and_hangs_on() -> None:
    text = summary_of(routecost.planning("article-fleet", growth="5%"))
    for sentence in (
        "routed-80-15-5 (proposed) costs $124.20 a month, $1,490.40 a year, 87.7% less than all-opus (base",
        "saves 38.7% compared with all-sonnet (default): $78.30 a month, $939.60 a year.",
        "Over 12 months from 2026-02, routed-80-15-5 costs $1,976.91 in total.",
        "warning: routed-80-15-5 exceeds its budget of $150.00 a month in 2026-06",
        "Nearest break-even point: tasks on the wrong tier erase the savings at 8.2%",
        "effect on routed-80-15-5 is strategies.routed-80-15-5.mix.haiku: instead of $124.20",
        "20% less gives $180.36, 20% more gives $68.04.",
        "Verdict: routed-80-15-5 instead of all-sonnet is worth it on call costs alone. Unknown: ",
        "26 of 33 claims hold, 7 are marked as disputed, 0 fail. The budget holds.",
    ):
        assert sentence in text


def test_the_summary_says_how_far_what_is_not_known_moves_the_total() -> None:
    planning = routecost.planning("uncertain-fleet", months=6, runs=2000)
    outlook = planning.projection.outlook
    assert outlook is not None
    assert outlook.budget_risk is not None
    band = outlook[ROUTED].total
    text = summary_of(planning)
    assert f"{ROUTED} costs ${band.p10:,.2f} to ${band.p90:,.2f} over all 6 months together (P10" in text
    (said,) = re.findall(r"a month: ([\d.]+)% in at least one month", text)
    assert abs(Decimal(said) / 100 - outlook.budget_risk.any_month) <= Decimal("0.0005")
    assert "P90" not in summary_of(planned("article-fleet"))


@pytest.mark.slow  # the golden report of the same scenario has both sentences
def test_what_failures_cost_is_in_the_summary() -> None:
    text = summary_of(planned("support-desk"))
    assert (
        "72.4% less than all-opus (baseline); including failures, $19,452.07 to $20,802.07 a month." in text
    )
    assert (
        "warning: routed (proposed) costs 0.2% more than all-sonnet (default), including failures: " in text
    )


def test_a_false_claim_is_a_warning_in_the_summary() -> None:
    text = summary_of(routecost.planning("article-fleet", pricing="claude-2026-11", as_of=date(2026, 11, 22)))
    assert "warning: 5 of 33 claims hold, 5 are marked as disputed, 23 fail. The budget holds." in text


def test_without_a_proposal_the_extremes_are_named(tmp_path: Path) -> None:
    text = summary_of(routecost.planning(fleet(tmp_path)))
    assert "warning: The scenario proposes no strategy" in text
    assert "On call costs, the cheapest strategy is" in text
    assert "The scenario has no budget." in text


def test_one_strategy_is_its_own_extreme(tmp_path: Path) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(
        "version: 1\npricing: claude-2026-11\nas_of: 2026-11-22\n"
        "workload: {tasks_per_day: 500, tokens: {input: 2000, output: 500}}\n"
        "strategies: {all: {tier: sonnet}}\n",
        encoding="utf-8",
    )
    assert "all costs $135.00 a month." in summary_of(routecost.planning(file))


def test_a_table_is_held_against_the_fleet_once_and_its_findings_are_shown(tmp_path: Path) -> None:
    planning = routecost.planning(fleet(tmp_path))
    (routed,) = planning.routed_by
    assert routed.strategies == ("routed", "again")
    codes = {finding.code for finding in routed.validation.findings}
    assert {"RT201", "RT202", "RT301", "RT503"} <= codes  # the last one needs the fleet
    assert f"warning: Routing table ours: {routed.validation.count(Severity.ERROR)} errors" in summary_of(
        planning
    )
    (table,) = report(planning).parts["routing_table"].tables
    assert [row[0] for row in table.rows] == [finding.code for finding in routed.validation.findings]


def test_built_ins_are_named_alike_wherever_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = run("report", "content-pipeline").stdout
    monkeypatch.chdir(tmp_path)
    assert run("report", "content-pipeline").stdout == here
    assert "tables/article.yaml:11:1: warning: RT503" in here
    assert str(ROOT) not in here


def test_without_a_table_that_is_said() -> None:
    part = output("report", "article-fleet")["routing_table"]
    assert (part["notes"], part["findings"]) == ([NO_TABLE], [])


@pytest.mark.parametrize("scenario", EVERY)
def test_each_assumption_stands_on_the_line_that_is_named(scenario: str) -> None:
    for stated in planned(scenario).stated:
        assert stated.position is not None
        assert stated.position.file == f"scenarios/{scenario}.yaml"
        line = (
            (ROOT / stated.position.file).read_text(encoding="utf-8").splitlines()[stated.position.line - 1]
        )
        assert stated.value.split(", ")[0] in line


def test_what_an_option_replaced_is_not_said_to_stand_in_the_file() -> None:
    planning = routecost.planning("article-fleet", pricing="claude-2026-11", as_of=date(2026, 11, 22))
    placeless = {each.name: each.position for each in planning.stated if each.position is None}
    assert set(placeless) == {"pricing", "as_of"}


def test_the_prices_are_those_of_the_models_in_use_with_their_age() -> None:
    part = output("report", "article-fleet", "--pricing", "claude-2026-11", "--as-of", "2026-12-02")["prices"]
    assert {row["model"] for row in part["prices"]} == {
        "claude-haiku-5-5",
        "claude-sonnet-5-5",
        "claude-opus-5-5",
    }
    assert [row["age_days"] for row in part["ages"]] == [10, 10, 10]
    early = output("report", "article-fleet")["prices"]["ages"]
    assert [row["age_days"] for row in early] == [-294] * 3


def test_what_is_not_modelled_follows_from_what_is_given(tmp_path: Path) -> None:
    bare = gaps_of(routecost.planning(fleet(tmp_path)))
    assert {"latency", "quality", "caching", "batches", "growth", "the router", "uncertainty"} <= set(bare)
    assert bare["the router"] == "the router has no cost in routed"
    assert bare["the router's mistakes"] == "the router makes no errors in routed, again"
    full = ", success: {haiku: 90%, opus: 99%}, cache: {read: 50%}, batch_tolerant: true, batch: 10%"
    (tmp_path / "full").mkdir()
    more = "latency: {haiku: {per_call: 1}, sonnet: {per_call: 1}, opus: {per_call: 1}}\n"
    of_full = gaps_of(routecost.planning(fleet(tmp_path / "full", more, full), growth="1%"))
    assert set(bare) - set(of_full) == {"latency", "batches", "growth"}
    assert {"waiting", "cost of failures", "rework", "evidence", "lifetime of caches"} <= set(of_full)
    assert of_full["quality"].endswith("in judge: no success rates are given")
    assert of_full["cost of failures"] == "no failure cost is stated in read; totals exclude it"


def even(question: Question, value: str | None, now: str | None = None) -> BreakEven:
    answer = Answer.NEVER if value is None else Answer.AT
    known = [None if text is None else Decimal(text) for text in (value, now)]
    return BreakEven(question, "", known[0], "", answer, "", known[1])


@pytest.mark.parametrize(
    ("row", "margin"),
    [
        (even(Question.WRONG_TIER, "0.08"), "0.08"),
        (even(Question.ROUTER_ERROR, "0.08", "0.05"), "0.03"),
        (even(Question.SUCCESS_RATE, "0.95", "0.97"), "0.02"),
        (even(Question.SUCCESS_RATE, "0.95"), None),
        (even(Question.VOLUME, "50", "200"), "0.75"),
        (even(Question.FAILURE_COST, "30", "20"), "0.5"),
        (even(Question.FAILURE_COST, "30", "0"), None),
        (even(Question.VOLUME, None, "200"), None),
    ],
)
def test_margins(row: BreakEven, margin: str | None) -> None:
    assert row.margin == (None if margin is None else Decimal(margin))


def test_the_nearest_break_even_is_about_the_proposal_if_any_is() -> None:
    tier, volume = even(Question.SUCCESS_RATE, "0.95", "0.951"), even(Question.VOLUME, "50", "200")
    mistakes = even(Question.WRONG_TIER, "0.5")
    breakevens = Breakevens("s", "p", date(2026, 1, 1), "USD", None, None, (tier, volume, mistakes))
    assert breakevens.nearest is mistakes
    assert replace(breakevens, breakevens=(tier,)).nearest is tier
    assert replace(breakevens, breakevens=(even(Question.VOLUME, None),)).nearest is None
    other = replace(tier, of_proposal=False)  # of tiers that neither side uses
    assert replace(breakevens, breakevens=(other,)).nearest is None


def gaps(folder: Path, calls: str) -> dict[str, str]:
    """Return what a scenario with these calls does not model, and the assumption instead."""
    file = folder / "fleet.yaml"
    file.write_text(
        "version: 1\npricing: claude-article\nas_of: 2026-02-01\n"
        f"workload: {{tasks_per_day: 500, tokens: {{input: 2000, output: 500}}{calls}}}\n"
        "strategies: {all-opus: {tier: opus}}\n",
        encoding="utf-8",
    )
    printed = json.loads(run("report", str(file), "-f", "json").stdout)
    return {row["what"]: row["taken"] for row in rows_of(printed, "gaps")}


def rows_of(data: Any, table: str) -> list[dict[str, str]]:
    """Return the rows of the table of that name, wherever it is."""
    if isinstance(data, list):
        return [row for item in data for row in rows_of(item, table)]
    if not isinstance(data, dict):
        return []
    return [row for key, value in data.items() for row in (value if key == table else rows_of(value, table))]


def test_the_cache_of_calls_is_modelled(tmp_path: Path) -> None:
    assert gaps(tmp_path, "")["caching"].startswith("input is billed at the full rate")
    cached = gaps(tmp_path, ", calls: {per_task: 12, carry: all, cached: 100%}")
    assert "caching" not in cached
    assert cached["pauses between calls"].startswith("the calls of a task follow each other")
    assert "spread of tokens" not in cached  # the context grows from call to call
    paused = gaps(tmp_path, ", calls: {per_task: 12, cached: 100%, pause: 90s}")
    assert not {"caching", "pauses between calls"} & set(paused)
    assert "spread of tokens" in paused


@pytest.mark.parametrize(
    ("value", "now", "places"),
    [
        ("0.98995", "0.99", 3),
        ("0.97", "0.99", 0),
        ("0.989", "0.99", 0),
        ("0.5", None, 0),
        ("0.9900001", "0.99", 5),
    ],
)
def test_a_break_even_is_shown_with_the_digits_that_differ_from_now(
    value: str, now: str | None, places: int
) -> None:
    assert places_apart(Decimal(value), None if now is None else Decimal(now), Unit.SHARE) == places


def test_a_budget_is_not_counted_as_a_claim() -> None:
    check = routecost.check("article-fleet")
    (budget,) = (claim for claim in check.claims if claim.is_budget)
    assert tally((budget,)).parts == ("The budget holds.",)
    assert tally((replace(budget, holds=False, status="fails"),)).parts == ("The budget is exceeded.",)
    assert tally(check.claims[:1]).parts == ("1 of 1 claims hold, 0 are marked as disputed, 0 fail.",)


def test_selected_strategies_are_the_only_ones_in_the_tables(tmp_path: Path) -> None:
    planning = routecost.planning(fleet(tmp_path), strategies=["again"])
    assert [cost.strategy for cost in planning.comparison.strategies] == ["again"]
    assert [spend.strategy for spend in planning.projection.strategies] == ["again"]
    assert planning.tornado.strategy == "again"
    assert [table.strategies for table in planning.routed_by] == [("again",)]
    text = summary_of(routecost.planning("article-fleet", strategies=["all-haiku"]))
    assert "all-haiku costs $54.00 a month." in text
    assert "routed-80-15-5 (proposed) saves 38.7% compared with all-sonnet (default)" in text
    assert "proposes no strategy" not in text
    with pytest.raises(UnknownNameError, match='no strategy named "all-haku"'):
        routecost.planning("article-fleet", strategies=["all-haku"])


def test_actuals_are_a_part_of_the_report_with_their_chart(tmp_path: Path) -> None:
    file = tmp_path / "spend.csv"
    file.write_text("month,spend,strategy\n2026-02,248.40,routed-80-15-5\n", encoding="utf-8")
    planning = routecost.planning("article-fleet", months=3, actuals=file)
    parts = report(planning).parts
    part = parts["plan_vs_actual"]
    assert part.figure is not None
    assert "actuals" not in [table.name for table in parts["projection"].tables]
    (actuals,) = [table for table in part.tables if table.name == "actuals"]
    rebased = [row["rebased"] for row in actuals.records()]
    assert rebased == [Decimal("248.4")] * 3, "twice the plan of $124.20"
    assert "Savings are of the plan, without the actuals." in text_of(part)
    assert "plan_vs_actual" not in report(routecost.planning("article-fleet", months=3)).parts
