"""How likely a budget is exceeded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import accumulate

import numpy as np

from routecost.engine.uncertain.numbers import Mask
from routecost.engine.uncertain.space import Space, Sum
from routecost.model.outlook import BudgetOdds
from routecost.model.scenario import Budget, Period, Scenario
from routecost.model.uncertain import as_decimal
from routecost.units import MONTHS_PER_YEAR


def odds(budget: Budget, scenario: Scenario, months: Sequence[Sum], space: Space) -> BudgetOdds:
    """Return the shares of the paths that exceed a budget, which counts as in the projection itself."""
    in_a_month = float(scenario.days_per(Period.MONTH) / scenario.days_per(budget.per))
    amount = float(budget.amount)
    limit = amount if budget.per is Period.YEAR else amount * in_a_month
    ever: Mask = np.zeros(space.paths, dtype=np.bool_)
    found = []
    for spent in _spent(budget.per, months, space):
        over = space.values(spent) > limit
        ever |= over
        found.append(as_decimal(float(over.mean())))
    total = space.values(reduce(space.added, months)) > amount * in_a_month * len(months)
    return BudgetOdds(
        budget.strategy, tuple(found), as_decimal(float(ever.mean())), as_decimal(float(total.mean()))
    )


def _spent(per: Period, months: Sequence[Sum], space: Space) -> Iterator[Sum]:
    """Yield what counts against the budget: a month's cost, or the cost so far of its year."""
    if per is not Period.YEAR:
        yield from months
        return
    for first in range(0, len(months), MONTHS_PER_YEAR):
        yield from accumulate(months[first : first + MONTHS_PER_YEAR], space.added)
