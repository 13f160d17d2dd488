"""High and low figures bound all cases of repeated work, and all problems of a scenario are named at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.engine.breakeven.pairwise_cost import in_fleet
from routecost.engine.compare.compare import tier_models_of
from routecost.errors import UnpricedError, UsageError
from routecost.model.results.verdicts.verdict import Answer
from routecost.report.compare.compare import report
from tests.support.reports import text_of

SHEET = """\
version: 1
currency: USD
source: https://example.com
models:
  small: [{input: 1, output: 0}]
  large: [{input: 10, output: 0}]
tiers: {low: small, high: large}
%s
"""
FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
days_per_month: 30
workload:
  task_types:
    %s: {tasks_per_day: 1000, tokens: {input: 1000, output: 0}, %s}
strategies:
%s
default: %s
proposed: %s
"""
STEP = "volume_discounts: {retroactive: true, steps: [{above: %s, share: %s}]}"
CASCADE = "  steps: {cascade: [low, high], detection: {wrong_rejected: 50%, right_rejected: 50%}}\n"


def compared(folder: Path, terms: str, task: str, strategies: str) -> routecost.Comparison:
    (folder / "sheet.yaml").write_text(SHEET % terms, encoding="utf-8")
    names = [line.split(":")[0].strip() for line in strategies.splitlines()]
    (folder / "fleet.yaml").write_text(
        FLEET % ("extraction", task, strategies.rstrip(), names[-1], names[0]), encoding="utf-8"
    )
    return routecost.compare(folder / "fleet.yaml")


REWORK = "success: {low: 80%, high: 90%}, failure_cost: 0, rework: {noticed: 100%, tier: high}"


def test_the_highest_cost_lies_right_below_a_retroactive_step(tmp_path: Path) -> None:
    # The first tier costs 30 and half of all tasks escalate (150). Of these 0.5 x 0.9 end right at the
    # usual rate, 0.4 in the worst case. Then 0.15 or 0.2 of all tasks are reworked: 45 or 60.
    plain = compared(tmp_path, "", REWORK, CASCADE + "  all-high: {tier: high}\n")
    assert plain["steps"].cost_per_month == 225
    assert plain["steps"].cost_per_month_high == 240
    made = compared(tmp_path, STEP % (230, "10%"), REWORK, CASCADE + "  all-high: {tier: high}\n")
    steps = made["steps"]
    # 225 before the step, 240 x 0.9 = 216 after it; at most 230, and at least 230 x 0.9 = 207.
    assert steps.cost_per_month == 225
    assert float(steps.cost_per_month_high) == pytest.approx(230, rel=1e-12)
    assert steps.worst is not None
    assert steps.worst.cost_per_month == 216
    assert made.savings is not None
    against = made["all-high"].cost_per_month
    # all-high costs 300 and reworks a tenth (30): 330 x 0.9 = 297.
    assert against == 297
    assert float(made.savings.per_month_low or 0) == pytest.approx(297 - 230, rel=1e-12)
    assert float(made.savings.per_month_high or 0) == pytest.approx(297 - 207, rel=1e-12)


def test_a_lower_worst_case_is_not_called_high(tmp_path: Path) -> None:
    steps = compared(tmp_path, STEP % (230, "50%"), REWORK, CASCADE + "  all-high: {tier: high}\n")["steps"]
    assert steps.in_worst_case.cost_per_month == 120
    assert steps.cost_per_month_high >= steps.cost_per_month == 225


@pytest.mark.parametrize("share", [0, 1])
def test_a_discount_of_everything_leaves_nothing(share: int, tmp_path: Path) -> None:
    thirds = "success: {low: {successes: 1, trials: 3}, high: {successes: 2, trials: 7}}, failure_cost: 0"
    terms = STEP % (share, "100%")
    made = compared(tmp_path, terms, thirds, CASCADE + "  all-high: {tier: high}\n")
    assert [cost.cost_per_month for cost in made.strategies] == [0, 0]
    assert made.savings is not None
    assert made.savings.fraction is None


REVIEW = """\
  plan:
    plan_and_execute:
      planner: {tier: low, tokens: {input: 0, output: 0}}
      executors: [{tier: low, count: 1}]
      review: {tier: low, tokens: {input: 0, output: 0}, rejects: %s}
  loop: {agents: {mode: reviewer-loop, roles: [{tier: low}], rounds: 2, rejects: %s}}
  steps: {cascade: [low, high], accept: %s}
"""


@pytest.mark.parametrize(
    ("rejects", "accepts", "rates"),
    [
        ("100%", "0%", ["0.9", "0.8", "0.9"]),
        ("0%", "100%", ["0.8", "0.8", "0.8"]),
        ("50%", "50%", [None] * 3),
    ],
)
def test_success_is_known_if_all_or_nothing_is_rejected(
    rejects: str, accepts: str, rates: list[str | None], tmp_path: Path
) -> None:
    task = "success: {low: 80%, high: 90%}"
    made = compared(tmp_path, "", task, REVIEW % (rejects, rejects, accepts)).strategies
    assert [cost.success_rate for cost in made] == [rate and Decimal(rate) for rate in rates]


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    task = (
        "success: {low: 80%, high: 90%}, failure_cost: 2 GBP, "
        "rework: {noticed: 100%, tier: high, success_after: 0%}"
    )
    strategies = (
        "  impossible: {cascade: [low, high], detection: {wrong_rejected: 90%, right_rejected: 90%}, "
        "success_after: {high: 1%}}\n  all-low: {tier: low}\n"
    )
    with pytest.raises(routecost.DocumentError) as caught:
        compared(tmp_path, "", task, strategies)
    text = str(caught.value)
    assert 'failure_cost" is in GBP' in text
    assert text.count("cannot succeed in 1% of the tasks done again") == 1
    assert 'strategy "all-low"' in text
    assert len(caught.value.findings) == 4  # one for the rework after each strategy


