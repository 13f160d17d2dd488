"""The scenario as a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, replace
from decimal import Decimal
from typing import Annotated, Any

from routecost.documents.claims import ClaimDocument
from routecost.documents.fields import (
    Amount,
    Context,
    Count,
    Day,
    DaysPerMonth,
    Leaf,
    ModelName,
    Name,
    Share,
    StrategyName,
    Text,
    TierName,
    Version,
    fault,
    quoted,
    read_text,
)
from routecost.documents.later import named
from routecost.documents.shapes import Checked, Fault, document, no_faults
from routecost.documents.strategies import StrategyDocument
from routecost.documents.workload import WorkloadDocument, build_workload
from routecost.model.pricing import PricingSheet
from routecost.model.scenario import Budget, Period, Scenario
from routecost.model.verdict import DEFAULT_THRESHOLDS, Thresholds
from routecost.problems import did_you_mean
from routecost.units import DEFAULT_DAYS_PER_MONTH


def _read_period(value: Any, _: Context) -> Period:
    if read_text(value) not in list(Period):
        raise fault(f"unknown period {quoted(value)}{did_you_mean(str(value), list(Period))}")
    return Period(value)


PeriodName = Annotated[Period, Leaf(_read_period, {"enum": list(Period)})]


@document
class BudgetDocument:
    """Money that a strategy may cost per period."""

    amount: Amount
    per: PeriodName
    strategy: StrategyName

    def build(self) -> Budget:
        """Return the budget."""
        return Budget(self.amount, self.per, self.strategy)


_LIMITS = DEFAULT_THRESHOLDS


@document
class ThresholdsDocument:
    """From which figures on routing is worth considering."""

    tasks_per_day: Count = _LIMITS.tasks_per_day
    one_tier: Share = _LIMITS.one_tier
    trials: Count = _LIMITS.trials
    stakes: Count = _LIMITS.stakes

    def build(self) -> Thresholds:
        """Return the thresholds."""
        return Thresholds(self.tasks_per_day, self.one_tier, self.trials, self.stakes)


@document
class ScenarioDocument:
    """A workload, the strategies to compare, and what has been claimed about them."""

    version: Version
    pricing: Name
    workload: WorkloadDocument
    strategies: dict[Name, StrategyDocument]
    description: Text | None = None
    baseline: StrategyName | None = None
    default: StrategyName | None = None
    proposed: StrategyName | None = None
    as_of: Day | None = None
    days_per_month: DaysPerMonth = Decimal(DEFAULT_DAYS_PER_MONTH)
    budget: BudgetDocument | None = None
    tokens_measured_on: ModelName | None = None
    latency: dict[TierName, Annotated[Any, named("quality", "LatencyDocument")]] = field(default_factory=dict)
    illustrative: Text | None = None
    when_to_route: ThresholdsDocument = ThresholdsDocument()
    routing_costs: Annotated[Any, named("routing_costs", "RoutingCostsDocument")] | None = None
    claims: tuple[Annotated[ClaimDocument, Checked()], ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Look for a scenario that compares nothing."""
        if not self.strategies:
            yield Fault("no strategies are given; expected at least one", ("strategies",))
        workload = build_workload(self.workload)
        for name, strategy in self.strategies.items():
            for found in getattr(strategy, "workload_faults", no_faults)(workload):
                yield replace(found, path=("strategies", name, *found.path))

    def build(self, name: str, sheet: PricingSheet) -> Scenario:
        """Return the scenario, called ``name``, without its claims."""
        return Scenario(
            name=name,
            workload=build_workload(self.workload),
            strategies={key: strategy.build() for key, strategy in self.strategies.items()},
            pricing=sheet,
            baseline=self.baseline,
            default=self.default,
            proposed=self.proposed,
            as_of=self.as_of,
            days_per_month=self.days_per_month,
            tokens_measured_on=self.tokens_measured_on,
            latency={tier: made.build() for tier, made in self.latency.items()},
            illustrative=self.illustrative,
            thresholds=self.when_to_route.build(),
            routing_costs=None if self.routing_costs is None else self.routing_costs.build(),
            budget=None if self.budget is None else self.budget.build(),
        )
