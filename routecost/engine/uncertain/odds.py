"""How likely a budget is exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import reduce

import numpy as np

from routecost.engine.budgets import counted
from routecost.engine.uncertain.monthly import Rows
from routecost.engine.uncertain.numbers import Mask, PathNumber, acting
from routecost.engine.uncertain.space import Floats, Space
from routecost.engine.uncertain.twin import Number
from routecost.engine.volumes import schedule
from routecost.model.outlook import BudgetOdds
from routecost.model.projection import BudgetCourse, Projection
from routecost.model.scenario import Scenario
from routecost.model.uncertain import as_decimal


def odds(scenario: Scenario, projection: Projection, rows: Rows, space: Space) -> BudgetOdds | None:
    """Return the shares of the paths that exceed a budget, which counts as in the projection itself."""
    course = projection.budget
    if course is None:
        return None
    ever: Mask = np.zeros(space.paths, dtype=np.bool_)
    found = []
    for spent, month in zip(_spent(scenario, projection, course, rows, space), course.months, strict=True):
        over = spent > float(month.amount)
        ever |= over
        found.append(_share(over))
    allowed = float(sum(month.allowance for month in course.months))
    total = space.values(reduce(space.added, rows[course.budget.strategy])) > allowed
    return BudgetOdds(course.budget.strategy, tuple(found), _share(ever), _share(total))


def _share(over: Mask) -> Decimal:
    return as_decimal(float(over.mean()))


def _spent(
    scenario: Scenario, projection: Projection, course: BudgetCourse, rows: Rows, space: Space
) -> Iterator[Floats]:
    """Yield what counts against the budget in each month."""
    name, budget = course.budget.strategy, course.budget
    months = schedule(scenario, projection.horizon).rows[name]
    costs = [acting(PathNumber(space, month)) for month in rows[name]]
    counts: Iterator[Number] = counted(budget.per, costs, months, course.year_starts)
    for spent in counts:
        yield spent.values if isinstance(spent, PathNumber) else np.full(space.paths, float(spent))
