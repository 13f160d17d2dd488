"""The oracle: the best that any routing could do that knows the score of every answer in advance."""

from __future__ import annotations

import numpy as np

from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.execute import Execution, Result
from routecost.optimize.outcomes.hull import ROUNDING, BudgetError, Frontier, by_cost, frontier
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Regret:
    """What a policy lacks to the oracle.

    ``quality`` is the oracle's mean score minus the policy's; ``quality_at_cost`` the same for the oracle
    that may spend as much as the policy. It is None if even the cheapest models cost more than that.
    """

    quality: float
    quality_at_cost: float | None


def oracle(outcomes: Outcomes) -> Execution:
    """Return the execution that takes for each query the answer with the best score, of these the cheapest.

    Of equal ones it takes the model with the lowest mean cost. Raises ValueError if there is no query.
    """
    order = by_cost(outcomes)
    best = order.score == order.score.max(axis=1, keepdims=True)
    chosen = np.where(best, order.cost, np.inf).argmin(axis=1)
    every = np.arange(len(outcomes))
    calls = np.zeros_like(outcomes.score)
    calls[every, np.array(outcomes.by_cost)[chosen]] = 1
    return Execution(order.score[every, chosen], order.cost[every, chosen], calls, calls)


def oracle_frontier(outcomes: Outcomes) -> Frontier:
    """Return the frontier of the oracle with a budget; its cost and quality are means over the queries.

    Its last routing is that of :func:`oracle`; RouteLLM (arXiv:2406.18665) calls it the optimal router.
    Raises ValueError if there is no query.
    """
    order = by_cost(outcomes)
    return frontier(order.cost / len(outcomes), order.score / len(outcomes))


def regret(
    execution: Result, outcomes: Outcomes, curve: Frontier | None = None, best: Result | None = None
) -> Regret:
    """Return the regret of a policy that was executed on these outcomes.

    ``curve`` is their oracle frontier and ``best`` their :func:`oracle`, if these are known already.
    """
    curve = curve or oracle_frontier(outcomes)
    try:
        at, share = curve.within(execution.cost_per_query)
    except BudgetError:
        at_cost = None
    else:
        gain = curve.quality[at + 1] - curve.quality[at] if share else 0.0
        at_cost = _gap(float(curve.quality[at] + share * gain) - execution.quality)
    best = best or oracle(outcomes)
    return Regret(_gap(best.quality - execution.quality), at_cost)


def _gap(value: float) -> float:
    """Return a difference of qualities, without what is only rounding."""
    return 0.0 if abs(value) < ROUNDING else value
