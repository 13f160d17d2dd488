"""Reviewers of a routing table are paid for what they read, as the judges of other strategies are."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.engine.logs.targets import strategy_target
from routecost.model.results.breakeven import Question
from routecost.report.breakeven import report as breakeven_report
from routecost.report.mixes.sweep import report as mixes_report
from routecost.report.pricing.diff import report as diff_report
from routecost.report.sensitivity.field_sweep import report as sweep_report
from routecost.report.sensitivity.tornado import report as tornado_report
from tests.support.reports import text_of

SHEET = """\
version: 1
currency: USD
source: https://example.com
tiers: {haiku: small, sonnet: middle, opus: large}
models:
  small:
    - {input: 1, output: 5, cache_read: 0.1, cache_write_5m: 1.25, modes: {batch: {input: 0.5, output: 2.5}}}
  middle:
    - input: 3
      output: 15
      cache_read: 0.3
      cache_write_5m: 3.75
      modes: {batch: {input: 1.5, output: 7.5}}
      above:
        - tokens: 1000
          input: 6
          output: 30
          cache_read: 0.6
          cache_write_5m: 7.5
          modes: {batch: {input: 3, output: 15}}
  large: [{input: 10, output: 50, input_audio: 30}]
"""
TABLE = """\
version: 1
taxonomy: agent-fleet
%s
routes:
  - {task: extraction, tier: haiku, %s}
"""
FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {task_types: {extraction: {tasks_per_day: 100, %s}}}
strategies:
%s
  all-sonnet: {tier: sonnet}
default: all-sonnet
proposed: %s
"""
PATH = "escalation: [haiku, sonnet]\nreviewer: {haiku: sonnet}\n"
REVIEW = "review: {tokens: {input: 800, output: 100}, reads_output: true}"
JUDGE = "{tier: sonnet, tokens: {input: 800, output: 100}, reads_output: true%s}"
EVIDENCE = "evidence: {successes: 90, trials: 100, evaluated: 2026-01-01, escalated: 12}"
PLAIN = "tokens: {input: 2000, output: 500}, success: {haiku: 90%, sonnet: 95%}"
ROUTED = "  routed: {table: ./table.yaml%s}"


