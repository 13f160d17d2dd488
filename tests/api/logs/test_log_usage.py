"""Usage of logs with outcomes, beside a plan."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.errors import UsageError
from routecost.model.report.report import Note
from routecost.model.results.logs.usage import LogUsage
from routecost.report.logs.periods import pace_report
from routecost.report.logs.usage import report

FLEET = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-20
workload:
  task_types:
    triage:
      tasks_per_day: 10
      tokens: {input: 1000, output: 100}
      success: {haiku: 50%, sonnet: 80%, opus: 90%}
strategies:
  all-haiku: {tier: haiku}
baseline: all-haiku
"""


def line(number: int, task: str, model: str, **more: Any) -> dict[str, Any]:
    """An observation of Langfuse; its name is the agent's, its trace the task."""
    return {
        "id": f"o{number}",
        "trace_id": task,
        "type": "GENERATION",
        "parent_observation_id": "",
        "start_time": f"2026-11-20 09:00:0{number}.000000",
        "name": "triage",
        "provided_model_name": model,
        "usage_details": {"input": 1_000_000, "output": 0},
        "total_cost": None,
        **more,
    }


def score(task: str, value: float) -> dict[str, Any]:
    return {
        "id": f"s-{task}",
        "trace_id": task,
        "observation_id": "",
        "name": "quality",
        "value": value,
        "data_type": "NUMERIC",
        "string_value": "",
        "timestamp": "2026-11-20 09:01:00",
    }


@pytest.fixture
def logs(tmp_path: Path) -> list[str]:
    observations = [
        line(1, "a", "claude-haiku-5-5"),
        line(2, "a", "claude-sonnet-5-5"),
        line(3, "b", "claude-haiku-5-5"),
        line(4, "c", "claude-sonnet-5-5"),
        line(5, "d", "claude-haiku-5-5"),
    ]
    scores = [score("a", 1), score("b", 0.2), score("c", 0.9)]
    files = []
    for name, rows in (("observations", observations), ("scores", scores)):
        file = tmp_path / f"{name}.jsonl"
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
        files.append(str(file))
    return files


def test_the_cost_per_success_is_measured_and_set_beside_the_plan(logs: list[str], tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET, encoding="utf-8")
    source = routecost.LogSource(logs, task_types=lambda _: "triage", success="quality>=0.8")
    usage = routecost.log_usage(source, pricing="claude-2026-11", plan=fleet)
    (row,) = usage.tasks
    assert (row.tasks, row.calls, row.successes, row.failures, row.escalated) == (4, 5, 2, 1, 1)
    assert row.total.cost.low == Decimal("5.5")  # 3 x 0.50 + 2 x 2.00
    least, most = row.cost_per_success or (None, None)
    assert (round(least or 0, 9), most) == (Decimal("1.833333333"), Decimal("2.75"))  # 1 of 4 is unknown
    planned = usage.planned["triage"]
    assert planned.cost_per_success == 2 * (planned.cost_per_task or 0)


def test_a_plan_that_splits_a_type_has_its_mean_cost(logs: list[str], tmp_path: Path) -> None:
    fleet = tmp_path / "fleet.yaml"
    part = "tasks_per_day: {}, tokens: {{input: {}, output: 0}}, type: triage"
    types = f"small: {{{part.format(3, 1000)}}}, big: {{{part.format(1, 5000)}}}"
    fleet.write_text(
        "version: 1\npricing: claude-2026-11\nas_of: 2026-11-20\n"
        f"workload: {{task_types: {{{types}}}}}\nstrategies: {{all-haiku: {{tier: haiku}}}}\n"
    )
    source = routecost.LogSource(logs, task_types=lambda _: "triage")
    usage = routecost.log_usage(source, pricing="claude-2026-11", plan=fleet)
    assert float(usage.planned["triage"].cost_per_task or 0) == pytest.approx(2000 * 0.1 / 1e6)
    assert "The planned cost of triage is the mean of the tasks of small and big" in text_of(usage)
    other = routecost.LogSource(logs, task_types=lambda _: "other")
    usage = routecost.log_usage(other, pricing="claude-2026-11", plan=fleet)
    assert "No planned cost of other: fleet, all-haiku has no such task type" in text_of(usage)


