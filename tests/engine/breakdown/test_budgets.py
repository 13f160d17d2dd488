"""Budgets of owners, and check and report with costs in parts."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.report.compare.claims import report as check_report
from routecost.report.planning_document.document import report as planning_report
from tests.cli.running import routecost as run
from tests.engine.breakdown.fleet import written
from tests.support.reports import text_of

BUDGET = "budget: {amount: 25, per: month, strategy: all-small, owners: {support: 10, platform: 11.5}}"


def test_each_owner_has_a_budget(tmp_path: Path) -> None:
    check = routecost.check(written(tmp_path, BUDGET), by=["owner"])
    figures = [(claim.claim, claim.published, claim.computed, claim.status) for claim in check.claims]
    assert figures == [
        ("budget of all-small per month", 25, Decimal("21.6"), "holds"),
        ("budget of support for all-small per month", 10, 9, "holds"),
        ("budget of platform for all-small per month", Decimal("11.5"), 12, "fails"),
    ]
    text = text_of(check_report(check))
    assert "The budget holds. The budget of support holds. The budget of platform is exceeded." in text
    assert "support $9.00 platform $12.00 (no owner) $0.60 total $21.60" in text


def test_a_yearly_budget_is_of_twelve_months(tmp_path: Path) -> None:
    check = routecost.check(written(tmp_path, BUDGET.replace("per: month", "per: year")))
    assert [claim.computed for claim in check.claims] == [Decimal("259.2"), 108, 144]


def test_an_owner_without_a_task_type_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, BUDGET.replace("platform: 11.5", "platfrom: 11.5"))
    with pytest.raises(routecost.DocumentError) as caught:
        routecost.load_scenario(path)
    (finding,) = caught.value.findings
    assert finding.message == 'no task type has the owner "platfrom"; did you mean "platform"?'
    assert finding.position is not None
    assert finding.position.line == 16


def test_the_planning_report_divides_costs_of_the_proposal_and_the_default(tmp_path: Path) -> None:
    planning = routecost.planning(written(tmp_path, BUDGET), months=3, parts=["owner"])
    parts = planning_report(planning).parts
    assert "by_owner" in [table.name for table in parts["comparison"].tables]
    assert "by_owner" in [table.name for table in parts["projection"].tables]
    assert "The budget of platform is exceeded." in text_of(parts["claims"])


def test_the_option_of_a_report_takes_parts_and_a_share(tmp_path: Path) -> None:
    path = str(written(tmp_path))
    done = run("report", path, "--by", "owner", "--by", "10%", "--months", "2")
    assert done.code == 0
    assert "Calls per month by owner" in done.stdout
    assert "10%" in done.stdout
    assert run("report", path, "--by", "10%", "--by", "20%").code == 2
    assert 'did you mean "owner"' in run("report", path, "--by", "ownr").stderr


def test_csv_holds_the_parts(tmp_path: Path) -> None:
    path = str(written(tmp_path, BUDGET))
    header = "strategy,owner,cost_per_month,cost_per_quarter,cost_per_year"
    assert run("compare", path, "--by", "owner", "--format", "csv").stdout.splitlines()[0] == header
    months = run("project", path, "--by", "owner", "--months", "1", "--format", "csv").stdout
    assert months.splitlines()[0] == "strategy,kind,period,first_month,last_month,owner,cost"
    assert run("check", path, "--by", "owner").code == 1
    assert '"per": "month"' in run("project", path, "--by", "owner", "--format", "json").stdout


def test_a_budget_of_a_plan_may_fall_to_nothing(tmp_path: Path) -> None:
    steps = "steps: [{from: 2026-03, amount: 0}]"
    plan = f"plan: {{budget: {{amount: 25, per: month, strategy: all-small, {steps}}}}}"
    (claim,) = routecost.check(written(tmp_path, plan)).claims
    assert (claim.published, claim.computed) == (Decimal(0), Decimal("21.6"))
    assert not claim.holds
