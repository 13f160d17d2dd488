"""The scale of a plan's work at which it costs what was spent, with all terms on totals.

Fixed fees do not scale. Allowances, graduated steps, volume discounts and commitments apply to the
scaled work, so the cost need not be proportional to the scale, and several scales may cost the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from routecost.engine.numeric.root_finding import Bracket, difference, narrowed
from routecost.engine.pricing.pieces import Pieces
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.month_bills import Daily, begun_years, billed
from routecost.engine.projection.project import price_schedule
from routecost.model.results.actuals import WorkScale
from routecost.model.scenario.horizon import Horizon
from routecost.model.scenario.scenario import Scenario
from routecost.model.scenario.schedule import MonthSchedule, Part, Schedule
from routecost.records import dataclass
from routecost.units import ONE, ZERO, exact

_DOUBLINGS = 60
_HALVINGS = 90
_NEAR = Decimal("1e-6")


@dataclass(frozen=True)
class ScaledPlan:
    """Scheduled months, and the pieces of a day of their work."""

    months: Mapping[date, MonthSchedule]
    daily: Daily
    stage: SecondStage
    scenario: Scenario

    @classmethod
    def of(
        cls, scenario: Scenario, planned: Schedule, horizon: Horizon, months: Mapping[date, MonthSchedule]
    ) -> ScaledPlan:
        """Return the plan of a scenario."""
        stage = SecondStage.of_month_plan(scenario)
        priced = price_schedule(scenario, planned, horizon)

        @cache
        def daily(part: Part) -> Pieces:
            return stage.pieces(priced[part.work, part.priced_on][part.strategy][1])

        return cls(months, daily, stage, scenario)

    @exact
    def cost(self, month: date, scale: Decimal) -> Decimal:
        """Return what a month costs with its work, and that of the months before, times ``scale``."""

        @cache
        def daily(part: Part) -> Pieces:
            pieces = self.daily(part).items()
            return {name: money if name.is_fixed else money * scale for name, money in pieces}

        first = min(self.months)
        years, total = begun_years(self.scenario, first), ZERO
        carries = any(commitment.yearly for commitment in self.stage.commitments)
        for day, scheduled in sorted(self.months.items()):
            if day == month or (carries and day < month):
                total = billed(scheduled, daily, self.stage, years).total
        return total


@exact
def fitting_scale(cost: Callable[[Decimal], Decimal], spent: Decimal, wanted: Decimal) -> WorkScale | None:
    """Return the scale at which work costs ``spent``; of several, the one nearest to ``wanted``.

    If even no work costs more, it is the scales at which the work costs no more than that. None if work
    at no scale costs that much.
    """
    least = cost(ZERO)
    is_below = difference(least, spent) > 0
    aim = least if is_below else spent
    gap = cache(lambda scale: difference(cost(scale), aim))
    powers = (Decimal(2) ** power for power in range(_DOUBLINGS))
    top = next((power for power in powers if gap(power) > 0), None)
    if top is None:
        return None if gap(ONE) < 0 else WorkScale(wanted, ZERO, None, not is_below, wanted)
    at = _root(gap, top)
    low = high = at
    if gap(at) == 0:
        if gap(at * (1 - _NEAR)) == 0:
            low = ZERO if gap(ZERO) == 0 else _edge(lambda scale: gap(scale) < 0, ZERO, at)
        if gap(at * (1 + _NEAR) or _NEAR) == 0:
            high = _edge(lambda scale: gap(scale) <= 0, at, top)
    fits = not is_below and gap(at) == 0
    return WorkScale(min(max(wanted, low), high), low, high, fits, wanted)


def _root(gap: Callable[[Decimal], Decimal], top: Decimal) -> Decimal:
    """Return a zero of a gap, or the point at which it jumps past 0; the plan's own scale if that is one."""
    if gap(ONE) == 0:
        return ONE
    if gap(ZERO) == 0:
        return ZERO
    low, high = (ZERO, ONE) if gap(ONE) > 0 else (ONE, top)
    return narrowed(gap, Bracket(low, high, gap(low), gap(high)), Decimal("1e-40")).high


def _edge(is_before: Callable[[Decimal], bool], low: Decimal, high: Decimal) -> Decimal:
    """Return the point between two at which a statement, true at ``low``, becomes false."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_before(middle) else (low, middle)
    return low
