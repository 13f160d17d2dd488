"""Ranges by what subscriptions serve, in every figure that they reach."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import routecost
from routecost.errors import DocumentError, UnknownNameError
from routecost.report.projection.project import report as project_report
from tests.engine.pricing.subscriptions.conftest import EVENLY, Fleet
from tests.support.fleets import Document, write
from tests.support.reports import text_of

RANGED = {"fee": 5, "beyond": "api", "included": [{"money": 8}]}
"""Two seats cost $24 to $32 a month, and the rates of the sheet $30."""


def test_a_budget_within_the_range_may_be_exceeded(fleet: Fleet) -> None:
    path = fleet(RANGED, budget={"amount": 25, "per": "month", "strategy": "team"})
    (budget,) = routecost.check(path).claims
    assert (budget.holds, budget.computed) == (False, None)
    assert "what the subscription serves is unknown in part" in (budget.why or "")
    (kept,) = routecost.check(fleet(RANGED, budget={"amount": 32, "per": "month", "strategy": "team"})).claims
    assert (kept.holds, kept.computed) == (True, Decimal(32))


def test_a_budget_pays_for_a_range_of_tasks(fleet: Fleet) -> None:
    """Of $25, $15 are left for work beyond; of $16 or $8 included, $31 or $23 at $0.01 a task."""
    path = fleet(RANGED, budget={"amount": 25, "per": "month", "strategy": "team"})
    cost = routecost.compare(path)["team"]
    assert (cost.tasks_per_budget, cost.tasks_per_budget_low) == (Decimal(3100), Decimal(2300))


def test_savings_over_months_have_bounds(fleet: Fleet) -> None:
    projection = routecost.project(fleet(RANGED), months=2)
    assert projection.savings is not None
    assert (projection.savings.amount, projection.savings.span) == (Decimal(12), (Decimal(-4), Decimal(12)))
    text = " ".join(text_of(project_report(projection)).split())
    assert "it saves at most $12.00 and costs at most $4.00 more." in text
    assert "saves $12.00" not in text


def test_two_subscriptions_are_compared_in_all_cases_of_both(fleet: Fleet) -> None:
    """The one costs $24 to $32, the other, of three seats, $21 to $37."""
    strategies = {
        name: {"tier": "big", "paid_by": {"subscription": "team", "seats": seats}}
        for name, seats in {"team": 2, "other": 3}.items()
    }
    path = fleet(RANGED, strategies=strategies, default="other", baseline="other")
    savings = routecost.compare(path).savings
    assert savings is not None
    assert (savings.per_month_low, savings.per_month_high) == (Decimal(21 - 32), Decimal(37 - 24))


def test_the_frontier_is_unknown_where_it_depends_on_what_is_served(fleet: Fleet) -> None:
    tokens = {"input": 4000, "output": 200}
    path = fleet(RANGED, workload={"tasks_per_day": 100, "tokens": tokens, "success": {"big": "90%"}})
    sweep = routecost.sweep_over(path, ["strategies.team.paid_by.seats=1:2:1"])
    frontier = {
        (point.values[0], cost.strategy): cost.on_frontier for point in sweep.points for cost in point.costs
    }
    assert frontier[Decimal(2), "team"] is frontier[Decimal(2), "api"] is None
    assert frontier[Decimal(1), "team"] is True


def test_a_diff_of_sheets_has_the_fees_of_each(fleet: Fleet, tmp_path: Path) -> None:
    """The fee of two seats goes from $5 to $7; a plan that leaves tasks undone is not the cheapest."""
    sheets, path = {}, tmp_path
    for name, terms in {"after": {**RANGED, "fee": 7}, "before": RANGED}.items():
        path = fleet(terms, {"usage": EVENLY})
        sheets[name] = tmp_path / f"{name}.yaml"
        sheets[name].write_text((tmp_path / "sheet.yaml").read_text())
    diff = routecost.diff_pricing(sheets["before"], sheets["after"], scenario=path)
    changes = {row.strategy: (row.cost_per_month_before, row.cost_per_month_after) for row in diff.changes}
    thirty, before, after = Decimal(30), Decimal(24), Decimal(28)
    assert changes == {"api": (thirty, thirty), "team": (before, after)}
    assert diff.has_other_terms
    with pytest.raises(UnknownNameError, match='unknown subscription "team" of strategy "team"'):
        routecost.diff_pricing(sheets["before"], "claude-2026-11", scenario=path)


def test_fewer_tasks_that_are_done_cost_more_each(fleet: Fleet) -> None:
    """For $10, 600 or 1,200 tasks are done: one seat may do all of the work."""
    cost = routecost.compare(fleet({"fee": 5, "beyond": "stop", "included": [{"tasks": 600}]}))["team"]
    assert (cost.served_share_low, cost.served_share) == (Decimal("0.2"), Decimal("0.4"))
    assert [round(one or 0, 9) for one in (cost.cost_per_task, cost.cost_per_task_high)] == [
        round(Decimal(10) / tasks, 9) for tasks in (1200, 600)
    ]


@pytest.mark.parametrize(
    ("terms", "paid", "why"),
    [
        (RANGED, {}, 'the cost of "team" is a range'),
        ({**RANGED, "beyond": "stop"}, {"usage": EVENLY}, "may leave tasks undone"),
    ],
)
def test_a_portfolio_refuses_what_it_would_add_in_part(
    fleet: Fleet, tmp_path: Path, terms: Document, paid: Document, why: str
) -> None:
    fleet(terms, paid)
    portfolio = write(
        {"version": 1, "scenarios": [{"scenario": "./fleet.yaml"}]}, tmp_path / "portfolio.yaml"
    )
    with pytest.raises(DocumentError, match=r"fleet.yaml:\d+:\d+: .*" + why):
        routecost.compare_portfolio(portfolio)
