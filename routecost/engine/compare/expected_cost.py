"""Expected cost of a task on a tier, including failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.engine.pricing.price import price
from routecost.engine.strategies.tier import UniformTier
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.strategy import TierModels
from routecost.model.scenario.workload import TaskType, Workload
from routecost.units import ONE, ZERO, exact


@exact
def model_cost(
    tasks: Sequence[TaskType], tier: str, tier_models: TierModels, sheet: PricingSheet, day: date
) -> Decimal:
    """Return the model cost per task, over all tasks of at least one type, on a tier.

    Types without volume count as one task each if no type has any. Raises UnknownNameError and
    UnpricedError as :func:`routecost.engine.pricing.price.price` does.
    """
    total = sum((task.tasks_per_day for task in tasks), ZERO)
    counts = [task.tasks_per_day if total else ONE for task in tasks]
    work = (
        replace(task, tasks_per_day=count, rework=None) for task, count in zip(tasks, counts, strict=True)
    )
    usage = UniformTier(tier).expand(Workload(tuple(work)), tier_models).usage
    return price(usage, sheet, day).total / sum(counts, ZERO)


@exact
def total_cost(model: Decimal, successes: int, trials: int, failure_cost: Decimal) -> Decimal:
    """Return the expected cost of a task: the model's, and the failure rate times the failure cost."""
    return model + failure_cost * (trials - successes) / trials


@exact
def break_even(
    expensive: Decimal, cheap: Decimal, expensive_rate: Decimal, cheap_rate: Decimal
) -> Decimal | None:
    """Return the failure cost above which the more expensive tier pays off.

    That is the price of avoiding one failure: extra cost over extra success rate. None if the more
    expensive tier does not succeed more often, so that it never pays off.
    """
    gained = expensive_rate - cheap_rate
    return (expensive - cheap) / gained if gained > 0 else None


@exact
def rate(successes: int, trials: int) -> Decimal:
    """Return a success rate as a fraction."""
    return Decimal(successes) / trials


@exact
def mean_cost(costs: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Return the mean of (volume, cost) pairs by their volumes; None if there are none."""
    if not costs:
        return None
    volume = sum((tasks for tasks, _ in costs), ZERO)
    if not volume:
        return sum((cost for _, cost in costs), ZERO) / len(costs)
    return sum((tasks * cost for tasks, cost in costs), ZERO) / volume