def written(folder: Path, table: str, load: str, strategies: str, pricing: str | None = None) -> Path:
    """Write a fleet with its table and prices; the first strategy is proposed."""
    (folder / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    (folder / "table.yaml").write_text(table, encoding="utf-8")
    text = FLEET % (load, strategies, strategies.partition(":")[0].strip())
    text = text.replace("./sheet.yaml", pricing) if pricing else text
    (folder / "fleet.yaml").write_text(text, encoding="utf-8")
    return folder / "fleet.yaml"


def compared(folder: Path, table: str, load: str, strategies: str, **options: Any) -> routecost.Comparison:
    return routecost.compare(written(folder, table, load, strategies, **options))


def test_a_review_by_hand(tmp_path: Path) -> None:
    # haiku 2,000 x 0.80 + 500 x 4 = 0.0036; sonnet 2,000 x 3 + 500 x 15 = 0.0135, for 12%;
    # the reviewer reads 800 of its own and the output of 500, and writes 100: 1,300 x 3 + 100 x 15 = 0.0054.
    table = TABLE % (PATH + REVIEW, EVIDENCE)
    made = compared(tmp_path, table, PLAIN, ROUTED % "", pricing="claude-article")
    cost = made["routed"]
    assert cost.cost_per_task == Decimal("0.0036") + Decimal("0.12") * Decimal("0.0135") + Decimal("0.0054")
    assert cost.overhead == {"reviewer": 3000 * Decimal("0.0054")}
    assert made.unpriced_reviews == ()
    (outcome,) = cost.expansion.outcomes
    assert outcome.escalated == Decimal("0.12")
    assert outcome.reviewed == 1
    assert made.verdict is not None
    (saved,) = [one for one in made.verdict.conditions if one.name == "savings"]
    assert saved.unless == ""


ROWS = (
    "tokens: {per_call: [{share: 60%, input: 300, output: 100}, {share: 40%, input: 900, output: [50, 900]}]}"
)
LOADS = {
    "plain": PLAIN,
    "rows beyond a price step": f"{ROWS}, success: {{haiku: 90%}}",
    "several calls": f"{PLAIN}, calls: {{per_task: 4, system: 900, carry: all, cached: 100%}}",
    "batch": f"{PLAIN}, batch_tolerant: true, batch: 30%",
    "shared prefix": f"{PLAIN}, cache: {{prefix: 400, reuse: 3}}",
    "shares of a cache": f"{PLAIN}, cache: {{read: 50%, write_5m: 10%}}",
}


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize(("table_reads", "reads"), [("", ""), (", reads_input: true", ", reads_input: true")])
def test_a_table_of_one_row_costs_as_a_cascade_with_a_judge(
    load: str, table_reads: str, reads: str, tmp_path: Path
) -> None:
    table = TABLE % (PATH + REVIEW.replace("true}", f"true{table_reads}}}"), EVIDENCE)
    strategies = (ROUTED % ", pass_on: true") + (
        f"\n  steps: {{cascade: [haiku, sonnet], accept: 88%, judge: {JUDGE % reads}, pass_on: true}}"
    )
    made = compared(tmp_path, table, LOADS[load], strategies)
    assert made["routed"].cost_per_month == made["steps"].cost_per_month
    assert made["routed"].overhead["reviewer"] == made["steps"].overhead["judge"] > 0


def test_it_costs_as_a_review_by_confidence_that_rejects_as_much(tmp_path: Path) -> None:
    # 0.1 x 75% + 0.9 x 5% = 12% of the tasks are rejected and done again.
    by_confidence = (
        "\n  checked: {confidence: {executor: haiku, when_right: {low: 100%}, when_wrong: {low: 100%}, "
        f"reviewer: {JUDGE % ''}, detection: {{wrong_rejected: 75%, right_rejected: 5%}}, redo: sonnet}}}}"
    )
    made = compared(tmp_path, TABLE % (PATH + REVIEW, EVIDENCE), PLAIN, ROUTED % "" + by_confidence)
    assert made["routed"].cost_per_month == made["checked"].cost_per_month
    assert made["routed"].overhead == made["checked"].overhead


def test_what_a_reviewer_reads_keeps_its_distribution(tmp_path: Path) -> None:
    # 800 of its own and 100 are below the step at 1,000; with 900 the whole call is at the double rates.
    load = "tokens: {per_call: [{share: 75%, input: 1, output: 100}, {share: 25%, input: 1, output: 900}]}"
    table = TABLE % (PATH + REVIEW, "escalation: []")
    cost = compared(tmp_path, table, load, ROUTED % "")["routed"]
    below, above = 900 * 3 + 100 * 15, 1700 * 6 + 100 * 30
    assert cost.overhead["reviewer"] == 3000 * (Decimal("0.75") * below + Decimal("0.25") * above) / Decimal(
        10**6
    )


def test_the_row_replaces_the_table_and_the_strategy_both(tmp_path: Path) -> None:
    review = "review: {tokens: {input: %s, output: 0}}"
    strategies = "\n".join(
        (
            ROUTED % "",
            "  stated: {table: ./table.yaml, review: {tokens: {input: 400, output: 0}, share: 50%}}",
            "  mistaken: {table: ./table.yaml, router: {tier: haiku, tokens: {input: 0, output: 0}}}",
        )
    )
    table = TABLE % (PATH + review % 100, "escalation: [], " + review % 200)
    made = compared(tmp_path, table, PLAIN, strategies)
    per_month = {name: made[name].overhead["reviewer"] for name in ("routed", "stated", "mistaken")}
    unit = 3000 * 3 / Decimal(10**6)
    assert per_month == {"routed": 200 * unit, "stated": 200 * unit, "mistaken": 200 * unit}
    made = compared(tmp_path, TABLE % (PATH + review % 100, "escalation: []"), PLAIN, strategies)
    assert made["routed"].overhead["reviewer"] == 100 * unit
    assert made["stated"].overhead["reviewer"] == 200 * unit


def test_escalated_outputs_are_reviewed_and_read_where_the_table_says_so(tmp_path: Path) -> None:
    above = "escalation: [haiku, sonnet]\nreviewer: {sonnet: opus}\npass_on: true\n"
    review = "review: {tokens: {input: 100, output: 10}, reads_output: true}"
    cost = compared(tmp_path, TABLE % (above + review, EVIDENCE), PLAIN, ROUTED % "")["routed"]
    # 12% of the outputs are of sonnet, which reads 2,000 and the rejected 500, above the step.
    assert cost.overhead["reviewer"] == 3000 * Decimal("0.12") * (600 * 10 + 10 * 50) / 10**6
    again = Decimal("0.12") * (2500 * 6 + 500 * 30)
    executors = 2000 * 1 + 500 * 5 + again
    assert cost.cost_per_month == 3000 * executors / 10**6 + cost.overhead["reviewer"]


def test_all_that_escalates_is_reviewed_in_the_bound(tmp_path: Path) -> None:
    path = "escalation: [haiku, sonnet, opus]\nreviewer: {haiku: sonnet, sonnet: opus}\n"
    table = TABLE % (path + "review: {tokens: {input: 100, output: 0}}", "confidence: required")
    made = compared(tmp_path, table, PLAIN, ROUTED % "")
    calls = 2000 * 1 + 500 * 5
    assert made["routed"].cost_per_month == 3000 * Decimal(calls + 100 * 3) / 10**6
    more = 2000 * 6 + 500 * 30 + 100 * 10 + 2000 * 10 + 500 * 50
    assert made.if_all_escalate["routed"] == 3000 * Decimal(calls + 100 * 3 + more) / 10**6


def test_break_evens_and_projections_include_reviews(tmp_path: Path) -> None:
    table = TABLE % (PATH + REVIEW, "escalation: []")
    file = written(tmp_path, table, PLAIN, ROUTED % "", pricing="claude-article")
    costs = "routing_costs: {engineering: 100, upkeep_per_month: 1, within_months: 10}\n"
    file.write_text(file.read_text(encoding="utf-8") + costs, encoding="utf-8")
    assert routecost.project(file, months=2).strategies[0].total == 2 * 3000 * Decimal("0.009")
    # 0.0135 - 0.009 saved per task, against 1 + 100 / 10 a month: 11 / 0.0045 / 30 tasks a day.
    (volume,) = routecost.breakeven(file).of(Question.VOLUME)
    assert float(volume.value or 0) == pytest.approx(11 / 0.0045 / 30, rel=1e-12)


def test_every_command_names_the_key_that_is_missing(tmp_path: Path) -> None:
    file = written(tmp_path, TABLE % (PATH, EVIDENCE), PLAIN, ROUTED % "", pricing="claude-article")
    diff = routecost.diff_pricing("claude-article", "claude-2026-11", scenario=file)
    for report in (
        breakeven_report(routecost.breakeven(file)),
        sweep_report(routecost.sweep_over(file, ["tokens.input=1000,2000"])),
        tornado_report(routecost.tornado(file)),
        mixes_report(routecost.sweep(file)),
        diff_report(diff),
    ):
        text = " ".join(text_of(report).split())
        assert "warning: Calls of the reviewers in the routing tables of routed are not included" in text
        assert 'State "review: {tokens: ...}" in the table or in the strategy.' in text


def test_a_replay_runs_the_same_calls_with_and_without_a_review(tmp_path: Path) -> None:
    targets = []
    for table in (TABLE % (PATH, EVIDENCE), TABLE % (PATH + REVIEW, EVIDENCE)):
        scenario = routecost.load_scenario(written(tmp_path, table, PLAIN, ROUTED % ""))
        targets.append(strategy_target("routed", scenario.strategies["routed"], None, scenario.workload))
    assert targets[0] == targets[1]


UNITS = "meters: {input_audio: 40, web_search: 2}"
AUDIO = f"tokens: {{per_call: [{{share: 100%, input: 100, output: 9, {UNITS}}}]}}"
ALIKE = """\
version: 1
currency: USD
source: https://example.com
tiers: {haiku: small, sonnet: small, opus: large}
models:
  small: [{input: 1, output: 5, input_audio: 3, web_search: 10}]
  large: [{input: 10, output: 50, input_audio: 30}]
"""
HELPER = "tier: opus, tokens: {input: 7, output: 1}, reads_input: true"
FREE = "{tier: haiku, tokens: {input: 0, output: 0}}"
TWICE = "executors: [{tier: haiku, count: 2}]"
ONE = "roles: [{tier: haiku}], rounds: 2"


@pytest.mark.parametrize(
    ("strategy", "role"),
    [
        (f"assign: {{extraction: {{tier: haiku}}}}, router: {{{HELPER}}}", "router"),
        (f"cascade: [haiku, sonnet], accept: 90%, judge: {{{HELPER}}}", "judge"),
        (f"agents: {{mode: debate, {ONE}, judge: {{{HELPER}}}}}", "judge"),
        (f"agents: {{mode: reviewer-loop, {ONE}, rejects: 5%, judge: {{{HELPER}}}}}", "judge"),
        (f"plan_and_execute: {{planner: {{{HELPER}}}, {TWICE}}}", "planner"),
        (f"plan_and_execute: {{planner: {FREE}, {TWICE}, review: {{rejects: 0%, {HELPER}}}}}", "reviewer"),
    ],
)
def test_who_reads_the_input_reads_all_units_of_it(strategy: str, role: str, tmp_path: Path) -> None:
    file = written(tmp_path, TABLE % (PATH, EVIDENCE), AUDIO, f"  one: {{{strategy}}}")
    (tmp_path / "sheet.yaml").write_text(ALIKE, encoding="utf-8")
    cost = routecost.compare(file)["one"]
    assert cost.overhead[role] == 3000 * Decimal((7 + 100) * 10 + 40 * 30 + 1 * 50) / 10**6


def test_rework_reads_the_wrong_result_if_it_is_passed_on(tmp_path: Path) -> None:
    rework = "rework: {noticed: 50%%, tier: opus%s}"
    load = "tokens: {input: 200, output: 50}, success: {haiku: 90%%, sonnet: 90%%}, " + rework
    costs = []
    for stated in ("", ", pass_on: true"):
        made = compared(tmp_path, TABLE % (PATH, EVIDENCE), load % stated, "  one: {tier: haiku}")
        costs.append(made["one"].overhead["rework"])
    # 10% fail, half of these are noticed.
    shares = [3000 * Decimal("0.05") * tokens / 10**6 for tokens in (200 * 10 + 50 * 50, 250 * 10 + 50 * 50)]
    assert costs == shares
