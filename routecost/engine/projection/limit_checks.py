"""Rate limits as checks: whether the strategy that is planned reaches one."""

from __future__ import annotations

from collections.abc import Iterator

from routecost.engine.compare.unpriced import only
from routecost.engine.projection.project import project
from routecost.model.pricing.rate_limits import RATE_UNITS
from routecost.model.results.claim_check import ClaimResult
from routecost.model.scenario.figure_path import FigureKind
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.month_plan import NO_PLAN
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO


def limit_checks(scenario: Scenario, horizon: Horizon) -> Iterator[ClaimResult]:
    """Yield whether the planned strategy stays below each rate limit in the months of a horizon.

    It is the proposal, else the default; without either, each strategy.
    """
    plan = scenario.plan or NO_PLAN
    planned = plan.proposed or scenario.proposed or scenario.default
    names = {phase.strategy for phase in plan.migrations.get(planned or "", ())}
    projection = project(scenario if planned is None else only(scenario, {*names, planned}), horizon)
    for use in projection.limits:
        if planned in (None, use.strategy):
            unit, reached = RATE_UNITS[use.unit], use.reached
            why = "the peak is at least this: arrivals or calls are unknown" if use.is_least else None
            if reached is not None:
                why = f"the limit is reached in {reached}"
            yield ClaimResult(
                claim=f"limit of {unit} a minute on {use.limit.subject} for {use.strategy}, in {use.month}",
                says=None,
                published=use.limit.per_minute[use.unit],
                computed=use.peak,
                within=ZERO,
                holds=reached is None,
                status="holds" if reached is None else "fails",
                why=why,
                kind=FigureKind.RATIO,
                is_limit=True,
            )
