"""Break-even points of a scenario."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from routecost.api.scenarios import day_of, horizon_of, resolve
from routecost.engine.breakeven import breakeven as _breakeven
from routecost.engine.projection.payback import costs_of
from routecost.engine.projection.plan_volume import plan_volume
from routecost.library import PathLike
from routecost.model.results.breakeven import BreakEven, Breakevens, Question, routing_costs
from routecost.model.scenario.horizon import DEFAULT_MONTHS, Horizon
from routecost.model.scenario.routing_decision import RoutingCosts
from routecost.model.scenario.scenario import Scenario
from routecost.units import ZERO


def breakeven(  # noqa: PLR0913  the options of break-evens and of a projection
    scenario: PathLike | Scenario,
    *,
    engineering: str | Decimal | int | None = None,
    upkeep: str | Decimal | int | None = None,
    within: int | None = None,
    months: int = DEFAULT_MONTHS,
    growth: str | Decimal | float | None = None,
    start: str | None = None,
    pricing: PathLike | None = None,
    as_of: date | None = None,
    library: PathLike | None = None,
) -> Breakevens:
    """Compute break-even points of a scenario: volume, misrouting, success, failures, escalation.

    ``engineering`` is the one-time cost of routing, ``upkeep`` its cost per month, and ``within``
    the number of months in which it must pay off; each overrides the scenario's own, and that of its plan.
    ``months``, ``growth`` and ``start`` are those of :func:`project`, for the break-even over the plan.

    Raises as :func:`compare` does; also raises UsageError if only some of the three are known.
    """
    loaded = resolve(scenario, pricing=pricing, as_of=as_of, library=library)
    given = routing_costs(loaded.routing_costs, engineering, upkeep, within)
    if any(option is not None for option in (engineering, upkeep, within)) and loaded.plan is not None:
        loaded = replace(loaded, plan=replace(loaded.plan, engineering=(), upkeep=()))
    horizon = horizon_of(loaded, months, growth, start, as_of)
    result = _breakeven.breakeven(
        replace(loaded, routing_costs=given or _of_plan(loaded, horizon)), day_of(loaded)
    )
    asked = replace(loaded, routing_costs=given)
    row = plan_volume(asked, horizon)
    if row is not None and result.worst_of.is_bound:
        worst = plan_volume(replace(asked, worst_case=True), horizon)
        row = row if worst is None else _breakeven.with_worst(row, worst, result.worst_of)
    return result if row is None else replace(result, breakevens=_with_row(result.breakevens, row))


def _of_plan(scenario: Scenario, horizon: Horizon) -> RoutingCosts | None:
    """Return the engineering and mean upkeep that a plan states for its months; None if it has none."""
    engineering, upkeep = costs_of(scenario, horizon.start)
    if not (engineering or upkeep):
        return None
    once = sum((cost.amount for cost in engineering if cost.day <= horizon.last_day), ZERO)
    due = (cost.amount for month in horizon.first_days for cost in upkeep if cost.is_due(month))
    return RoutingCosts(once, sum(due, ZERO) / horizon.months, horizon.months)


def _with_row(rows: tuple[BreakEven, ...], row: BreakEven) -> tuple[BreakEven, ...]:
    """Return the rows with that of the plan after that of the volume as stated."""
    at = sum(other.question is Question.VOLUME for other in rows)
    return (*rows[:at], row, *rows[at:])
