"""Results of sweeps of a plan: the costs of all its months at each point."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from routecost.model.frames import Result
from routecost.model.results.failures import Between
from routecost.model.results.sensitivity import Parameter, Value
from routecost.problems import Finding
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class PlanCost:
    """The cost of a strategy over all months; ``with_failures`` is None if failures cost nothing."""

    strategy: str
    cost: Decimal
    vs_baseline: Decimal | None
    with_failures: Between | None


@dataclass(frozen=True, slots=True)
class PlanPoint:
    """The costs of the strategies, and the latest month of payback of the proposal, at values of the fields.

    ``payback`` is None if costs are not repaid for certain, or if there are none.
    """

    values: tuple[Value, ...]
    costs: tuple[PlanCost, ...]
    payback: str | None


@dataclass(frozen=True, slots=True)
class PlanSweep(Result):
    """The projections of a scenario at many points, over ``months`` months.

    ``starts`` has the first month of the points, ``at_means`` the uncertain fields, which are at their means.
    ``has_payback`` is true if engineering or upkeep is stated.
    """

    scenario: str
    pricing: tuple[str, ...]
    currency: str
    starts: tuple[date, ...]
    months: int
    has_payback: bool
    baseline: str | None
    default: str | None
    proposed: str | None
    parameters: tuple[Parameter, ...]
    points: tuple[PlanPoint, ...]
    warnings: tuple[Finding, ...] = ()
    at_means: tuple[str, ...] = ()

    @property
    def strategies(self) -> tuple[str, ...]:
        """The strategies and migrations."""
        return tuple(cost.strategy for cost in self.points[0].costs)

    @property
    def counts_failures(self) -> bool:
        """True if failures cost something."""
        return any(cost.with_failures is not None for point in self.points for cost in point.costs)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of ``records``."""
        totals = ("total_over_plan", "total_over_plan_low", "total_over_plan_high")
        return (
            *(parameter.name for parameter in self.parameters),
            "strategy",
            "cost_over_plan",
            "vs_baseline",
            *(totals if self.counts_failures else ()),
        )

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield a dict per point and strategy, keyed by ``columns``."""
        for point in self.points:
            for cost in point.costs:
                total = cost.with_failures or Between.exactly(cost.cost)
                figures = (cost.strategy, cost.cost, cost.vs_baseline, total.known, *total)
                yield dict(zip(self.columns, (*point.values, *figures), strict=False))
