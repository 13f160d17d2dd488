"""Volumes from which routing pays, with fixed fees."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import routecost
from routecost.model.results.breakeven import Answer, BreakEven, Question

SHEET = """version: 1
currency: USD
source: t
tiers: {low: small, high: large}
models:
  small: [{checked: 2026-01-01, input: 1, output: 5}]
  large: [{checked: 2026-01-01, input: 3, output: 15, provisioned_hour: 5}]
"""
FLEET = """version: 1
pricing: ./sheet.yaml
as_of: 2026-02-01
workload: {tasks_per_day: 100, tokens: {input: 1000, output: 200}}
strategies: {low: {tier: low}, high: {tier: high}}
default: high
proposed: low
capacity: [{tier: high, units: 1, covers: 50%}]
"""


def test_a_fixed_fee_that_the_proposal_avoids_pays_at_any_volume(tmp_path: Path) -> None:
    """A month of capacity costs 5 x 24 x 30 = 3,600."""
    (tmp_path / "sheet.yaml").write_text(SHEET)
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET)
    loaded = routecost.load_scenario(fleet)

    def volume(engineering: int) -> BreakEven:
        result = routecost.breakeven(loaded, engineering=Decimal(engineering), upkeep=Decimal(0), within=1)
        (row,) = [row for row in result.breakevens if row.question is Question.VOLUME]
        assert "discount" not in row.meaning
        return row

    assert volume(3_599).answer is Answer.ALWAYS
    # A task costs 0.002 on low and 0.003 by token on high: half of 0.006.
    turn = volume(3_602)
    assert turn.answer is Answer.AT
    assert turn.value is not None
    assert abs(turn.value - Decimal(2) / Decimal("0.03")) < Decimal("1e-9")
