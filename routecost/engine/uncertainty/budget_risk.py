"""Probability of exceeding a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from routecost.engine.projection.budget_tracking import counted
from routecost.engine.uncertainty.linear_combination import LinearCombination
from routecost.engine.uncertainty.monthly_costs import Costs
from routecost.engine.uncertainty.path_number import PathNumber, acting
from routecost.engine.uncertainty.path_vectors import Mask
from routecost.engine.uncertainty.run_on_paths import Number
from routecost.model.results.outlook import BudgetRisk, BudgetTracking
from routecost.units import ZERO


def budget_risk(
    costs: Costs, tracking: BudgetTracking, row: Sequence[LinearCombination], total: LinearCombination
) -> BudgetRisk:
    """Return the shares of the runs that exceed a budget, counted as in the projection itself.

    ``row`` has the monthly costs of the budget's strategy, ``total`` their sum.
    """
    space = costs.space
    ever: Mask = np.zeros(space.paths, dtype=np.bool_)
    exceeded = []
    for spent, month in zip(_spent(costs, tracking, row), tracking.months, strict=True):
        over = space.above(spent, float(month.amount))
        ever |= over
        exceeded.append(_share(over))
    over_all = space.above(total, float(tracking.allowed))
    return BudgetRisk(tracking.budget.strategy, tuple(exceeded), _share(ever), _share(over_all))


def _share(over: Mask) -> Decimal:
    return Decimal(int(np.count_nonzero(over))) / len(over)


def _spent(
    costs: Costs, tracking: BudgetTracking, row: Sequence[LinearCombination]
) -> Iterator[LinearCombination]:
    """Yield the spend counted against the budget in each month."""
    budget, space = tracking.budget, costs.space
    months = costs.planned.rows[budget.strategy]
    counts: Iterator[Number] = counted(
        budget.per,
        [acting(PathNumber(space, month)) for month in row],
        months,
        tracking.year_starts,
        tracking.before or ZERO,
    )
    for spent in counts:
        yield spent.sum if isinstance(spent, PathNumber) else LinearCombination(float(spent))
