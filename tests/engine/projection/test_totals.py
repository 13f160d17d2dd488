"""Projections count failures: totals beside calls, exact where known and bounds where not."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import routecost
from routecost.model.results.failures import Between
from routecost.report.projection.project import report
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
    legal: {{tasks_per_day: 6, tokens: {{input: 30000, output: 4000}}{legal}}}
strategies:
  today: {{tier: sonnet}}
  cheap: {{tier: haiku}}
baseline: today
default: today
proposed: cheap
{plan}
"""
KNOWN = ", success: {haiku: 50%, sonnet: 100%}, failure_cost: 10"


def projected(folder: Path, legal: str = "", plan: str = "", months: int = 2) -> routecost.Projection:
    path = folder / "fleet.yaml"
    path.write_text(FLEET.format(legal=legal, plan=plan), encoding="utf-8")
    return routecost.project(path, months=months)


def test_a_month_without_changes_is_that_of_compare(tmp_path: Path) -> None:
    projection = projected(tmp_path, KNOWN)
    comparison = routecost.compare(tmp_path / "fleet.yaml")
    for spend in projection.strategies:
        total = comparison[spend.strategy].total_cost_per_month
        assert total is not None
        assert [month.total_cost for month in spend.months] == [total, total]
        assert spend.with_failures == Between.exactly(2 * total)
    assert projection.savings is not None
    assert comparison.savings is not None
    assert comparison.savings.with_failures_per_month is not None
    saved = 2 * comparison.savings.with_failures_per_month
    assert projection.savings.with_failures == Between.exactly(saved)
    # drafting: 8,400 of failures more, 1,425 of calls less; legal: 900 more, 17.10 less; two months
    assert saved == -2 * (Decimal(8400 - 1425 + 900) - Decimal("17.10"))


def test_what_is_known_in_part_bounds_the_months(tmp_path: Path) -> None:
    projection = projected(tmp_path)
    assert projection.savings is not None
    assert projection.savings.with_failures == (None, 2 * Decimal("-6957.90"))
    assert projection.savings.assumed == ("legal",)
    first = projection.records()[1]
    assert (first["strategy"], first["total_cost"]) == ("cheap", None)
    assert (first["total_cost_low"], first["total_cost_high"]) == (Decimal("12075.90"), None)
    assert "costs at least $13,915.80 more than today" in text_of(report(projection))


def test_failures_grow_and_migrate_with_the_work(tmp_path: Path) -> None:
    """10% growth; today in the first month, then cheap: 1.1 x (12,000 + 900) of failures."""
    plan = (
        "plan:\n  start: 2026-12\n  growth: 10%\n  proposed: move\n"
        "  migrations: {move: [{strategy: today}, {from: 2027-01-01, strategy: cheap}]}"
    )
    projection = projected(tmp_path, KNOWN, plan)
    moved = [month.failure_cost for month in projection["move"].months]
    assert moved == [Decimal(3600), Decimal("1.1") * 12900]
    assert projection.savings is not None
    saved = projection.savings.with_failures
    assert saved == Between.exactly(Decimal("1.1") * -(Decimal(8400 - 1425 + 900) - Decimal("17.10")))


def test_without_costs_of_failures_there_is_no_total(tmp_path: Path) -> None:
    path = tmp_path / "fleet.yaml"
    text = FLEET.format(legal="", plan="").replace("      failure_cost: 0.80\n", "")
    path.write_text(text, encoding="utf-8")
    projection = routecost.project(path, months=2)
    assert not projection.counts_failures
    assert "total_cost" not in projection.columns
    assert projection.savings is not None
    assert projection.savings.with_failures is None
