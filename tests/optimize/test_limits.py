"""Policies keep to a budget and to a least success rate; what does not is named."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pytest

import routecost
from routecost.errors import UsageError
from routecost.model.results.policies import Search
from routecost.optimize.candidates import least_success
from routecost.report.optimize import report
from tests.support.reports import text_of


@cache
def search_of(scenario: str, budget: int | None = None, min_success: str | None = None) -> Search:
    limit = None if budget is None else Decimal(budget)
    return routecost.search_policies(scenario, budget=limit, min_success=min_success)


def notes(search: Search) -> str:
    return text_of(report(search))


def rates(search: Search) -> dict[str, Decimal]:
    return {
        policy.name: least_success(search.comparison[policy.name].expansion) or Decimal(0)
        for policy in search.policies
    }


def test_every_task_type_succeeds_often_enough() -> None:
    free = search_of("legal-review", 400)
    (tier,) = free.comparison["best-tier"].expansion.mix
    floor = rates(free)["best-tier"] + Decimal("0.001")
    bound = search_of("legal-review", 400, str(floor))
    assert min(rates(bound).values()) >= floor
    for policy in bound.policies:
        cost, less = (search.comparison[policy.name].total_cost_per_month for search in (bound, free))
        assert bound.comparison[policy.name].cost_per_month <= 400
        assert (cost or 0) >= (less or 0) > 0
    # A tier that fails too often may be part of a mix.
    assert bound.comparison["best-mix"].expansion.mix[tier] > 0


def test_a_policy_that_falls_short_in_the_worst_case_is_named() -> None:
    search = search_of("failure-modes", min_success="99.3%")
    assert "best-cascade" in search.short
    assert "best-tier" not in search.short
    assert (
        "warning: If repeated work is as hard as the success rates allow, best-cascade succeeds less often "
        "than 99.3% in a task type: 99.1%." in notes(search)
    )
    assert "all-sonnet succeeds less often than 99.3% in a task type: 99%." in notes(search)


def test_a_default_over_the_budget_is_named() -> None:
    said = notes(search_of("failure-modes", 50))
    assert "all-sonnet (default) exceeds the budget: its calls cost $83.25 a month, $33.25 over." in said
    assert "exceeds the budget" not in notes(search_of("failure-modes", 500))


def test_a_policy_that_exceeds_the_budget_in_the_worst_case_is_named() -> None:
    search = search_of("failure-modes", 50)
    over = [name for name in rates(search) if search.comparison[name].cost_per_month_high > 50]
    assert over
    for name in over:
        start = f"warning: If repeated work is as hard as the success rates allow, {name} exceeds the budget"
        assert start in notes(search)


def test_a_strategy_over_the_budget_is_not_recommended() -> None:
    search = search_of("failure-modes", 50)
    best, sonnet = search.comparison[search.best], search.comparison["all-sonnet"]
    assert (sonnet.total_cost_per_month or 0) < (best.total_cost_per_month or 0)
    assert "a strategy of the scenario, costs less" not in notes(search)


def test_a_rate_that_nothing_reaches_names_the_highest() -> None:
    with pytest.raises(UsageError, match=r'no tier or cascade succeeds in 99.99% of "classify"; the highest'):
        search_of("failure-modes", min_success="99.99%")
    with pytest.raises(UsageError, match=r'"95" is more than 100%.*did you mean "95%"'):
        search_of("failure-modes", min_success="95")
