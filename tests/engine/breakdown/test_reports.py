"""Reports of costs in parts: tables for people and for machines, and what their notes say."""

from __future__ import annotations

from pathlib import Path

import routecost
from routecost.model.report.report import Report
from routecost.report.compare.compare import report as comparison_report
from routecost.report.projection.project import report as projection_report
from tests.engine.breakdown.fleet import FLEET, written
from tests.support.reports import text_of


def records(report: Report, name: str) -> list[dict[str, object]]:
    (table,) = (table for table in report.tables if table.name == name)
    return [dict(record) for record in table.records()]


def test_a_comparison_has_a_row_for_each_owner(tmp_path: Path) -> None:
    path = written(tmp_path, "capacity: [{tier: large, units: 1, covers: 50%}]")
    report = comparison_report(routecost.compare(path, by=["owner", "strategy"]))
    assert report.main == "by_owner"
    assert records(report, "by_owner")[0] == {
        "strategy": "all-small",
        "owner": "support",
        "cost_per_month": 9,
        "cost_per_quarter": 27,
        "cost_per_year": 108,
    }
    assert records(report, "by_strategy")[1]["in_force"] == "mixed"
    text = text_of(report)
    assert "Calls per month by owner owner all-small mixed" in text
    assert "(no owner) $0.60 $2.75" in text
    assert "are divided in proportion to the cost of the calls that they apply to" in text


def test_failures_that_are_not_divided_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, fleet=FLEET.replace("owner: platform", "owner: platform, failure_cost: 2"))
    report = comparison_report(routecost.compare(path, by=["owner", "model"]))
    text = text_of(report)
    assert "Failures belong to tasks: their cost is not divided by model." in text
    platform = records(report, "by_owner")[1]
    assert platform["failure_cost_per_month"] is None
    # at least the calls; at most each of the 1,200 tasks fails
    assert (platform["total_cost_per_month_low"], platform["total_cost_per_month_high"]) == (12, 2412)
    assert "platform $12.00 to $2,412.00" in text


def test_a_projection_shows_quarters_and_has_months_for_machines(tmp_path: Path) -> None:
    path = written(tmp_path, "plan: {fiscal_year_starts: april, start: 2026-03}")
    projection = routecost.project(path, months=4, by=["owner"], strategies=["all-small"])
    report = projection_report(projection)
    text = text_of(report)
    assert "Q4 FY2025/26 Q1 FY2026/27 FY2025/26 FY2026/27 total" in text
    assert "all-small support $9.00 $27.00 $9.00 $27.00 $36.00" in text
    assert "Months before and after the plan are missing in Q4 FY2025/26, FY2025/26 and FY2026/27." in text
    rows = records(report, "by_owner")
    assert [row["kind"] for row in rows[::3]] == ["month"] * 4 + ["quarter"] * 2 + ["year"] * 2 + ["total"]
    assert rows[15] == {
        "strategy": "all-small",
        "kind": "quarter",
        "period": "Q1 FY2026/27",
        "first_month": "2026-04",
        "last_month": "2026-06",
        "owner": "support",
        "cost": 27,
    }


def test_long_plans_show_years_and_say_when_they_begin(tmp_path: Path) -> None:
    projection = routecost.project(written(tmp_path), months=36, by=["owner"], start="2026-02")
    text = text_of(projection_report(projection))
    assert "strategy owner FY2026/27 FY2027/28 FY2028/29 total" in text
    assert "Years begin in February, as the plan: it states no fiscal_year_starts." in text


def test_without_owners_there_is_a_warning(tmp_path: Path) -> None:
    fleet = FLEET.replace(", owner: support", "").replace(", owner: platform", "")
    text = text_of(comparison_report(routecost.compare(written(tmp_path, fleet=fleet), by=["owner"])))
    assert "No task type states an owner." in text
