"""Comparison of a plan with actual costs so far, and a forecast of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from routecost.engine.actuals.by_task_type import joined_split, task_type_variances
from routecost.engine.actuals.cached_input import with_cached_input
from routecost.engine.actuals.planned_usage import PlannedMonth
from routecost.engine.actuals.price_volume_mix import split_gap
from routecost.engine.actuals.work_scale import ScaledPlan, fitting_scale
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.budget_tracking import track_budget
from routecost.engine.projection.schedule import schedule
from routecost.model.results.actuals import (
    ActualMonth,
    Actuals,
    MonthVariance,
    PlanVsActual,
    PlanVsActualMonth,
    WorkScale,
)
from routecost.model.results.failures import Between
from routecost.model.results.outlook import BudgetTracking
from routecost.model.results.projection import MonthCost, Projection
from routecost.model.scenario.horizon import month_name
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import Schedule
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact


@exact
def compare_with_actuals(scenario: Scenario, projection: Projection, actuals: Actuals) -> PlanVsActual:
    """Compare the plan of a scenario with its actuals, whose months lie within the horizon.

    Each month is compared with the plan of the strategy that it ran under; months without actuals
    continue with the last one before them. Their forecast is the cost of their planned work, with growth
    and dated prices, times the scale at which the same months cost what was spent; see
    :mod:`routecost.engine.actuals.work_scale`.

    Raises UnknownNameError for a strategy that the projection lacks, and UnpricedError for usage
    without a price.
    """
    known = {month.month: month for month in actuals.months}
    comparison = _Comparison(scenario, projection, known, schedule(scenario, projection.horizon))
    return replace(comparison.comparison(actuals.file), assumed=actuals.assumed)


@dataclass(slots=True)
class _SoFar:
    """Sums up to a month; ``compared`` is the planned cost of the months with actuals."""

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


@dataclass(frozen=True)
class _Comparison:
    """A projection, the months with known costs, and their plan."""

    scenario: Scenario
    projection: Projection
    known: Mapping[date, ActualMonth]
    schedule: Schedule

    def comparison(self, file: str) -> PlanVsActual:
        """Return all months, the forecast, and the budget."""
        months = tuple(self._months())
        return PlanVsActual(
            file, months, self.ratio, self._budget(months), self._scaled is not None, self.scale
        )

    @cached_property
    def strategies(self) -> tuple[str, ...]:
        """The strategy of each month; months before the first with actuals have the strategy of that."""
        current, strategies = self.known[min(self.known)].strategy, []
        for month in self.projection.horizon.first_days:
            current = self.known[month].strategy if month in self.known else current
            strategies.append(current)
        return tuple(strategies)

    @cached_property
    def planned(self) -> Mapping[date, Decimal]:
        """The planned cost of each month."""
        rows = (self.projection[name].months for name in self.strategies)
        costs = (months[at].cost for at, months in enumerate(rows))
        return dict(zip(self.projection.horizon.first_days, costs, strict=True))

    @cached_property
    def ratio(self) -> Decimal | None:
        """The spend so far over its planned cost; months weigh as much as their planned cost."""
        planned = sum((self.planned[month] for month in self.known), ZERO)
        spent = sum((month.spend for month in self.known.values()), ZERO)
        if not planned:
            return None if spent else ONE
        return spent / planned

    @cached_property
    def _scaled(self) -> ScaledPlan | None:
        """The plan with its terms on totals; None if it has none."""
        if SecondStage.of_month_plan(self.scenario).is_empty:
            return None
        rows = (self.schedule.rows[name] for name in self.strategies)
        months = [months[at] for at, months in enumerate(rows)]
        by_month = {month.month: month for month in months}
        return ScaledPlan.of(self.scenario, self.schedule, self.projection.horizon, by_month)

    @cached_property
    def scale(self) -> WorkScale | None:
        """The scale of the work at which the months with actuals cost their spend."""
        plan = self._scaled
        if plan is None:
            return None if self.ratio is None else WorkScale(self.ratio, self.ratio, self.ratio)
        spent = sum((month.spend for month in self.known.values()), ZERO)
        return fitting_scale(
            lambda scale: sum((plan.cost(month, scale) for month in self.known), ZERO),
            spent,
            self._ratio_of_tasks,
        )

    @property
    def _ratio_of_tasks(self) -> Decimal:
        """The tasks of the months with actuals over those planned; 1 if unknown."""
        actual = [month.all_tasks for month in self.known.values()]
        known = [tasks for tasks in actual if tasks is not None]
        days = zip(self.projection.horizon.first_days, self.projection.tasks, strict=True)
        planned = sum((tasks for month, tasks in days if month in self.known), ZERO)
        return sum(known, ZERO) / planned if planned and len(known) == len(actual) else ONE

    def _months(self) -> Iterator[PlanVsActualMonth]:
        so_far = _SoFar()
        for at, (month, planned) in enumerate(self.planned.items()):
            actual = self.known.get(month)
            rebased = self._forecast(month, planned) if actual is None else actual.spend
            so_far.add(planned, None if actual is None else actual.spend, rebased)
            yield PlanVsActualMonth(
                month=month_name(month),
                strategy=self.strategies[at],
                planned=planned,
                cumulative_planned=so_far.planned,
                rebased=rebased,
                cumulative_rebased=so_far.rebased,
                variance=None if actual is None else self._variance(at, actual, planned, so_far),
            )

    def _forecast(self, month: date, planned: Decimal) -> Decimal | None:
        if self.scale is None:
            return None
        plan = self._scaled
        return planned * self.scale.value if plan is None else plan.cost(month, self.scale.value)

    def _variance(self, at: int, actual: ActualMonth, planned: Decimal, so_far: _SoFar) -> MonthVariance:
        gap, total = actual.spend - planned, so_far.actual - so_far.compared
        month = PlannedMonth(
            self.scenario,
            self.schedule.rows[actual.strategy][at],
            self.schedule.works,
            Fraction(planned),
            self.projection.horizon.pinned,
        )
        types, models = task_type_variances(month, actual, planned)
        return MonthVariance(
            actual=actual.spend,
            gap=gap,
            gap_fraction=gap / planned if planned else None,
            cumulative_actual=so_far.actual,
            cumulative_gap=total,
            cumulative_gap_fraction=total / so_far.compared if so_far.compared else None,
            split=joined_split(types) if types else split_gap(month, actual, gap),
            task_types=types,
            models=models if any(one.task_type or one.model for one in models) else (),
            with_cached_input=with_cached_input(month, actual),
        )

    def _budget(self, months: Sequence[PlanVsActualMonth]) -> BudgetTracking | None:
        """Return the budget compared with actual spend and forecast, if these are known."""
        budget = (self.scenario.plan or NO_PLAN).budget or self.scenario.budget
        if budget is None or self.scale is None:
            return None
        failures = self._failures(self.scale.value)
        costs = tuple(
            MonthCost(
                month.month,
                month.strategy,
                month.rebased or ZERO,
                month.cumulative_rebased or ZERO,
                failures=wrong,
            )
            for month, wrong in zip(months, failures, strict=True)
        )
        scheduled = next(iter(self.schedule.rows.values()))
        return track_budget(self.scenario, scheduled, {budget.strategy: costs})

    def _failures(self, scale: Decimal) -> Iterator[Between | None]:
        """Yield the planned failures of each month at a scale of the work, if the budget counts them."""
        budget = self.projection.budget
        counts = budget is not None and budget.budget.counts_failures
        unstated = Between(ZERO, None) if budget is not None and budget.is_unknown else Between()
        for at, name in enumerate(self.strategies):
            planned = self.projection[name].months[at].failures
            yield (unstated if planned is None else planned.times(scale)) if counts else None
