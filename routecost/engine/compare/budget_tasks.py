"""The tasks that a budget pays for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from decimal import Decimal

from routecost.model.pricing.bill import Bill
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.results.failures import Between
from routecost.model.scenario.budget import Period
from routecost.model.scenario.scenario import Scenario
from routecost.units import MAX_COUNT, MONTHS_PER_YEAR, ONE, ZERO

MOST_TASKS = int(MAX_COUNT)


def tasks_in_budget(
    scenario: Scenario, cost_per_day: Decimal, month: Callable[[Decimal], Bill], failures: Between
) -> Decimal | None:
    """Return the tasks that the scenario's budget pays for; None if there is no limit or it is unknown.

    If cost is linear in the work, that is a quotient. Otherwise it is the largest whole number of tasks
    in the budget's period that costs at most the budget. ``month`` returns the bill of a month with a
    multiple of the stated work, ``failures`` are those of a month, for a budget that counts them.
    """
    budget, tasks = scenario.budget, scenario.workload.tasks_per_day
    if budget is None:
        return None
    wrong = failures.known if budget.counts_failures else ZERO
    if wrong is None:
        return None
    cost_per_day += wrong / scenario.days_per_month
    if not cost_per_day:
        return None
    if not scenario.has_terms_on_totals and not scenario.workload.follows_volume:
        return budget.amount / cost_per_day * tasks
    months = {Period.DAY: ONE / scenario.days_per_month, Period.MONTH: ONE}
    in_period = months.get(budget.per, Decimal(MONTHS_PER_YEAR))
    stated = tasks * scenario.days_per_month * in_period

    def bill(count: int) -> Bill:
        return month(count / stated)

    def spend(count: int) -> Decimal:
        return (bill(count).total + wrong * count / stated) * in_period

    high = MOST_TASKS
    for low in sorted({*_jumps(bill, scenario.pricing), 0}, reverse=True):
        if spend(low) <= budget.amount:
            beyond = bisect_left(
                range(high + 1), True, lo=low, key=lambda count: spend(count) > budget.amount
            )
            return None if beyond > MOST_TASKS else Decimal(beyond - 1)
        high = low - 1
    return ZERO


def _jumps(bill: Callable[[int], Bill], sheet: PricingSheet) -> Iterator[int]:
    """Yield the counts of tasks at which a retroactive discount makes the whole month cheaper."""
    for volume in [terms.volume for terms in sheet.terms if terms.volume and terms.volume.retroactive]:
        from routecost.engine.pricing.settlement import volume_line  # few sheets have such discounts

        names = [volume_line(volume, step, sheet.currency) for step in volume.steps]
        for at in range(len(names)):
            reached = set(names[at:])
            count = bisect_left(
                range(MOST_TASKS),
                True,
                key=lambda count: any(line.name in reached for line in bill(count).terms),
            )
            if count < MOST_TASKS:
                yield count
