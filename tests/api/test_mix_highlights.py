"""A sweep reports of a strategy what ``compare`` reports of it, also where it is more than its mix."""

from __future__ import annotations

from pathlib import Path

from routecost import compare, sweep
from routecost.model.report.cells import Shown
from routecost.model.report.report import Table
from routecost.report.mixes.sweep import report

FLEET = """\
version: 1
pricing: claude-2026-11
workload:
  task_types:
    a: {tasks_per_day: 2000, tokens: {input: 1500, output: 120}, success: {haiku: 92%, sonnet: 97%, opus: 1}}
    b: {tasks_per_day: 401, tokens: {input: 6000, output: 700}, success: {haiku: 90%, sonnet: 95%, opus: 97%}}
strategies:
  all-sonnet: {tier: sonnet}
  routed: {assign: {a: {tier: haiku}, b: {tier: sonnet}}}
default: all-sonnet
baseline: all-sonnet
as_of: 2026-11-26
"""


def test_a_strategy_by_task_type_has_its_own_success_and_short_shares(tmp_path: Path) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(FLEET, encoding="utf-8")
    tables = [block for block in report(sweep(file, step="1%")).blocks if isinstance(block, Table)]
    routed_rows = [row for table in tables for row in table.rows if row[0] == "routed"]
    assert len(routed_rows) == 2
    assert all(compare(file)["routed"].success_rate in row for row in routed_rows)
    assert not any(isinstance(cell, Shown) and len(cell.text) > 20 for row in routed_rows for cell in row)
