"""Cost of failures in the months of a schedule: linear in the work, and known at least in part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from routecost.model.results.failures import Between, Excess, Failures, cost_of, excess
from routecost.model.scenario.schedule import MonthSchedule, Part
from routecost.units import exact

Daily = Callable[[Part], Failures]
"""The failures of a day of a part's work as stated."""


@exact
def failures_in(month: MonthSchedule, daily: Daily) -> Between:
    """Return the cost of the failures of a month."""
    cost = Between()
    for part, days in zip(month.parts, month.weights(), strict=True):
        cost = cost.plus(cost_of(daily(part)).times(days))
    return cost


@exact
def excess_over(
    months: Sequence[MonthSchedule], than: Sequence[MonthSchedule], daily: Daily, tiers: Sequence[str]
) -> Excess:
    """Return how much more failures cost over months of one strategy than of another.

    Both have the same work on the same days; ``tiers`` are low to high.
    """
    cost, assumed, unknown = Between(), list[str](), list[str]()
    for one, other in zip(months, than, strict=True):
        for part, instead, days in zip(one.parts, other.parts, one.weights(), strict=True):
            more = excess(daily(part), daily(instead), tiers)
            cost = cost.plus(more.cost.times(days))
            assumed += more.assumed
            unknown += more.unknown
    return Excess(cost, _once(assumed), _once(unknown))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
