"""How likely a budget is exceeded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from routecost.engine.uncertain.courses import Running
from routecost.engine.uncertain.numbers import Floats, Mask
from routecost.engine.uncertain.vectors import Sum, Vectors
from routecost.model.outlook import BudgetOdds
from routecost.model.scenario import Budget, Period, Scenario
from routecost.model.uncertain import as_decimal
from routecost.units import MONTHS_PER_YEAR


def odds(
    budget: Budget, scenario: Scenario, months: Sequence[Sum], vectors: Vectors, runs: int
) -> BudgetOdds:
    """Return the shares of the paths that exceed a budget, which counts as in the projection itself."""
    in_a_month = float(scenario.days_per(Period.MONTH) / scenario.days_per(budget.per))
    amount = float(budget.amount)
    ever: Mask = np.zeros(runs, dtype=np.bool_)
    found = []
    for spent in _spent(budget.per, months, vectors, runs):
        limit = amount if budget.per is Period.YEAR else amount * in_a_month
        over = spent > limit
        ever |= over
        found.append(as_decimal(float(over.mean())))
    total = vectors.values(sum(months, Sum()), runs) > amount * in_a_month * len(months)
    return BudgetOdds(
        budget.strategy, tuple(found), as_decimal(float(ever.mean())), as_decimal(float(total.mean()))
    )


def _spent(per: Period, months: Sequence[Sum], vectors: Vectors, runs: int) -> Iterator[Floats]:
    """Yield what counts against the budget: a month's cost, or the cost so far of its year."""
    running = Running(vectors, runs)
    for at, month in enumerate(months):
        if per is not Period.YEAR:
            yield vectors.values(month, runs)
            continue
        if at % MONTHS_PER_YEAR == 0:
            running = Running(vectors, runs)
        running.add(month)
        yield running.values