TABLE = """\
version: 1
taxonomy: agent-fleet
reviewer: {low: high}
routes: [{task: extraction, tier: low, confidence: none, escalation: []}]
"""


def test_reviewers_of_a_table_are_named_as_not_counted(tmp_path: Path) -> None:
    (tmp_path / "table.yaml").write_text(TABLE, encoding="utf-8")
    strategies = "  routed: {table: ./table.yaml}\n  all-high: {tier: high}\n"
    made = compared(tmp_path, "", "success: {low: 80%, high: 90%}", strategies)
    assert made["routed"].cost_per_month == made["routed"].cost_per_month_high == 30
    assert made.unpriced_reviews == ("routed",)
    said = "warning: Calls of the reviewers in the routing tables of routed are not included"
    assert said in text_of(report(made))
    assert made.verdict is not None
    (saved,) = [one for one in made.verdict.conditions if one.name == "savings"]
    assert (saved.answer, saved.unless) == (Answer.UNKNOWN, "reviewers of routed cost less than that")
    projected = routecost.project(tmp_path / "fleet.yaml", months=1)
    assert projected.unpriced_reviews == ("routed",)


def test_a_mistaken_share_counts_in_the_contradictions_of_rework(tmp_path: Path) -> None:
    # Half of "hard" is taken for "easy" and fails on low: 0.5 x 0.2 + 0.5 x 0.1 = 15% are reworked, of which
    # high (90% on all) does at least 5% / 15% right. Without the mistakes 10% are, and 0% is possible.
    (tmp_path / "sheet.yaml").write_text(SHEET % "", encoding="utf-8")
    load = "tasks_per_day: 1000, tokens: {input: 1000, output: 0}, success: {low: 80%, high: 90%}"
    fleet = f"""\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload:
  task_types:
    easy: {{{load}}}
    hard: {{{load}, rework: {{noticed: 100%, tier: high, success_after: 0%}}}}
strategies:
  routed: {{assign: {{easy: {{tier: low}}, hard: {{tier: high}}}}, mistakes: {{hard: {{easy: 50%}}}}}}
"""
    (tmp_path / "fleet.yaml").write_text(fleet, encoding="utf-8")
    with pytest.raises(routecost.DocumentError, match=r"of which 15% are done again, expected 33.3333% to"):
        routecost.compare(tmp_path / "fleet.yaml")
    right = fleet.replace(", mistakes: {hard: {easy: 50%}}", "")
    (tmp_path / "fleet.yaml").write_text(right, encoding="utf-8")
    assert routecost.compare(tmp_path / "fleet.yaml")["routed"].success_rate == Decimal("0.85")


def test_a_break_even_in_a_fleet_keeps_the_mistakes_of_the_other_types(tmp_path: Path) -> None:
    # Half of the 1,000 easy tasks is taken for hard and runs on high (5), the rest on low (0.5); then the
    # hard ones cost 1 on low and 10 on high.
    (tmp_path / "sheet.yaml").write_text(SHEET % "", encoding="utf-8")
    load = "{tasks_per_day: 1000, tokens: {input: 1000, output: 0}}"
    (tmp_path / "fleet.yaml").write_text(
        f"""\
version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {{task_types: {{easy: {load}, hard: {load}}}}}
strategies:
  routed: {{assign: {{easy: {{tier: low}}, hard: {{tier: high}}}}, mistakes: {{easy: {{hard: 50%}}}}}}
""",
        encoding="utf-8",
    )
    scenario = routecost.load_scenario(tmp_path / "fleet.yaml")
    day, hard = date(2026, 2, 1), scenario.workload.task_types[1]
    pair = in_fleet(scenario, day, hard, "routed", ("low", "high"))
    assert [cost.calls for cost in pair] == [30 * Decimal("6.5"), 30 * Decimal("15.5")]
    with pytest.raises(UsageError, match="are taken for other types"):
        scenario.strategies["routed"].flow(scenario.workload.task_types[0], tier_models_of(scenario, day))


def test_a_report_leaves_out_claims_on_strategies_without_a_price(tmp_path: Path) -> None:
    compared(tmp_path, "", "success: {low: 80%}", "  one: {tier: low}\n  two: {tier: high}\n")
    file = tmp_path / "fleet.yaml"
    later = SHEET.replace("high: large", "high: [{from: 2027-01-01, model: large}]")
    (tmp_path / "sheet.yaml").write_text(later % "", encoding="utf-8")
    text = file.read_text(encoding="utf-8")
    claims = "budget: {strategy: two, amount: 1, per: month}\nclaims:\n"
    for name in ("one", "two"):
        claims += f"  - {{that: strategies.{name}.cost_per_month, is: 30, within: 0}}\n"
    file.write_text(text.replace("default: two\nproposed: one\n", "") + claims, encoding="utf-8")
    made = routecost.planning(file, strategies=["one"])
    assert made.check is not None
    assert [result.computed for result in made.check.claims] == [30]
    assert len(made.comparison.left_out) >= 2
    with pytest.raises(UnpricedError):
        routecost.planning(file, strategies=["two"])
