"""Savings over months between the best and the worst case of what subscriptions serve."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from routecost.engine.pricing.subscriptions.payers import has_range
from routecost.model.results.failures import Between, widest
from routecost.model.results.verdicts.worst_of import worst_of
from routecost.units import exact

if TYPE_CHECKING:
    from routecost.model.results.projection import Projection, TotalSavings
    from routecost.model.scenario.scenario import Scenario


@exact
def bounded(scenario: Scenario, usual: Projection, worst: Projection) -> TotalSavings | None:
    """Return the savings with their bounds, over all combinations of the cases of both strategies."""
    savings, hard = usual.savings, worst.savings
    if savings is None or hard is None or savings.strategy == savings.against:
        return savings
    names = savings.strategy, savings.against
    if not any(has_range(scenario, name) for name in names):
        return savings
    spent = [[case[name].total for case in (usual, worst)] for name in names]
    amounts = [Between.exactly(than - own) for own, than in product(*spent)]
    span = widest(amounts)
    if span.known is not None:
        return savings
    total = None
    if savings.with_failures is not None and hard.with_failures is not None:
        failures = [
            case.with_failures.plus(Between.exactly(-case.amount))
            for case in (savings, hard)
            if case.with_failures is not None
        ]
        total = widest(amount.plus(more) for amount, more in product(amounts, failures))
    by = worst_of(repeats=usual.worst_of.is_joint, subscribes=True)
    return replace(savings, span=span, total_span=total, worst_of=by)
