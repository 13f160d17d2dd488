"""Router error rates at which routing is no longer worth it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from routecost.engine.numeric.root_finding import between
from routecost.engine.strategies.assigned import Assigned
from routecost.errors import UnpricedError, UsageError
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.verdicts.router_error import RouterError
from routecost.units import ONE, ZERO

if TYPE_CHECKING:
    from routecost.model.scenario.scenario import Scenario
    from routecost.model.scenario.strategy import Strategy

Month = tuple[Decimal, Decimal | None]
"""The monthly cost of a strategy: its calls, and its total with failures if known."""


def router_errors(
    scenario: Scenario, costs: Mapping[str, StrategyCost], month: Callable[[Strategy], Month]
) -> tuple[RouterError, ...]:
    """Return, for each router, the error rate above which the default is cheaper."""
    default = costs.get(scenario.default or "")
    if default is None or len(scenario.workload.task_types) < 2:
        return ()
    bends = scenario.has_terms_on_totals or scenario.workload.follows_volume
    errors = (
        _limit(name, strategy, default, month, bends)
        if costs[name].calls_per_task == default.calls_per_task
        else RouterError(name, default.strategy, None, None, knows_failures=False, is_same_work=False)
        for name, strategy in scenario.strategies.items()
        if isinstance(strategy, Assigned) and name != scenario.default
    )
    return tuple(replace(error, has_router=_has_router(scenario, error.strategy)) for error in errors)


def _has_router(scenario: Scenario, name: str) -> bool:
    strategy = scenario.strategies[name]
    return isinstance(strategy, Assigned) and strategy.router is not None


def _limit(
    name: str, strategy: Assigned, default: StrategyCost, month: Callable[[Strategy], Month], bends: bool
) -> RouterError:
    @cache
    def erring(error: Decimal) -> Month:
        return month(replace(strategy, mistakes={}, error=error))

    try:
        month(replace(strategy, mistakes={}, error=ONE))
    except (UnpricedError, UsageError) as error:
        return RouterError(name, default.strategy, None, None, knows_failures=False, unknown=str(error))
    total = default.total_cost_per_month
    knows = total is not None and erring(ZERO)[1] is not None
    return RouterError(
        name,
        default.strategy,
        tolerated(lambda error: erring(error)[0] - default.cost_per_month, bends=bends),
        tolerated(lambda error: (erring(error)[1] or ZERO) - (total or ZERO), bends=bends) if knows else None,
        knows,
    )


def tolerated(excess: Callable[[Decimal], Decimal], *, bends: bool) -> Decimal | None:
    """Return the lowest error at which ``excess`` is no longer negative; None if there is none.

    ``bends`` says that cost may not be linear in the error, even if it is in the middle.
    """
    if excess(ZERO) >= 0:
        return ZERO
    return between(excess, ZERO, ONE, bends=bends).at
