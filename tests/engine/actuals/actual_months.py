"""Actual months made from planned ones, with everything as planned or some of it different."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from routecost.engine.actuals.planned_usage import PlannedMonth
from routecost.engine.projection.project import project
from routecost.engine.projection.schedule import schedule
from routecost.model.pricing.usage import CALLS
from routecost.model.results.actuals import ActualMonth, Grain, Used
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario

FIRST = date(2026, 2, 1)
STRATEGY = "it"


def planned(made: Scenario, strategy: str, at: int = 0, growth: str = "0") -> PlannedMonth:
    """Return month ``at`` of a plan."""
    horizon = Horizon(FIRST, at + 1, Decimal(growth))
    cost = project(made, horizon)[strategy].months[at].cost
    months = schedule(made, horizon)
    return PlannedMonth(made, months.rows[strategy][at], months.works, Fraction(cost))


def exactly(value: Fraction) -> Decimal:
    """Return a fraction that ends as a Decimal with all its digits."""
    with localcontext() as context:
        context.prec = 400
        exact_value = Decimal(value.numerator) / Decimal(value.denominator)
    assert Fraction(exact_value) == value
    return exact_value


def as_planned(plan: PlannedMonth) -> ActualMonth:
    """Return a month in which everything is as planned, stated by model in all detail."""
    models = dict.fromkeys(model for model, _ in plan.units)
    return ActualMonth(
        FIRST,
        exactly(plan.cost),
        STRATEGY,
        exactly(plan.tasks),
        Grain.MODEL,
        {model: _used(plan, model) for model in models},
    )


def _used(plan: PlannedMonth, model: str) -> Used:
    units = {meter: count for (name, meter), count in plan.units.items() if name == model}
    money = sum((cost for (name, _), cost in plan.costs.items() if name == model), Fraction(0))
    calls = units.pop(CALLS)
    return Used(
        calls=exactly(calls),
        units={meter: exactly(count) for meter, count in units.items()},
        spend=exactly(money),
    )


def times(
    month: ActualMonth, *, tasks: Decimal | int = 1, units: Decimal | int = 1, price: Decimal | int = 1
) -> ActualMonth:
    """Return a month with so many times the tasks, the units per call, and the prices."""
    with localcontext() as context:
        context.prec = 400
        money = Decimal(tasks) * units * price
        return replace(
            month,
            spend=month.spend * money,
            tasks=None if month.tasks is None else month.tasks * tasks,
            used={
                name: replace(
                    used,
                    calls=None if used.calls is None else used.calls * tasks,
                    units={meter: count * tasks * units for meter, count in used.units.items()},
                    spend=None if used.spend is None else used.spend * money,
                )
                for name, used in month.used.items()
            },
        )


def by_model(plan: PlannedMonth, factor: Fraction) -> ActualMonth:
    """Return a month with a multiple of the tokens, stated by model, in figures of a few digits."""

    def rounded(count: Fraction) -> Decimal:
        return Decimal(round(count * 1000)).scaleb(-3)

    used = {}
    for model in dict.fromkeys(model for model, _ in plan.units):
        units = {meter: count for (name, meter), count in plan.units.items() if name == model}
        calls = units.pop(CALLS)
        more = {meter: rounded(count * factor) for meter, count in units.items()}
        money = sum((cost for (name, _), cost in plan.costs.items() if name == model), Fraction(0))
        used[model] = Used(calls=rounded(calls), units=more, spend=rounded(money * factor))
    spend = sum((value.spend or Decimal(0) for value in used.values()), Decimal(0))
    return ActualMonth(FIRST, spend, STRATEGY, rounded(plan.tasks), Grain.MODEL, used)


def lacking(month: ActualMonth, *names: str) -> ActualMonth:
    """Return a month of which some things are not known: tasks, calls, units, spend."""
    used = {name: _less(each, names) for name, each in month.used.items()}
    return replace(month, tasks=None if "tasks" in names else month.tasks, used=used)


def _less(used: Used, names: tuple[str, ...]) -> Used:
    return Used(
        calls=None if "calls" in names else used.calls,
        units={} if "units" in names else used.units,
        spend=None if "spend" in names else used.spend,
    )
