"""Sweeps and tornados speak of the total where failures cost something; JSON keeps calls beside it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import routecost
from routecost.report.sensitivity import field_sweep, tornado
from tests.support.reports import text_of

FLEET = """\
version: 1
pricing: claude-2026-11
as_of: 2026-11-22
workload:
  task_types:
    drafting:
      tasks_per_day: 2500
      tokens: {{input: 6500, output: 700}}
      success: {{haiku: 80%, sonnet: 94%}}
      failure_cost: 0.80
{more}
strategies:
  today: {{tier: sonnet}}
  cheap: {{tier: haiku}}
baseline: today
default: today
proposed: cheap
"""
LEGAL = "    legal: {tasks_per_day: 6, tokens: {input: 30000, output: 4000}}"


def fleet(folder: Path, more: str = "") -> Path:
    path = folder / "fleet.yaml"
    path.write_text(FLEET.format(more=more), encoding="utf-8")
    return path


def test_strategies_cross_where_their_totals_are_equal(tmp_path: Path) -> None:
    """Calls cost 0.02 and 0.001, failures 6% and 20%: equal at 0.019 / 0.14 a failure."""
    sweep = routecost.sweep_over(fleet(tmp_path), ["drafting.failure_cost=0:1:0.5"])
    assert sweep.crossovers == ()
    assert sweep.total_crossovers is not None
    (crossing,) = sweep.total_crossovers
    assert crossing.strategies == ("cheap", "today")
    assert float(crossing.value) == float(Decimal("0.019") / Decimal("0.14"))
    assert crossing.cost is not None
    shown = text_of(field_sweep.report(sweep))
    assert "Crossover points, including failures" in shown
    assert "$38,250.00" not in shown  # calls and failures of today at 0.5: 1,500 + 2,250
    assert "$3,750.00" in shown


def test_a_total_that_is_known_in_part_is_a_bound(tmp_path: Path) -> None:
    sweep = routecost.sweep_over(fleet(tmp_path, LEGAL), ["drafting.failure_cost=0.5,1"])
    assert sweep.total_crossovers is None
    shown = text_of(field_sweep.report(sweep))
    assert "$3,768.00 or more" in shown
    assert "crossover points are on call costs alone" in shown


def test_assumptions_are_ranked_by_their_effect_on_the_total(tmp_path: Path) -> None:
    """20% of 80% more success saves 9,600 a month; 20% of the calls of haiku are 15."""
    result = routecost.tornado(fleet(tmp_path))
    assert result.counts_failures
    first, record = result.assumptions[0], result.records()[0]
    assert first.name == "workload.task_types.drafting.success.haiku"
    assert (record["total_cost_per_month_down"], record["total_cost_per_month_up"]) == (21675, 2475)
    assert record["cost_per_month_down"] == record["cost_per_month_up"] == 75
    assert record["total_swing"] == 9600
    assert "$12,075.00 a month, including failures" in text_of(tornado.report(result))
