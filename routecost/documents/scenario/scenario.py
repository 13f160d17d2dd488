"""The document type of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from routecost.documents.core.deferred import deferred_to
from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked, Fault, is_sound
from routecost.documents.core.kinds import DocumentKind
from routecost.documents.core.scalars import (
    Count,
    Day,
    DaysPerMonth,
    ModelName,
    Name,
    Share,
    StrategyName,
    Text,
    TierName,
    Version,
)
from routecost.documents.scenario.claims import ClaimDocument
from routecost.documents.strategies import AnyStrategy, StrategyDocument
from routecost.documents.workload.volume import Calendar
from routecost.documents.workload.workload import WorkloadDocument, build_workload
from routecost.engine.pricing.tier_models import tier_models
from routecost.model.pricing.sheet import PricingSheet
from routecost.model.scenario.routing_decision import DEFAULT_THRESHOLDS, Thresholds
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.workload import Workload
from routecost.source import Document
from routecost.units import DEFAULT_DAYS_PER_MONTH

if TYPE_CHECKING:
    from routecost.model.scenario.fixed_fees import FixedFee
    from routecost.model.scenario.strategy import Strategy

_LIMITS, _EVEN = DEFAULT_THRESHOLDS, Decimal("0.5")

MOST_PAIRS = 25_000
"""The maximum of strategies times task types, if there are more than ``FEW`` of both."""

FEW = 10

MOST_PRICE_CHANGES = 200


def _load_budget() -> Any:
    from routecost.documents.month_plan.budget import OwnBudget

    return OwnBudget


def _load_latency() -> Any:
    from routecost.documents.workload.success import LatencyDocument

    return LatencyDocument


def _load_routing_costs() -> Any:
    from routecost.documents.scenario.routing_costs import RoutingCostsDocument

    return RoutingCostsDocument


def _load_rate_limit() -> Any:
    from routecost.documents.pricing.rate_limits import RateLimitDocument

    return RateLimitDocument


def _load_capacity() -> Any:
    from routecost.documents.scenario.fixed_fees import CapacityDocument

    return CapacityDocument


def _load_storage() -> Any:
    from routecost.documents.scenario.fixed_fees import StorageDocument

    return StorageDocument


def _load_correlation() -> Any:
    from routecost.documents.uncertainty.correlations import CorrelationDocument

    return CorrelationDocument


def _load_price_change() -> Any:
    from routecost.documents.scenario.price_changes import PriceChangeDocument

    return PriceChangeDocument


def _load_plan() -> Any:
    from routecost.documents.month_plan.plan import MonthPlanDocument

    return MonthPlanDocument


@document
class ThresholdsDocument:
    """Thresholds above which routing is worth considering."""

    tasks_per_day: Count = _LIMITS.tasks_per_day
    one_tier: Share = _LIMITS.one_tier
    trials: Count = _LIMITS.trials
    stakes: Count = _LIMITS.stakes
    certainty: Share = _LIMITS.certainty

    def faults(self) -> Iterator[Fault]:
        """Yield a fault if no probability would be certain enough, or both of savings and losses."""
        if self.certainty < _EVEN:
            shown = f"{(self.certainty * 100).normalize():f}%"
            yield Fault(f"a certainty of {shown}; expected 50% to 100%", ("certainty",))

    def build(self) -> Thresholds:
        """Return the thresholds."""
        return Thresholds(self.tasks_per_day, self.one_tier, self.trials, self.stakes, self.certainty)


OwnThresholds = Annotated[ThresholdsDocument, deferred_to(lambda: ThresholdsDocument)]
"""The thresholds of a scenario, which few set."""


@document
class ScenarioDocument:
    """A workload, the strategies to compare, and published claims about them."""

    version: Version
    pricing: Name
    workload: WorkloadDocument
    strategies: dict[Name, AnyStrategy]
    description: Text | None = None
    baseline: StrategyName | None = None
    default: StrategyName | None = None
    proposed: StrategyName | None = None
    as_of: Day | None = None
    days_per_month: DaysPerMonth = Decimal(DEFAULT_DAYS_PER_MONTH)
    working_days_per_month: DaysPerMonth | None = None
    budget: Annotated[Any, deferred_to(_load_budget)] | None = None
    tokens_measured_on: ModelName | None = None
    latency: dict[TierName, Annotated[Any, deferred_to(_load_latency)]] = field(default_factory=dict)
    illustrative: Text | None = None
    when_to_route: OwnThresholds = ThresholdsDocument()
    routing_costs: Annotated[Any, deferred_to(_load_routing_costs)] | None = None
    plan: Annotated[Any, deferred_to(_load_plan)] | None = None
    capacity: tuple[Annotated[Any, deferred_to(_load_capacity)], ...] = ()
    storage: tuple[Annotated[Any, deferred_to(_load_storage)], ...] = ()
    rate_limits: tuple[Annotated[Any, deferred_to(_load_rate_limit)], ...] = ()
    price_changes: dict[Name, Annotated[Any, deferred_to(_load_price_change)]] = field(default_factory=dict)
    correlations: tuple[Annotated[Any, deferred_to(_load_correlation)], ...] = ()
    claims: tuple[Annotated[ClaimDocument, Checked()], ...] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield faults if there is no strategy, or if a strategy cannot do the workload."""
        if not self.strategies:
            yield Fault("no strategies are given; expected at least one", ("strategies",))
        if self.working_days_per_month is not None and self.working_days_per_month > self.days_per_month:
            message = f"more working days than the month's {self.days_per_month.normalize():f} days"
            yield Fault(message, ("working_days_per_month",))
        if self.capacity:
            from routecost.documents.scenario.fixed_fees import capacity_faults  # few scenarios have any

            yield from capacity_faults(self.capacity)
        if self.rate_limits:
            from routecost.documents.pricing.rate_limits import limit_faults  # few scenarios have any

            yield from limit_faults(self.rate_limits)
        if self.plan is not None:
            launched = self.plan.launch_workloads(self._calendar)
            workload = build_workload(self.workload, self._calendar)
            from routecost.documents.month_plan.plan import fleets_of  # few scenarios have plans

            fleets = fleets_of(workload, launched)
            yield from self.plan.fleet_faults(workload, launched, fleets)
            yield from self._strategy_faults(lambda strategy: strategy.fleet_faults(fleets))
        work = self._all_work()
        yield from self._part_faults(work)
        yield from self._size_faults(len(self.strategies), len(work.task_types))
        for task in work.task_types:
            if task.hits_follow and task.arrivals is None:
                message = (
                    'the hits of the cache are unknown; expected "reuse", or "arrivals" of the task type'
                )
                yield Fault(message, (*task.path, "cache"))
        yield from self._strategy_faults(lambda strategy: strategy.workload_faults(work))
        for name, paid in self._payments.items():
            for fault in paid.owner_faults(work):
                yield replace(fault, path=("strategies", name, "paid_by", *fault.path))

    def _size_faults(self, strategies: int, types: int) -> Iterator[Fault]:
        """Yield faults for more than can be priced."""
        if min(strategies, types) > FEW and strategies * types > MOST_PAIRS:
            message = (
                f"{strategies:,} strategies times {types:,} task types are too many to price; expected at "
                f"most {MOST_PAIRS:,} pairs, or at most {FEW} strategies or task types"
            )
            yield Fault(message, ("strategies",))
        if len(self.price_changes) > MOST_PRICE_CHANGES:
            message = f"{len(self.price_changes):,} changes of prices are stated; expected at most "
            yield Fault(f"{message}{MOST_PRICE_CHANGES}", ("price_changes",), on_key=True)

    def _part_faults(self, work: Workload) -> Iterator[Fault]:
        """Yield faults if a budget or the plan names owners or task types that there are not."""
        if (self.budget is not None and self.budget.owners) or self.plan is not None:
            from routecost.documents.month_plan.parts import part_faults  # few scenarios have any

            yield from part_faults(self.budget, self.plan, work)

    def faults_among(self, tiers: Sequence[str]) -> Iterator[Fault]:
        """Yield faults of strategies that depend on the tiers, low to high."""
        work = self._all_work()
        yield from self._strategy_faults(
            lambda strategy: strategy.tier_faults(work, tiers) if is_sound(strategy) else ()
        )

    def _strategy_faults(self, faults: Callable[[StrategyDocument], Iterable[Fault]]) -> Iterator[Fault]:
        """Yield the faults of each strategy, with its place."""
        for name, strategy in self.strategies.items():
            for fault in faults(strategy):
                yield replace(fault, path=("strategies", name, *fault.path))

    @property
    def _payments(self) -> dict[str, Any]:
        """The subscriptions that pay for strategies."""
        stated = {name: getattr(strategy, "paid_by", None) for name, strategy in self.strategies.items()}
        return {name: paid for name, paid in stated.items() if paid is not None and not isinstance(paid, str)}

    def sheet_faults(self, sheet: PricingSheet, day: date) -> Iterator[Fault]:
        """Yield faults that depend on the pricing sheet: fees without a rate, and impossible rework."""
        strategies = {name: strategy.build for name, strategy in self.strategies.items()}
        if self.capacity or self.storage:
            from routecost.documents.scenario.fixed_fees import coverage_faults, rate_faults  # few have any

            yield from rate_faults(self.fees, sheet)
            yield from coverage_faults(self.fees, strategies, self._all_work(), sheet, day)
        if self._payments:
            from routecost.documents.pricing.paid_by import payment_faults  # few scenarios have any

            yield from payment_faults(self._payments, sheet, self.fees)
        for name, change in self.price_changes.items():
            for fault in change.sheet_faults(sheet):
                yield replace(fault, path=("price_changes", name, *fault.path))
        if self.plan is not None:
            from routecost.documents.month_plan.parts import sheet_part_faults  # few scenarios have plans

            yield from sheet_part_faults(self.plan, sheet)
        for work in self._fleets():
            if any(task.rework and task.rework.success_after is not None for task in work.task_types):
                from routecost.documents.workload.success import rework_faults  # few workloads state it

                yield from rework_faults(work, strategies, tier_models(sheet, day))

    def _fleets(self) -> tuple[Workload, ...]:
        """Return the workload, and those of launches."""
        launched = () if self.plan is None else self.plan.launch_workloads(self._calendar).values()
        return (build_workload(self.workload, self._calendar), *launched)

    def _all_work(self) -> Workload:
        """Return the task types of the workload and of launches."""
        return Workload(tuple(task for work in self._fleets() for task in work.task_types))

    @property
    def _calendar(self) -> Calendar:
        return Calendar(self.days_per_month, self.working_days_per_month)

    @property
    def fees(self) -> tuple[FixedFee, ...]:
        """The fixed fees."""
        return (
            *(fee.build(("capacity", at)) for at, fee in enumerate(self.capacity)),
            *(fee.build(("storage", at)) for at, fee in enumerate(self.storage)),
        )

    def _built_strategies(self) -> dict[str, Strategy]:
        """Return the strategies, of which those with fees of their own know their names."""
        built = {name: strategy.build() for name, strategy in self.strategies.items()}
        named = {*self._payments, *(capacity.strategy for capacity in self.capacity)}
        return {
            name: replace(strategy, fees_of=name) if name in named else strategy
            for name, strategy in built.items()
        }

    def build(self, name: str, sheet: PricingSheet, where: Document) -> Scenario:
        """Return the scenario, called ``name``, without its claims."""
        workload = build_workload(self.workload, self._calendar)
        return Scenario(
            name=name,
            workload=workload,
            strategies=self._built_strategies(),
            pricing=sheet,
            baseline=self.baseline,
            default=self.default,
            proposed=self.proposed,
            as_of=self.as_of,
            days_per_month=self.days_per_month,
            tokens_measured_on=self.tokens_measured_on,
            latency={tier: latency.build() for tier, latency in self.latency.items()},
            illustrative=self.illustrative,
            thresholds=self.when_to_route.build(),
            routing_costs=None if self.routing_costs is None else self.routing_costs.build(),
            budget=None if self.budget is None else self.budget.build(),
            plan=None if self.plan is None else self.plan.build(workload, self._calendar, where),
            fixed_fees=self.fees,
            rate_limits=tuple(limit.build() for limit in self.rate_limits),
            subscriptions={
                name: paid.build(sheet, ("strategies", name, "paid_by"))
                for name, paid in self._payments.items()
            },
            place=where.finding,
        )


SCENARIO = DocumentKind("scenario", ScenarioDocument)
