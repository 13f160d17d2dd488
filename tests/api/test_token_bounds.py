"""Bounds of a cost whose tokenizer factor has bounds, across a price step."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import routecost

SHEET = """\
version: 1
currency: USD
source: invented
tiers: {old: acme-old, new: acme-new}
models:
  acme-old: [{input: 5, output: 25, checked: 2026-11-01, above: [{tokens: 200000, input: 10, output: 37.5}]}]
  acme-new:
    - input: 5
      output: 25
      checked: 2026-11-01
      above: [{tokens: 200000, input: 10, output: 37.5}]
      tokens_vs: {reference: acme-old, factor: 1.2, low: 1.0, high: 1.35, source: ours}
"""
FLEET = """\
version: 1
pricing: ./sheet.yaml
as_of: 2026-11-02
tokens_measured_on: acme-old
workload: {tasks_per_day: 100, tokens: {input: 160000, output: 3000}}
strategies: {old: {tier: old}, new: {tier: new}}
"""


def test_the_bounds_of_a_cost_count_the_price_steps_that_they_reach(tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(SHEET, encoding="utf-8")
    fleet = tmp_path / "fleet.yaml"
    fleet.write_text(FLEET, encoding="utf-8")
    comparison = routecost.compare(fleet)
    scaling = comparison.scaling
    assert scaling is not None
    # 3,000 tasks: 0.16 MTok at 5 and 0.003 at 25; 1.35 times as many tokens are beyond 200,000
    low = 3000 * (Decimal("0.16") * 5 + Decimal("0.003") * 25)
    high = 3000 * Decimal("1.35") * (Decimal("0.16") * 10 + Decimal("0.003") * Decimal("37.5"))
    assert scaling.bounds == {"new": (low, high)}
    assert comparison["new"].cost_per_month == low * Decimal("1.2")
