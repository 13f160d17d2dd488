"""A budget compared with the spend of each month of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import repeat

from routecost.errors import known_strategy
from routecost.model.results.failures import Between
from routecost.model.results.outlook import BudgetMonth, BudgetTracking
from routecost.model.results.projection import MonthCost
from routecost.model.scenario.budget import Budget, Period
from routecost.model.scenario.horizon import month_name
from routecost.model.scenario.month_plan import NO_PLAN, BudgetStep
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule
from routecost.units import MONTHS_PER_YEAR, ZERO, exact

Spends = Mapping[str, tuple[MonthCost, ...]]
"""Strategy or migration -> its months."""


def named_row(spends: Spends, name: str) -> tuple[MonthCost, ...]:
    """Return the months of a strategy or migration; UnknownNameError if there is none of that name."""
    return spends[known_strategy(name, spends)]


@exact
def track_budget(
    scenario: Scenario, months: Sequence[MonthSchedule], spends: Spends
) -> BudgetTracking | None:
    """Return the tracking of the plan's budget, or else the scenario's; None if there is none."""
    plan = scenario.plan or NO_PLAN
    budget = plan.budget or scenario.budget
    if budget is None:
        return None
    row = named_row(spends, budget.strategy)
    failures = [None if month.failures is None else month.with_failures for month in row]
    before = plan.spent_before(months[0].month)
    years = (plan.year_starts, plan.budget_steps)
    tracking = track(budget, months, [month.cost for month in row], failures, before, years)
    return tracking if plan.budget is None else replace(tracking, replaced=scenario.budget)


@exact
def track(  # noqa: PLR0917  the months, what they cost, and what a budget of years depends on
    budget: Budget,
    months: Sequence[MonthSchedule],
    costs: Sequence[Decimal],
    with_failures: Sequence[Between | None],
    before: Decimal | None,
    years: tuple[int | None, Sequence[BudgetStep]],
) -> BudgetTracking:
    """Return the tracking of a budget by the costs of months, of which ``before`` is known or None.

    ``with_failures`` are the costs of calls and failures, None if failures cost nothing. ``years`` has the
    calendar month that begins years, and the changes of the amount.
    """
    year_starts, steps = years

    def count(costs: Sequence[Decimal]) -> Iterator[Decimal]:
        return counted(budget.per, costs, months, year_starts, before or ZERO)

    totals = _totals(with_failures, count)
    spent = count(costs)
    if budget.counts_failures:
        spent = iter([total.low or ZERO for total in totals if total is not None] or list(spent))
    amounts = [amount_in(month.month, budget, steps) for month in months]
    return BudgetTracking(
        budget,
        _allowed(budget.per, amounts, months, year_starts, before),
        tuple(
            BudgetMonth(
                month_name(month.month),
                money,
                money - amount,
                amount,
                _allowance(amount, budget.per, month),
                total,
            )
            for month, money, amount, total in zip(months, spent, amounts, totals, strict=True)
        ),
        year_starts,
        before,
    )


def _totals(
    costs: Sequence[Between | None], count: Callable[[Sequence[Decimal]], Iterator[Decimal]]
) -> list[Between | None]:
    """Return the spend with failures that is counted in each month; None if failures cost nothing."""
    totals = [cost for cost in costs if cost is not None]
    if len(totals) < len(costs):
        return [None] * len(costs)
    high = [total.high for total in totals if total.high is not None]
    lows = count([total.low or ZERO for total in totals])
    highs = count(high) if len(high) == len(totals) else repeat(None, len(totals))
    return [Between(*ends) for ends in zip(lows, highs, strict=True)]


def amount_in(month: date, budget: Budget, steps: Sequence[BudgetStep]) -> Decimal:
    """Return the amount of a budget in a month, given by its first day."""
    begun = [step.amount for step in steps if step.start <= month]
    return begun[-1] if begun else budget.amount


def counted(
    per: Period,
    costs: Sequence[Decimal],
    months: Sequence[MonthSchedule],
    year_starts: int | None = None,
    before: Decimal = ZERO,
) -> Iterator[Decimal]:
    """Yield the spend counted against a budget in each month.

    For a budget per day that is the mean cost of the counted days; per year the cost of the year so
    far, with ``before``, the spend of the first year before the plan. ``year_starts`` is the calendar
    month that begins a year, None for the first of the plan.
    """
    so_far = before
    first = year_starts or months[0].month.month
    for cost, month in zip(costs, months, strict=True):
        so_far = cost if month.month.month == first else so_far + cost
        if per is Period.YEAR:
            yield so_far
        elif per is Period.DAY:
            yield cost / month.days if month.days else ZERO
        else:
            yield cost


def _allowed(
    per: Period,
    amounts: Sequence[Decimal],
    months: Sequence[MonthSchedule],
    year_starts: int | None,
    before: Decimal | None,
) -> Decimal:
    """Return the budget over all months; a year has its last amount.

    Of a first year whose spend ``before`` is known, what is left of the amount of its months so far.
    """
    if per is not Period.YEAR:
        return sum(
            (_allowance(amount, per, month) for amount, month in zip(amounts, months, strict=True)), ZERO
        )
    first = year_starts or months[0].month.month
    allowed = -(before or ZERO)
    year = 0 if before is None else (months[0].month.month - first) % MONTHS_PER_YEAR
    for at in range(1, len(months) + 1):
        year += 1
        if at == len(months) or months[at].month.month == first:
            allowed += amounts[at - 1] * year / MONTHS_PER_YEAR
            year = 0
    return allowed


def _allowance(amount: Decimal, per: Period, month: MonthSchedule) -> Decimal:
    """Return the budget for one month."""
    return {Period.DAY: amount * month.days, Period.MONTH: amount}.get(per, amount / MONTHS_PER_YEAR)
