"""Variance of a month's cost from its plan, in parts: volume, mix, tokens and price.

A month costs tasks x calls per task (by tier) x units per call (by tier and meter) x price per unit.
Each factor that the actuals state is a cause of the variance, and gets its Shapley value (see
:mod:`routecost.engine.numeric.shapley`); other factors are joined with a neighbour.
"""

from __future__ import annotations

from dataclasses import field
from decimal import Decimal
from fractions import Fraction

from routecost.engine.actuals.known_usage import KnownUsage, known_usage
from routecost.engine.actuals.planned_usage import NOTHING, PlannedMonth
from routecost.engine.actuals.usage_matching import WHOLE, Cells, Counts
from routecost.engine.numeric.cost_levels import Rates, blended_cost, depth, per
from routecost.engine.numeric.shapley import as_decimals, shapley
from routecost.model.results.actuals import ActualMonth, Factor, Grain, PriceVolumeMix, VariancePart
from routecost.records import dataclass

_ORDER = list(Factor)


@dataclass(frozen=True, slots=True)
class _Level:
    """A factor of the cost (or several together), planned and actual."""

    factors: tuple[Factor, ...]
    planned: Rates
    actual: Rates


@dataclass(slots=True)
class _Chain:
    """The levels so far, and the counts at the last one, planned and actual."""

    levels: list[_Level] = field(default_factory=list)
    waiting: tuple[Factor, ...] = ()
    planned: Counts = field(default_factory=lambda: {WHOLE: Fraction(1)})
    actual: Counts = field(default_factory=lambda: {WHOLE: Fraction(1)})

    def count(self, factor: Factor, planned: Counts, actual: Counts | None) -> None:
        """Add a level; if the actual counts are unknown, its factor is joined with the next one."""
        self.waiting = (*self.waiting, factor)
        if actual is None:
            return
        cells = {**planned, **actual}
        self.close(per(planned, self.planned, cells), per(actual, self.actual, cells))
        self.planned, self.actual = planned, actual

    def close(self, planned: Rates, actual: Rates) -> None:
        """Add the rates of all factors that are not yet in a level."""
        factors = tuple(sorted(self.waiting, key=_ORDER.index))
        self.levels.append(_Level(factors, planned, actual))
        self.waiting = ()


def split_gap(planned: PlannedMonth, actual: ActualMonth, gap: Decimal) -> PriceVolumeMix:
    """Return the parts of a month's variance, actual - planned, which sum to it exactly.

    Raises UnpricedError for unplanned usage without a price.
    """
    cells = Cells(planned, actual)
    known = known_usage(cells)
    if known.is_nothing or planned.is_idle:
        return PriceVolumeMix((VariancePart((Factor.UNEXPLAINED,), gap),), known.missing)
    levels = _levels(cells, known)
    shares = shapley(range(len(levels)), lambda come: blended_cost(levels, come))
    factors, amounts = [level.factors for level in levels], list(shares.values())
    if all(Factor.UNEXPLAINED not in together for together in factors):
        factors.append((Factor.UNEXPLAINED,))
        amounts.append(NOTHING)
    # the rest: what was not priced by usage, or all spend if there are calls without tasks
    rest = next(at for at, together in enumerate(factors) if Factor.UNEXPLAINED in together)
    amounts[rest] += Fraction(gap) - sum(amounts, NOTHING)
    return PriceVolumeMix(tuple(map(VariancePart, factors, as_decimals(amounts, gap))), known.missing)


def _levels(cells: Cells, known: KnownUsage) -> list[_Level]:
    chain = _Chain()
    is_split = cells.actual.grain is not Grain.MONTH
    chain.count(Factor.VOLUME, {WHOLE: cells.planned.tasks}, known.tasks)
    if is_split:
        chain.count(Factor.MIX, cells.planned_calls(), known.calls)
    chain.count(Factor.TOKENS, cells.planned_units(), known.units)
    chain.waiting += (Factor.PRICE,) if is_split else (Factor.MIX, Factor.PRICE)
    _price(chain, cells, known)
    return chain.levels


def _price(chain: _Chain, cells: Cells, known: KnownUsage) -> None:
    """Add the level of prices: the planned ones, and those that make the usage cost what was paid.

    Without the spend of each tier, all prices are scaled by the same factor, that of the whole month;
    items on the invoice other than usage are then counted as prices.
    """
    planned = per(_costs(cells, known), chain.planned, {**chain.planned, **chain.actual})
    if known.units is not None:
        planned |= cells.sheet_prices()
    paid = {WHOLE: Fraction(cells.actual.spend)} if known.spends is None else known.spends
    if not depth(chain.actual):
        paid = {WHOLE: sum(paid.values(), NOTHING)}
    actual = _paid_rates(planned, chain.actual, paid)
    if known.spends is None and any(rate is not None for rate in actual.values()):
        chain.waiting += (Factor.UNEXPLAINED,)
    chain.close(planned, actual)


def _costs(cells: Cells, known: KnownUsage) -> Counts:
    """Return the planned cost by the cells of the last known level."""
    if known.units is not None:
        return cells.planned_leaf_costs()
    return {WHOLE: cells.planned.cost} if known.calls is None else cells.planned_costs()


def _paid_rates(planned: Rates, units: Counts, paid: Counts) -> Rates:
    """Return the rates at which the units of each group cost what was paid for it.

    Rates within a group keep their proportions. None if nothing with a price was used.
    """
    prefix = depth(paid)
    worth: Counts = {}
    for leaf, count in units.items():
        group = leaf[:prefix]
        worth[group] = worth.get(group, NOTHING) + count * (planned.get(leaf) or NOTHING)
    return {
        leaf: _paid_rate(
            planned.get(leaf), units.get(leaf), paid.get(leaf[:prefix]), worth.get(leaf[:prefix])
        )
        for leaf in {**planned, **units}
    }


def _paid_rate(
    planned: Fraction | None, count: Fraction | None, paid: Fraction | None, worth: Fraction | None
) -> Fraction | None:
    if paid is None:
        return None
    if worth:
        return None if planned is None else planned * paid / worth
    return paid / count if planned is None and count else None
