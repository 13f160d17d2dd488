"""A budget compared with the spend of each month of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from routecost.errors import known_strategy
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
    costs = [month.cost for month in named_row(spends, budget.strategy)]
    before = plan.spent_before(months[0].month)
    return track(budget, months, costs, before, (plan.year_starts, plan.budget_steps))


@exact
def track(
    budget: Budget,
    months: Sequence[MonthSchedule],
    costs: Sequence[Decimal],
    before: Decimal | None,
    years: tuple[int | None, Sequence[BudgetStep]],
) -> BudgetTracking:
    """Return the tracking of a budget by the costs of months, of which ``before`` is known or None.

    ``years`` has the calendar month that begins years, and the changes of the amount.
    """
    year_starts, steps = years
    spent = counted(budget.per, costs, months, year_starts, before or ZERO)
    amounts = [amount_in(month.month, budget, steps) for month in months]
    return BudgetTracking(
        budget,
        _allowed(budget.per, amounts, months, year_starts, before),
        tuple(
            BudgetMonth(
                month_name(month.month), money, money - amount, amount, _allowance(amount, budget.per, month)
            )
            for month, money, amount in zip(months, spent, amounts, strict=True)
        ),
        year_starts,
        before,
    )


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
