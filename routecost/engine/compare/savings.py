"""Savings of the proposed strategy, with their range by how hard repeated work is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from routecost.errors import known_strategy
from routecost.model.results.comparison import Savings, StrategyCost
from routecost.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from routecost.model.pricing.bill import Bill
    from routecost.model.scenario.scenario import Scenario


def savings_of(
    scenario: Scenario, months: Mapping[str, Bill], costs: Mapping[str, StrategyCost]
) -> Savings | None:
    """Return the savings of the proposed strategy; None if it or the default is not named."""
    proposed, default = month_of(months, scenario.proposed), month_of(months, scenario.default)
    if proposed is None or default is None:
        return None
    saved = default - proposed
    against, strategy = costs[scenario.default or ""], costs[scenario.proposed or ""]
    savings = Savings(
        strategy=strategy.strategy,
        against=against.strategy,
        fraction=saved / default if default else None,
        per_day=saved / scenario.days_per_month,
        per_month=saved,
        per_year=saved * MONTHS_PER_YEAR,
        with_failures_per_month=_minus(against.total_cost_per_month, strategy.total_cost_per_month),
    )
    if strategy is against or (strategy.worst is None and against.worst is None):
        return savings
    cases = list(_cases(against, strategy))
    calls = [left.cost_per_month - right.cost_per_month for left, right in cases]
    known = [_minus(left.total_cost_per_month, right.total_cost_per_month) for left, right in cases]
    totals = [total for total in known if total is not None]
    return replace(
        savings,
        per_month_low=min(calls),
        per_month_high=max(calls),
        with_failures_per_month_low=min(totals, default=None),
        with_failures_per_month_high=max(totals, default=None),
    )


def _cases(against: StrategyCost, strategy: StrategyCost) -> Iterator[tuple[StrategyCost, StrategyCost]]:
    """Yield two strategies with repeated work of usual difficulty and in the worst case.

    Their escalations differ, so that either may be in the worst case alone; rework is the same. Where
    the cost jumps between the cases, all cases of both are combined: the range is a bound.
    """
    if any(cost.worst is not None and cost.worst.between for cost in (against, strategy)):
        yield from product(against.cases, strategy.cases)
        return
    yield against, strategy
    yield against.in_worst_case, strategy.in_worst_case
    if against.success_rate != against.success_rate_low:
        yield against.in_worst_case, strategy
    if strategy.success_rate != strategy.success_rate_low:
        yield against, strategy.in_worst_case


def _minus(amount: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if amount is None or other is None else amount - other


def month_of(months: Mapping[str, Bill], name: str | None) -> Decimal | None:
    """Return the cost of a month of a strategy; None without a name."""
    return None if name is None else months[known_strategy(name, months)].total
