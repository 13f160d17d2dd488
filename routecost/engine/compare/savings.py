"""Savings of the proposed strategy, with their range by how hard repeated work is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING

from routecost.engine.pricing.subscriptions.wording import wording
from routecost.errors import known_strategy
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.failures import Between, excess, widest
from routecost.model.results.verdicts.savings import Savings
from routecost.units import MONTHS_PER_YEAR, ZERO

if TYPE_CHECKING:
    from routecost.model.pricing.bill import Bill
    from routecost.model.scenario.scenario import Scenario


def savings_of(
    scenario: Scenario, months: Mapping[str, Bill], costs: Mapping[str, StrategyCost], tiers: Sequence[str]
) -> Savings | None:
    """Return the savings of the proposed strategy; None if it or the default is not named.

    ``tiers`` are low to high.
    """
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
        worst_of=wording(
            scenario, (against.expansion, strategy.expansion), (against.strategy, strategy.strategy)
        ),
    )
    has_range = strategy is not against and (strategy.worst is not None or against.worst is not None)
    cases = list(_cases(against, strategy)) if has_range else [(against, strategy)]
    if has_range:
        calls = [left.cost_per_month - right.cost_per_month for left, right in cases]
        savings = replace(savings, per_month_low=min(calls), per_month_high=max(calls))
    return _with_failures(savings, cases, tiers)


def _with_failures(
    savings: Savings, cases: Sequence[tuple[StrategyCost, StrategyCost]], tiers: Sequence[str]
) -> Savings:
    """Return the savings with those that include failures, if failures cost something."""
    against, strategy = cases[0]
    is_known = None not in (against.total_cost_per_month, strategy.total_cost_per_month)
    if not (is_known or against.counts_failures or strategy.counts_failures):
        return savings
    more = [excess(right.failures, left.failures, tiers) for left, right in cases]
    totals = [
        failures.cost.negative.plus(Between.exactly(left.cost_per_month - right.cost_per_month))
        for failures, (left, right) in zip(more, cases, strict=True)
    ]
    usual, known = totals[0].known, against.total_cost_per_month
    span = widest(totals) if len(cases) > 1 or usual is None else Between(None, None)
    unknown = more[0].unknown
    tasks = sum((failures.tasks for failures in strategy.failures), ZERO)
    of_unknown = (failures.tasks for failures in strategy.failures if failures.task in unknown)
    return replace(
        savings,
        with_failures_per_month=usual,
        with_failures_per_month_low=span.low,
        with_failures_per_month_high=span.high,
        with_failures_fraction=usual / known if usual is not None and known else None,
        unknown=unknown,
        unknown_share=sum(of_unknown, ZERO) / tasks if tasks else ZERO,
        assumed=more[0].assumed,
    )


def _cases(against: StrategyCost, strategy: StrategyCost) -> Iterator[tuple[StrategyCost, StrategyCost]]:
    """Yield two strategies with repeated work of usual difficulty and in the worst case.

    Their escalations differ, so that either may be in the worst case alone; rework is the same. Where
    the cost jumps between the cases, and with subscriptions, all cases of both are combined: the range is
    a bound.
    """
    if any(
        cost.worst is not None and (cost.worst.between or cost.subscribed is not None)
        for cost in (against, strategy)
    ):
        yield from product(against.cases, strategy.cases)
        return
    yield against, strategy
    yield against.in_worst_case, strategy.in_worst_case
    if against.success_rate != against.success_rate_low:
        yield against.in_worst_case, strategy
    if strategy.success_rate != strategy.success_rate_low:
        yield against, strategy.in_worst_case


def with_range(cost: StrategyCost, baseline: StrategyCost | None) -> StrategyCost:
    """Return the cost with the range of its change from the baseline, if one of the two has a range."""
    if cost.vs_baseline is None or baseline is None or cost.strategy == baseline.strategy:
        return cost
    if cost.worst is None and baseline.worst is None:
        return cost
    cases = list(_cases(baseline, cost))
    changes = [one.cost_per_month / base.cost_per_month - 1 for base, one in cases if base.cost_per_month]
    return replace(cost, vs_range=Between(min(changes), max(changes)))


def month_of(months: Mapping[str, Bill], name: str | None) -> Decimal | None:
    """Return the cost of a month of a strategy; None without a name."""
    return None if name is None else months[known_strategy(name, months)].total
