"""Variances by task type and model, which sum to the variance of the month exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from routecost.engine.actuals.known_usage import known_usage
from routecost.engine.actuals.planned_usage import NOTHING, PlannedMonth
from routecost.engine.actuals.price_volume_mix import split_gap
from routecost.engine.actuals.usage_matching import WHOLE, Cells
from routecost.engine.numeric.shapley import as_decimals
from routecost.model.results.actuals import ActualMonth, Factor, PartVariance, PriceVolumeMix, VariancePart
from routecost.units import ZERO


def task_type_variances(
    month: PlannedMonth, actual: ActualMonth, planned: Decimal
) -> tuple[tuple[PartVariance, ...], tuple[PartVariance, ...]]:
    """Return the variances of a month by task type, and by task type and model.

    A planned task type without actuals did not run. Spend of the month that no task type has is a part
    without a task type. Raises UnpricedError as :func:`split_gap` does.
    """
    if not actual.task_types:
        return (), tuple(_models(month, actual, planned, None))
    types: list[PartVariance] = []
    models: list[PartVariance] = []
    plans = month.by_task_type(dict.fromkeys((*month.task_types, *actual.task_types)))
    plans = {name: plan for name, plan in plans.items() if plan.cost or name in actual.task_types}
    rest = month.cost - sum((part.cost for part in plans.values()), NOTHING)
    costs = as_decimals([*(part.cost for part in plans.values()), rest], planned)
    for (name, plan), cost in zip(plans.items(), costs, strict=False):
        part = replace(plan, cost=Fraction(cost))
        idle = ActualMonth(actual.month, ZERO, actual.strategy, ZERO)
        spent = actual.task_types.get(name, idle)
        gap = spent.spend - cost
        types.append(PartVariance(name, None, cost, spent.spend, gap, split_gap(part, spent, gap)))
        models += _models(part, spent, cost, name)
    spent_on_types = sum((one.spend for one in actual.task_types.values()), ZERO)
    other = tuple(_rest(None, costs[-1], actual.spend - spent_on_types))
    return (*types, *other), (*models, *other)


def joined_split(types: tuple[PartVariance, ...]) -> PriceVolumeMix:
    """Return the causes of all task types together."""
    return sum((one.split for one in types), PriceVolumeMix(())).joined()


def _models(
    plan: PlannedMonth, actual: ActualMonth, planned: Decimal, task_type: str | None
) -> Iterator[PartVariance]:
    """Yield the variance of each model, or that of all together if the spend of each is unknown."""
    cells = Cells(plan, actual)
    spends = known_usage(cells).spends
    if spends is None or plan.is_idle:
        yield PartVariance(task_type, None, planned, actual.spend, actual.spend - planned)
        return
    costs = cells.planned_costs()
    names = list(dict.fromkeys((*costs, *spends)))
    amounts = as_decimals([costs.get(name, NOTHING) for name in names], planned)
    paid = as_decimals([spends.get(name, NOTHING) for name in names], _sum(actual))
    for name, cost, spend in zip(names, amounts, paid, strict=True):
        yield PartVariance(task_type, None if name == WHOLE else name[0], cost, spend, spend - cost)
    yield from _rest(task_type, ZERO, actual.spend - _sum(actual))


def _sum(actual: ActualMonth) -> Decimal:
    return sum((used.spend or ZERO for used in actual.used.values()), ZERO)


def _rest(task_type: str | None, planned: Decimal, spend: Decimal) -> Iterator[PartVariance]:
    if planned or spend:
        gap = spend - planned
        unexplained = PriceVolumeMix((VariancePart((Factor.UNEXPLAINED,), gap),))
        yield PartVariance(task_type, None, planned, spend, gap, unexplained)