def test_the_pace_is_beside_the_plan_with_its_growth(logs: list[str], tmp_path: Path) -> None:
    """The plan began a month before the log, with half of the stated volume, and doubles."""
    fleet, volume = tmp_path / "fleet.yaml", "volume: [{from: 2026-10-01, factor: 0.5}]"
    fleet.write_text(f"{FLEET}plan: {{start: 2026-10, growth: 100%, {volume}}}\n")
    pace = routecost.spend_pace(routecost.LogSource(logs, until=date(2026, 11, 20)), plan=fleet)
    assert float(pace.planned or 0) == pytest.approx(30 * 10 * (1000 * 0.1 + 100 * 0.5) / 1e6)


@pytest.mark.parametrize(("counts", "amount"), [("", Decimal(7)), (", counts: total", None)])
def test_the_pace_is_compared_with_the_budget_of_the_plan_for_calls(
    logs: list[str], tmp_path: Path, counts: str, amount: Decimal | None
) -> None:
    fleet, budget = tmp_path / "fleet.yaml", "budget: {amount: %s, per: month, strategy: all-haiku%s}"
    planned = budget % ("5, steps: [{from: 2026-11, amount: 7}]", counts)
    fleet.write_text(f"{FLEET}{budget % ('9', '')}\nplan: {{start: 2026-10, {planned}}}\n")
    pace = routecost.spend_pace(routecost.LogSource(logs, until=date(2026, 11, 20)), plan=fleet)
    assert (pace.budget, pace.budget_counts_failures) == (amount, amount is None)
    said = " ".join(
        "".join(map(str, block.parts)) for block in pace_report(pace).blocks if isinstance(block, Note)
    )
    assert ("The budget of fleet counts failures, which no call has: it is not compared." in said) == (
        amount is None
    )


def text_of(usage: LogUsage) -> str:
    return " ".join(
        "".join(map(str, block.parts)) for block in report(usage).blocks if isinstance(block, Note)
    )


def test_days_without_calls_are_refused_with_those_of_the_log(logs: list[str]) -> None:
    source = routecost.LogSource(logs, since=date(2027, 1, 1))
    with pytest.raises(
        UsageError, match="no calls are logged since 2027-01-01; the logs have those of 2026-11"
    ):
        routecost.log_usage(source, pricing="claude-2026-11")
    with pytest.raises(UsageError, match="no calls are logged"):
        routecost.replay(source, pricing=["claude-2026-11", "claude-2026-02"])
    with pytest.raises(UsageError, match="no calls are logged"):
        routecost.calibrate(source, pricing="claude-2026-11")


@pytest.mark.parametrize("rule", ["quality", "quality>=much", ">=1", "=yes"])
def test_rules_of_success_are_checked(logs: list[str], rule: str) -> None:
    with pytest.raises(UsageError, match="expected one such as"):
        routecost.log_usage(routecost.LogSource(logs, success=rule), pricing="claude-2026-11")


def test_tasks_with_unpriced_calls_have_no_upper_limit_and_never_cost_nothing(logs: list[str]) -> None:
    types = {"o1": "partly", "o2": "partly", "o3": "unknown"}
    observations = [line(1, "a", "claude-haiku-5-5"), line(2, "a", "strange"), line(3, "b", "strange")]
    Path(logs[0]).write_text("".join(f"{json.dumps(row)}\n" for row in observations), encoding="utf-8")
    source = routecost.LogSource(
        logs, task_types=lambda call: types[call.id or ""], success="quality>=0.8", allow_unpriced=True
    )
    usage = routecost.log_usage(source, pricing="claude-2026-11")
    spans = {row.task_type: (row.total.span, row.cost_per_task) for row in usage.tasks}
    assert spans["partly"] == ((Decimal("0.5"), None), (Decimal("0.5"), None))
    assert spans["unknown"] == ((None, None), (None, None))


def test_calls_without_an_outcome_may_all_be_failures(logs: list[str]) -> None:
    source = routecost.LogSource(logs, task_types=lambda _: "triage", success="quality>=0.8")
    rows = {row.tier: row for row in routecost.log_usage(source, pricing="claude-2026-11").outcomes}
    assert [round(rate or 0, 9) for rate in rows["haiku"].failure_rate or ()] == [
        round(Decimal(n) / 3, 9) for n in (1, 2)
    ]  # one of three calls has no outcome
    assert rows["sonnet"].failure_rate == (Decimal(0), Decimal(0))
