"""RT502 by hand: shares of all tasks and of their cost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from routecost import validate

TABLE = """version: 1
taxonomy: agent-fleet
escalation: [haiku, sonnet, opus]
routes:
  - {task: extraction, tier: haiku, confidence: required}
  - {task: high-stakes-decision, tier: opus}
"""
FLEET = """version: 1
pricing: claude-article
workload:
  task_types:
    extraction: {tasks_per_day: %s, tokens: {input: 2000, output: 500}}
    %s: {tasks_per_day: %s, tokens: {input: %s, output: 500}}
strategies: {all-opus: {tier: opus}}
"""

ROUTED = " of those with a route"


@pytest.mark.parametrize(
    ("tasks", "other", "tokens", "message"),
    [
        # 9,860 x $0.0036 = $35.50 on haiku; 140 x $0.0675 = $9.45 on opus: 79%
        ((9860, 140), "high-stakes-decision", 2000, None),
        ((9999, 1), "high-stakes-decision", 2000, "100.0% of the tasks and 99.8% of the cost go to"),
        ((9860, 140), "summarization", 2000, f"98.6% of the tasks and 100.0% of the cost{ROUTED} go to"),
        ((940, 60), "summarization", 2000, None),
    ],
)
def test_both_shares_must_be_high(
    tmp_path: Path, tasks: tuple[int, int], other: str, tokens: int, message: str | None
) -> None:
    table, fleet = tmp_path / "table.yaml", tmp_path / "fleet.yaml"
    table.write_text(TABLE)
    fleet.write_text(FLEET % (tasks[0], other, tasks[1], tokens))
    findings = validate(table, scenario=fleet, as_of=date(2026, 2, 1), select=["RT502"]).findings
    assert [finding.message.partition(" go to")[0] for finding in findings] == (
        [] if message is None else [message.removesuffix(" go to")]
    )
