"""What a routing table escalates is paid for: at the measured share, else as a bound that is stated."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.model.results.verdicts.verdict import Answer
from routecost.report.breakeven import report as breakeven_report
from routecost.report.compare.compare import report
from routecost.report.pricing.diff import report as diff_report
from routecost.report.projection.project import report as project_report
from routecost.report.sensitivity.field_sweep import report as sweep_report
from routecost.report.sensitivity.tornado import report as tornado_report
from tests.support.reports import text_of

FLEET = """\
version: 1
pricing: claude-article
as_of: 2026-02-01
workload:
  task_types:
    read: {type: extraction, tasks_per_day: 100, tokens: {input: 2000, output: 500}%s}
strategies:
  routed: {table: ./table.yaml}
  mistaken: {table: ./table.yaml, router: {tier: haiku, tokens: {input: 0, output: 0}}}
  all-haiku: {tier: haiku}
  all-sonnet: {tier: sonnet}
  all-opus: {tier: opus}
default: all-sonnet
proposed: routed
"""
TABLE = """\
version: 1
taxonomy: agent-fleet
escalation: [haiku, sonnet, opus]
routes:
  - {task: extraction, tier: haiku%s}
"""
EVIDENCE = ", evidence: {successes: 90, trials: 100, evaluated: 2026-01-01, escalated: 12}"
SUCCESS = ", success: {haiku: 90%, sonnet: 95%}, failure_cost: 1"
HAIKU, SONNET, OPUS = (Decimal(month) for month in ("10.8", "40.5", "202.5"))


def compared(folder: Path, row: str = "", success: str = "", table: str = TABLE) -> routecost.Comparison:
    (folder / "table.yaml").write_text(table % row, encoding="utf-8")
    (folder / "fleet.yaml").write_text(FLEET % success, encoding="utf-8")
    return routecost.compare(folder / "fleet.yaml")


@pytest.mark.parametrize("strategy", ["routed", "mistaken"])
def test_the_measured_share_pays_for_the_next_tier(strategy: str, tmp_path: Path) -> None:
    comparison = compared(tmp_path, EVIDENCE + ", escalation: [sonnet]")
    assert comparison["all-haiku"].cost_per_month == HAIKU
    assert comparison[strategy].cost_per_month == HAIKU + Decimal("0.12") * SONNET
    assert not comparison.if_all_escalate
    (outcome,) = comparison[strategy].expansion.outcomes
    assert outcome.escalated == Decimal("0.12")


def test_the_share_that_goes_on_further_is_a_bound(tmp_path: Path) -> None:
    comparison = compared(tmp_path, EVIDENCE)
    assert comparison["routed"].cost_per_month == HAIKU + Decimal("0.12") * SONNET
    assert comparison.if_all_escalate["routed"] == HAIKU + Decimal("0.12") * (SONNET + OPUS)


@pytest.mark.parametrize("strategy", ["routed", "mistaken"])
def test_an_unknown_share_is_a_bound_and_never_nothing(strategy: str, tmp_path: Path) -> None:
    comparison = compared(tmp_path)
    assert comparison[strategy].cost_per_month == HAIKU
    assert comparison.if_all_escalate[strategy] == HAIKU + SONNET + OPUS
    text = text_of(report(comparison))
    assert f"warning: The share of tasks that escalate in {strategy} is unknown, and their further" in text
    assert "calls cost $10.80 a month if none escalates, $253.80 if all do" in text
    assert comparison.verdict is not None
    (saved,) = [one for one in comparison.verdict.conditions if one.name == "savings"]
    assert (saved.answer, saved.unless) == (Answer.UNKNOWN, "few tasks escalate in routed")


def test_projections_state_the_bound_too(tmp_path: Path) -> None:
    compared(tmp_path)
    projection = routecost.project(tmp_path / "fleet.yaml", months=2)
    assert projection.if_all_escalate == dict.fromkeys(["routed", "mistaken"], 2 * (HAIKU + SONNET + OPUS))
    assert "$21.60 in total if none escalates, $507.60 if all do" in text_of(project_report(projection))


def test_other_commands_name_what_is_not_counted(tmp_path: Path) -> None:
    compared(tmp_path)
    file = tmp_path / "fleet.yaml"
    said = "The share of tasks that escalate in routed, mistaken is unknown: calls of escalated tasks are not"
    assert said in text_of(breakeven_report(routecost.breakeven(file)))
    assert said in text_of(sweep_report(routecost.sweep_over(file, ["tokens.input=1000,2000"])))
    diff = routecost.diff_pricing("claude-article", "claude-2026-11", scenario=file)
    assert said in text_of(diff_report(diff))
    assert said.replace(", mistaken", "") in text_of(tornado_report(routecost.tornado(file)))


@pytest.mark.parametrize(
    ("row", "table"),
    [
        (EVIDENCE.replace("12", "0") + ", escalation: [sonnet]", TABLE),
        (", confidence: none", TABLE),
        (", escalation: []", TABLE),
        ("", TABLE.replace("escalation: [haiku, sonnet, opus]\n", "")),
    ],
)
def test_rows_that_escalate_nothing_have_no_bound(row: str, table: str, tmp_path: Path) -> None:
    comparison = compared(tmp_path, row, table=table)
    assert comparison["routed"].cost_per_month == HAIKU
    assert not comparison.if_all_escalate
    assert comparison["routed"].expansion.mix == {"haiku": 1}


def test_escalated_tasks_succeed_at_the_rate_of_the_next_tier_or_worse(tmp_path: Path) -> None:
    cost = compared(tmp_path, EVIDENCE + ", escalation: [sonnet]", SUCCESS)["routed"]
    assert cost.success_rate == Decimal("0.9") * Decimal("0.88") + Decimal("0.12") * Decimal("0.95")
    # All that escalates was right, and all that sonnet fails is among it.
    assert cost.success_rate_low == Decimal("0.9") - Decimal("0.12") + Decimal("0.12") + Decimal("0.95") - 1
