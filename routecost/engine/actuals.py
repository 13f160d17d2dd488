"""A plan beside what its months cost so far, and where it is going from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from routecost.engine.gap import split_gap
from routecost.engine.month_usage import planned_month
from routecost.engine.project import budget_course
from routecost.model.actuals import ActualCourse, ActualMonth, Actuals, CourseMonth, HeldMonth
from routecost.model.horizon import Horizon, month_name
from routecost.model.projection import BudgetCourse, Projection
from routecost.model.scenario import Scenario
from routecost.units import exact

ZERO = Decimal(0)
Known = Mapping[date, ActualMonth]


@exact
def hold_against(scenario: Scenario, projection: Projection, actuals: Actuals) -> ActualCourse:
    """Return the plan of a scenario beside its actuals, whose months lie within the horizon.

    Each month is held against the plan of the strategy that it ran under; months without actuals
    follow the last one before them. They are forecast at what was planned for them, growth and
    dated prices included, times the spend so far over what was planned for the same months.

    Raises UnknownNameError for a strategy that the projection lacks, and UnpricedError for usage
    without a price.
    """
    known = {month.month: month for month in actuals.months}
    months = tuple(_months(scenario, projection, known))
    return ActualCourse(
        file=actuals.file,
        months=months,
        ratio=_ratio(_plans(projection, known), known),
        budget=_budget(scenario, months),
        has_volume_discounts=any(terms.volume is not None for terms in scenario.pricing.terms),
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a month was planned to cost, under the strategy that it ran or will run under."""

    month: date
    strategy: str
    cost: Decimal


def _plans(projection: Projection, known: Known) -> list[_Plan]:
    months = projection.horizon.first_days
    strategy = known[min(known)].strategy
    plans = []
    for at, month in enumerate(months):
        strategy = known[month].strategy if month in known else strategy
        plans.append(_Plan(month, strategy, projection[strategy].months[at].cost))
    return plans


def _ratio(plans: Sequence[_Plan], known: Known) -> Decimal | None:
    """Return the spend so far over what was planned; months weigh as much as they were to cost."""
    planned = sum((plan.cost for plan in plans if plan.month in known), ZERO)
    spent = sum((month.spend for month in known.values()), ZERO)
    if not planned:
        return None if spent else Decimal(1)
    return spent / planned


@dataclass(slots=True)
class _SoFar:
    """Sums up to a month; ``compared`` is what months with actuals were planned to cost."""

    planned: Decimal = ZERO
    actual: Decimal = ZERO
    compared: Decimal = ZERO
    rebased: Decimal | None = ZERO

    def add(self, planned: Decimal, actual: Decimal | None, rebased: Decimal | None) -> None:
        """Add a month."""
        self.planned += planned
        if actual is not None:
            self.actual += actual
            self.compared += planned
        self.rebased = None if self.rebased is None or rebased is None else self.rebased + rebased


def _months(scenario: Scenario, projection: Projection, known: Known) -> Iterator[CourseMonth]:
    plans, so_far = _plans(projection, known), _SoFar()
    ratio = _ratio(plans, known)
    for at, plan in enumerate(plans):
        actual = known.get(plan.month)
        forecast = None if ratio is None else plan.cost * ratio
        rebased = forecast if actual is None else actual.spend
        so_far.add(plan.cost, None if actual is None else actual.spend, rebased)
        yield CourseMonth(
            month=month_name(plan.month),
            strategy=plan.strategy,
            planned=plan.cost,
            cumulative_planned=so_far.planned,
            rebased=rebased,
            cumulative_rebased=so_far.rebased,
            held=None if actual is None else _held(scenario, projection.horizon, at, plan, actual, so_far),
        )


def _held(  # noqa: PLR0917  a month, and what it is held against
    scenario: Scenario, horizon: Horizon, at: int, plan: _Plan, actual: ActualMonth, so_far: _SoFar
) -> HeldMonth:
    gap = actual.spend - plan.cost
    total = so_far.actual - so_far.compared
    planned = planned_month(scenario, horizon, plan.strategy, at, plan.cost)
    return HeldMonth(
        actual=actual.spend,
        gap=gap,
        gap_fraction=gap / plan.cost if plan.cost else None,
        cumulative_actual=so_far.actual,
        cumulative_gap=total,
        cumulative_gap_fraction=total / so_far.compared if so_far.compared else None,
        split=split_gap(planned, actual, gap),
    )


def _budget(scenario: Scenario, months: Sequence[CourseMonth]) -> BudgetCourse | None:
    """Return how the budget fares with what was spent and what is forecast, if that is known."""
    costs = [(month.month, month.rebased) for month in months]
    if scenario.budget is None or any(cost is None for _, cost in costs):
        return None
    return budget_course(scenario, scenario.budget, [(month, cost or ZERO) for month, cost in costs])
