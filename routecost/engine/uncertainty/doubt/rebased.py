"""Bands of a forecast that is re-based on actual spend.

Each simulated run is re-based as the plan is: its work is scaled so that its months with actuals cost what
was spent, and the other months cost their scaled work, with all terms on totals. What the spend says about
the level of the work is thus known in every run; what remains is how the other months differ from these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, reduce

import numpy as np

from routecost.engine.pricing.pieces import Pieces
from routecost.engine.pricing.settlement import SecondStage
from routecost.engine.projection.month_bills import equal_days, summed
from routecost.engine.uncertainty.budget_risk import budget_risk
from routecost.engine.uncertainty.linear_combination import LinearCombination
from routecost.engine.uncertainty.monthly_costs import ARRAYS, Costs, acting_month, values_of, years_of
from routecost.engine.uncertainty.path_vectors import Floats, Mask
from routecost.engine.uncertainty.percentile_bands import BandCalculator
from routecost.model.results.actuals import PlanVsActual
from routecost.model.results.outlook import RebasedOutlook
from routecost.model.scenario.schedule import MonthSchedule
from routecost.records import dataclass

_DOUBLINGS = 60
_HALVINGS = 60
_NEAR = 1e-12


def rebased_outlook(costs: Costs, actuals: PlanVsActual) -> RebasedOutlook | None:
    """Return the bands of the months without actuals; None if some run cannot cost what was spent."""
    months = [costs.planned.rows[month.strategy][at] for at, month in enumerate(actuals.months)]
    actual = [None if month.variance is None else month.variance.actual for month in actuals.months]
    known = [at for at, spend in enumerate(actual) if spend is not None]
    spent = float(sum(spend for spend in actual if spend is not None))
    if actuals.scale is None:
        return None
    if SecondStage.of_month_plan(costs.scenario).is_empty:
        row = _proportional(costs, months, known, spent)
    else:
        row = _with_terms(_Months(costs, months), known, spent, float(actuals.scale.wanted))
    if row is None:
        return None
    row = [
        one if spend is None else LinearCombination(float(spend))
        for one, spend in zip(row, actual, strict=True)
    ]
    bands = BandCalculator(costs.space).bands_of(row)
    tracking = actuals.budget
    has_risk = tracking is not None and not tracking.budget.counts_failures
    risk = budget_risk(costs, tracking, row, bands.total) if tracking and has_risk else None
    return RebasedOutlook(
        tuple(band if at not in known else None for at, band in enumerate(bands.months)),
        tuple(band if at > known[0] else None for at, band in enumerate(bands.cumulative)),
        risk,
    )


def _proportional(
    costs: Costs, months: Sequence[MonthSchedule], known: Sequence[int], spent: float
) -> list[LinearCombination] | None:
    """Return the costs of months times the spend over the planned cost of the known ones, on each path."""
    space, row = costs.space, costs.of_months(months)
    planned = reduce(space.added, [row[at] for at in known])
    if space.values(planned).min() <= 0:
        return None
    scale = space.divided(LinearCombination(spent), planned)
    return [space.multiplied(month, scale) for month in row]


def _with_terms(
    months: _Months, known: Sequence[int], spent: float, wanted: float
) -> list[LinearCombination] | None:
    def cost(scale: Floats) -> Floats:
        total: Floats = sum(months.totals(scale, known), np.zeros_like(scale))
        return total

    scale = _fitting_scale(cost, spent, wanted, months.costs.space.paths)
    if scale is None:
        return None
    return [months.costs.space.vector(total) for total in months.totals(scale, range(len(months.scheduled)))]


def _fitting_scale(
    cost: Callable[[Floats], Floats], spent: float, wanted: float, paths: int
) -> Floats | None:
    """Return the scale of the work as :mod:`routecost.engine.actuals.work_scale` does, on each path."""
    zero, top = np.zeros(paths), np.ones(paths)
    aim = np.maximum(cost(zero), spent)
    for _ in range(_DOUBLINGS):
        short = cost(top) <= aim * (1 + _NEAR)
        if not short.any():
            break
        top = np.where(short, 2 * top, top)
    else:
        return None
    low = _edge(lambda scale: cost(scale) < aim * (1 - _NEAR), zero, top)
    high = _edge(lambda scale: cost(scale) <= aim * (1 + _NEAR), zero, top)
    scale: Floats = np.clip(wanted, low, np.maximum(low, high))
    return scale


def _edge(is_before: Callable[[Floats], Mask], low: Floats, high: Floats) -> Floats:
    """Return the point between two, on each path, at which a statement becomes false."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        before = is_before(middle)
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return high


@dataclass(frozen=True)
class _Months:
    """Months whose work is scaled, on each path, before the terms on totals."""

    costs: Costs
    scheduled: Sequence[MonthSchedule]

    @cached_property
    def _stage(self) -> SecondStage:
        return SecondStage.of_month_plan(self.costs.scenario)

    @cached_property
    def _pieces(self) -> list[tuple[Pieces, list[tuple[int, Pieces]]]]:
        """The pieces of each month, and of one day of each stretch of equal days."""
        space, daily, pieces = self.costs.space, self.costs.daily, []
        for month in self.scheduled:
            acting = acting_month(month, self.costs.by_key)
            days = equal_days(acting, daily) if self._stage.has_daily else ()
            stretches = [(count, values_of(day, space)) for count, day in days]
            pieces.append((values_of(summed(acting, daily), space), stretches))
        return pieces

    def totals(self, scale: Floats, chosen: Sequence[int]) -> Iterator[Floats]:
        """Yield the total of the chosen months, whose work and that of months before is scaled."""
        carries = any(commitment.yearly for commitment in self._stage.commitments)
        carries = carries or bool(self._stage.subscriptions)
        years = years_of(self.costs.scenario, self.scheduled[0].month)
        for at, month in enumerate(self.scheduled[: max(chosen) + 1]):
            if at not in chosen and not carries:
                continue
            whole, stretches = self._pieces[at]
            years.month = month.month
            commitments = [one for one in self._stage.commitments if one.holds(month.month)]
            days, counted = float(month.days), float(month.counted)
            changes = [
                self._stage.days(_scaled(day, scale), days * count, counted, ARRAYS)
                for count, day in stretches
            ]
            bill = self._stage.month(_scaled(whole, scale), changes, commitments, ARRAYS, years)
            if at in chosen:
                yield bill.total


def _scaled(pieces: Pieces, scale: Floats) -> Pieces:
    return {piece: money if piece.is_fixed else money * scale for piece, money in pieces.items()}
