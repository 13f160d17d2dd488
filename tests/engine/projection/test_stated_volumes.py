"""Volumes per day, week, month and working day, worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.engine.projection.project import project
from routecost.errors import DocumentError, UnknownNameError
from routecost.model.scenario.horizon import Horizon

DAY = date(2026, 2, 1)
PER_TASK = Decimal("0.0135")  # 2,000 x 3 + 500 x 15 USD per million

LAUNCH = "{b: {from: 2026-03-01, workload: {tasks_per_week: 700, tokens: {input: 1, output: 1}}}}"


def written(folder: Path, volume: str, more: str = "") -> str:
    path = folder / "fleet.yaml"
    path.write_text(
        f"""version: 1
pricing: claude-article
workload: {{{volume}, tokens: {{input: 2000, output: 500}}}}
strategies: {{sonnet: {{tier: sonnet}}}}
{more}
"""
    )
    return str(path)


@pytest.mark.parametrize(
    ("volume", "more", "per_month"),
    [
        ("tasks_per_day: 100", "", 3000),
        ("tasks_per_week: 700", "", 3000),
        ("tasks_per_week: 700", "days_per_month: 28", 2800),
        ("tasks_per_month: 3000", "", 3000),
        ("tasks_per_month: 3000", "days_per_month: 31", 3000),
        ("tasks_per_working_day: 140", "", 3000),  # 30 days have 30 x 5/7 working days
        ("tasks_per_working_day: 140", "working_days_per_month: 21", 140 * 21),
        ("tasks_per_working_day: 140", "{days_per_month: 31, working_days_per_month: 22}", 140 * 22),
    ],
)
def test_a_month_has_the_stated_tasks(tmp_path: Path, volume: str, more: str, per_month: int) -> None:
    lines = more.strip("{}").replace(", ", "\n")
    month = routecost.compare(routecost.load_scenario(written(tmp_path, volume, lines)), as_of=DAY)["sonnet"]
    assert abs(month.cost_per_month - PER_TASK * per_month) < Decimal("1e-50")


@pytest.mark.parametrize(
    ("volume", "more", "tasks"),
    [
        # March 2026 has 22 days from Monday to Friday, 31 in all
        ("tasks_per_working_day: 140", "plan: {days: working}", Decimal(140 * 22)),
        ("tasks_per_working_day: 140", "plan: {days: working, holidays: [2026-03-02]}", Decimal(140 * 21)),
        ("tasks_per_week: 700", "plan: {days: working}", Decimal(140 * 22)),
        ("tasks_per_day: 140", "plan: {days: working}", Decimal(140 * 22)),
        ("tasks_per_week: 700", "plan: {days: calendar}", Decimal(100 * 31)),
        ("tasks_per_working_day: 140", "plan: {days: calendar}", Decimal(100 * 31)),
        ("tasks_per_month: 2100", "working_days_per_month: 21\nplan: {days: working}", Decimal(100 * 22)),
        (
            "tasks_per_day: 0",
            f"plan: {{days: working, launches: {LAUNCH}}}",
            Decimal(140 * 22),
        ),
    ],
)
def test_a_plan_counts_the_days_of_the_calendar(
    tmp_path: Path, volume: str, more: str, tasks: Decimal
) -> None:
    fleet = routecost.load_scenario(written(tmp_path, volume, more))
    planned = project(fleet, Horizon(date(2026, 3, 1), 1))
    assert abs(planned.tasks[0] - tasks) < Decimal("1e-50")


def test_fields_that_name_the_volume(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "tasks_per_week: {uncertain: uniform, low: 600, high: 800}",
        "claims: [{that: strategies.sonnet.cost_per_month, is: 81, with: {workload.tasks_per_week: 1400}}]",
    )
    fleet = routecost.load_scenario(path)
    assert [claim.holds for claim in routecost.check(fleet).claims] == [True]
    assert fleet.at_means == ("workload.tasks_per_week",)
    swept = routecost.sweep_over(path, ["tasks_per_week=700:2100:700"])
    costs = [cost.cost_per_month for point in swept.points for cost in point.costs]
    assert costs == [Decimal("40.50"), Decimal("81.00"), Decimal("121.50")]
    with pytest.raises(UnknownNameError, match='did you mean "tasks_per_week"'):
        routecost.sweep_over(path, ["tasks_per_day=1:2:1"])


def test_a_claim_cannot_state_a_second_volume(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "tasks_per_week: 700",
        "claims: [{that: strategies.sonnet.cost_per_month, is: 81, with: {workload.tasks_per_day: 200}}]",
    )
    with pytest.raises(DocumentError, match="the volume is stated twice"):
        routecost.check(routecost.load_scenario(path))
