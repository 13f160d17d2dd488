"""Reports that sum calls without counting them: the number of calls is unknown, not 0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

import routecost
from routecost.api.logs.actuals import log_actuals
from routecost.model.results.logs.usage import UnpricedCallsError
from routecost.report.logs.replay import report as replay_report
from routecost.report.logs.usage import report

SONNET = "claude-sonnet-5-5"
MAPPING = """
version: 1
mapping: sums
time: t
model: m
meters: {input: i}
task_type: kind
sums: true
"""


def logs(folder: Path, model: str = SONNET, **options: Any) -> routecost.LogSource:
    """A sum of unknown calls of $2 in October 2026."""
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    row = {"t": "2026-10-01T00:00:00Z", "m": model, "i": 1_000_000, "kind": "extraction"}
    later = {**row, "t": "2026-11-02T00:00:00Z"}
    (folder / "sums.jsonl").write_text(f"{json.dumps(row)}\n{json.dumps(later)}\n", encoding="utf-8")
    return routecost.LogSource([folder / "sums.jsonl"], dialect=str(folder / "mapping.yaml"), **options)


def rows_of(table: str, result: Any) -> list[list[Any]]:
    """The raw rows of a table of a report."""
    (found,) = (block for block in result.blocks if getattr(block, "name", None) == table)
    return [[getattr(cell, "value", cell) for cell in row] for row in found.rows]


def test_usage_and_actuals_state_no_number_of_calls(tmp_path: Path) -> None:
    usage = routecost.log_usage(logs(tmp_path), pricing="claude-2026-11", months=True)
    ((model, calls, *_),) = rows_of("usage", report(usage))
    assert (model, calls, usage.total.known_calls) == (SONNET, None, None)
    text = log_actuals(usage)
    assert "calls" not in text
    assert "tasks" not in text
    header, row = log_actuals(usage, ".csv").splitlines()
    assert dict(zip(header.split(","), row.split(","), strict=True)) == {
        "month": "2026-10",
        "tier": "sonnet",
        "currency": "USD",
        "tasks": "",
        "calls": "",
        "input": "1000000",
        "output": "0",
        "cache_read": "0",
        "cache_write_5m": "0",
        "cache_write_1h": "0",
        "spend": "2.00000000",
    }


def test_no_cost_per_task_is_made_of_calls_that_are_not_counted() -> None:
    query = """
        SELECT 'claude-sonnet-5-5' AS model, 1000 AS input, 1 - i AS calls, i = 1 AS is_sum,
          CASE WHEN i = 0 THEN 'success' END AS outcome
        FROM range(2) t(i)
    """
    usage = routecost.log_usage(routecost.LogSource(frame=duckdb.sql(query)), pricing="claude-2026-11")
    (row,) = usage.tasks
    assert (row.tasks, row.cost_per_task, row.cost_per_success) == (1, None, None)
    assert (usage.total.known_calls, usage.total.is_counted) == (1, False)


def test_a_missing_price_states_no_number_of_calls(tmp_path: Path) -> None:
    with pytest.raises(UnpricedCallsError) as error:
        routecost.log_usage(logs(tmp_path, "gpt-x"), pricing="claude-2026-11")
    assert str(error.value).startswith('no model "gpt-x"')


def test_a_replay_states_no_number_of_calls(tmp_path: Path) -> None:
    found = routecost.replay(logs(tmp_path), tables=["article"], pricing=["claude-2026-11"])
    result = replay_report(found)
    assert result.title.startswith("Replay of calls that are not counted (2026-10-01 to 2026-11-02, UTC)")
    assert result.meta["calls"] is None
    ((*_, task_type, calls, _models), *_) = [row[:6] for row in rows_of("task_types", result)]
    assert (task_type, calls) == ("extraction", None)
