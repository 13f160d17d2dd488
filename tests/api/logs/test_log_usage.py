"""Usage of logs with outcomes, beside a plan."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import routecost
from routecost.errors import UsageError

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
