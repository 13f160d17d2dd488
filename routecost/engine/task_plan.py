"""Cost of a concrete task plan, and of the same plan on one tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from routecost.engine.pricing.price import price
from routecost.engine.pricing.tier_models import tier_models
from routecost.engine.usage.calls import CallShape, usage
from routecost.engine.usage.quantities import NOTHING, Quantity
from routecost.errors import UnpricedError
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.pricing.usage import Usage
from routecost.model.results.task_plan import Alternative, Blend, Helper, PlanCall, PlanCost, TaskPlan
from routecost.model.scenario.strategy import TierModels
from routecost.problems import KeyPath
from routecost.units import ZERO, exact

PLANNER, REVIEWER = "planner", "reviewer"


class _Calls(NamedTuple):
    """The calls of a step or a helper, at a path of the plan; ``parts`` are counts with their tokens."""

    name: str
    tier: str
    parts: tuple[tuple[int, CallShape], ...]
    path: KeyPath
    is_step: bool = True

    @property
    def number(self) -> int:
        """The number of calls."""
        return sum(count for count, _ in self.parts)


@exact
def price_plan(plan: TaskPlan, sheet: PricingSheet, day: date) -> PlanCost:
    """Price a plan at the rates of ``day``, each step, planner and reviewer apart.

    Volume discounts depend on a month and are left out. Raises UnknownNameError and UnpricedError
    as :func:`routecost.engine.pricing.price.price` does, the latter about a path of the plan.
    """
    line = tier_models(sheet, day)
    all_calls = list(_calls(plan))
    costs = [_cost(calls, calls.tier, sheet, line) for calls in all_calls]
    total = sum(costs, ZERO)
    plain = list(_calls(_plain(plan)))
    alternatives = tuple(_alternative(tier, plain, total, sheet, line) for tier in _others(plain, line))
    return PlanCost(
        plan=plan,
        pricing=sheet.name,
        currency=sheet.currency,
        as_of=day,
        calls=tuple(
            PlanCall(
                calls.name,
                calls.tier,
                line.model(calls.tier),
                calls.number,
                cost,
                cost / total if total else None,
            )
            for calls, cost in zip(all_calls, costs, strict=True)
        ),
        total=total,
        overhead={
            calls.name: cost for calls, cost in zip(all_calls, costs, strict=True) if not calls.is_step
        },
        alternatives=alternatives,
        blends=tuple(_blends(total, alternatives)),
    )


def _others(calls: Iterable[_Calls], line: TierModels) -> Iterator[str]:
    """Yield the tiers on which all calls have known tokens: those of their own effort."""
    efforts = {line.efforts.get(one.tier) for one in calls}
    yield from (tier for tier in line.models if efforts <= {line.efforts.get(tier)})


def _plain(plan: TaskPlan) -> TaskPlan:
    """Return the plan whose calls read nothing of each other."""
    reviewer = None if plan.reviewer is None else replace(plan.reviewer, reads_output=False)
    return replace(plan, reviewer=reviewer, hand_on=ZERO)


def _calls(plan: TaskPlan) -> Iterator[_Calls]:
    if plan.planner is not None:
        yield _helper(PLANNER, plan.planner, NOTHING)
    written = NOTHING
    for at, step in enumerate(plan.steps):
        first = 1 if at == 0 else 0
        shape = CallShape.of_helper(step.tokens)
        handed = shape.reading(Quantity.of(plan.hand_on)) if plan.hand_on else shape
        parts = ((first, shape), (step.repeats - first, handed))
        yield _Calls(step.title, step.tier, tuple(part for part in parts if part[0]), ("steps", at))
        written = written + shape.output.times(Decimal(step.repeats))
    if plan.reviewer is not None:
        yield _helper(REVIEWER, plan.reviewer, written)


def _helper(name: str, helper: Helper, written: Quantity) -> _Calls:
    shape = CallShape.of_helper(helper.tokens)
    return _Calls(
        name,
        helper.tier,
        ((1, shape.reading(written) if helper.reads_output else shape),),
        (name,),
        is_step=False,
    )


def _cost(calls: _Calls, tier: str, sheet: PricingSheet, line: TierModels) -> Decimal:
    try:
        usages = [usage(shape, tier, line, Decimal(count)) for count, shape in calls.parts]
        return price(Usage.total(usages), sheet, line.day).total
    except UnpricedError as error:
        raise UnpricedError(str(error), calls.path if tier == calls.tier else ("pricing",)) from None


def _alternative(
    tier: str, all_calls: list[_Calls], total: Decimal, sheet: PricingSheet, line: TierModels
) -> Alternative:
    costs = [(calls, _cost(calls, tier, sheet, line)) for calls in all_calls]
    every = sum((cost for _, cost in costs), ZERO)
    steps = sum((cost for calls, cost in costs if calls.is_step), ZERO)
    return Alternative(tier, every, steps, 1 - total / every if every else None)


def _blends(total: Decimal, alternatives: tuple[Alternative, ...]) -> Iterator[Blend]:
    for low, high in pairwise(alternatives):
        if high.every_call != low.every_call:
            share = (total - low.every_call) / (high.every_call - low.every_call)
            yield Blend(low.tier, high.tier, share)
