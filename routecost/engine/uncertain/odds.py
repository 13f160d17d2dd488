"""How likely a budget is exceeded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import reduce

import numpy as np

from routecost.engine.budgets import counted
from routecost.engine.uncertain.monthly import Costs, Rows
from routecost.engine.uncertain.numbers import Mask, PathNumber, acting
from routecost.engine.uncertain.space import Floats, Sum
from routecost.engine.uncertain.twin import Number
from routecost.model.outlook import BudgetOdds
from routecost.model.projection import BudgetCourse, Projection
from routecost.model.uncertain import as_decimal


def odds(costs: Costs, projection: Projection, rows: Rows) -> BudgetOdds | None:
    """Return the shares of the paths that exceed a budget, which counts as in the projection itself."""
    course = projection.budget
    if course is None:
        return None
    row, space = rows[course.budget.strategy], costs.space
    ever: Mask = np.zeros(space.paths, dtype=np.bool_)
    found = []
    for spent, month in zip(_spent(costs, course, row), course.months, strict=True):
        over = spent > float(month.amount)
        ever |= over
        found.append(_share(over))
    total = space.values(reduce(space.added, row)) > float(course.allowed)
    return BudgetOdds(course.budget.strategy, tuple(found), _share(ever), _share(total))


def _share(over: Mask) -> Decimal:
    return as_decimal(float(over.mean()))


def _spent(costs: Costs, course: BudgetCourse, row: Sequence[Sum]) -> Iterator[Floats]:
    """Yield what counts against the budget in each month."""
    budget, space = course.budget, costs.space
    months = costs.planned.rows[budget.strategy]
    counts: Iterator[Number] = counted(
        budget.per, [acting(PathNumber(space, month)) for month in row], months, course.year_starts
    )
    for spent in counts:
        yield spent.values if isinstance(spent, PathNumber) else np.full(space.paths, float(spent))
