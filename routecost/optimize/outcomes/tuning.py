"""Constants of routing by estimates, chosen by cross-validation on the training queries.

The criterion is the quality that policies reach over all prices on the queries that they were not fitted to.
It is not the likelihood of estimates: that also rewards what all models have in common, which routes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np

from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.estimates import estimate, fit_estimators
from routecost.optimize.outcomes.statistics.folds import folds
from routecost.optimize.outcomes.statistics.metrics import mean_quality

RIDGES = (1000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
_FOLDS, _MOST_QUERIES, _PRICES = 3, 3000, 12

Sums = Callable[[float], tuple[float, float]]
"""The total cost and quality of a fold's queries at a price."""


@lru_cache(maxsize=1)  # two families in turn are fitted to the same outcomes
def chosen_ridge(train: Outcomes) -> float:
    """Return the ridge of ``RIDGES`` with which routing by estimates is best; of equal ones, the greatest."""
    parts = parts_of(train)

    def area(ridge: float) -> float:
        return area_of(train, [rest for _, rest in parts], [_routed(*part, ridge) for part in parts])

    return max(RIDGES, key=area) if parts else RIDGES[0]


def parts_of(train: Outcomes) -> list[tuple[Outcomes, Outcomes]]:
    """Return, for each fold, the queries to fit to and those to test on; of many queries, only some."""
    both = folds(len(train), _FOLDS, most=_MOST_QUERIES)
    return [(train.rows(inside), train.rows(outside)) for inside, outside in both]


def _routed(part: Outcomes, rest: Outcomes, ridge: float) -> Sums:
    estimators = fit_estimators(part, ridge)
    quality = np.column_stack([estimate(estimators[model], rest) for model in rest.models])
    order, costs, every = list(part.by_cost), part.cost.mean(axis=0), np.arange(len(rest))

    def sums(price: float) -> tuple[float, float]:
        at = np.array(order)[(quality - price * costs)[:, order].argmax(axis=1)]
        return float(rest.cost[every, at].sum()), float(rest.score[every, at].sum())

    return sums


def area_of(train: Outcomes, rests: Sequence[Outcomes], sums: Sequence[Sums]) -> float:
    """Return the mean quality of folds over all costs between those of the models, to nine digits."""
    cost, score = (np.concatenate([getattr(rest, of) for rest in rests]) for of in ("cost", "score"))
    ends = price_range(train.cost.mean(axis=0).tolist())
    if not ends or not np.ptp(cost.mean(axis=0)):
        return 0.0
    prices = (0.0, *np.geomspace(ends[0], ends[1], _PRICES).tolist())
    points: Floats = np.array([[of(price) for of in sums] for price in prices]).sum(axis=1) / len(cost)
    return round(mean_quality(points[:, 0], points[:, 1], cost.mean(axis=0), score.mean(axis=0)), 9)


def price_range(costs: Sequence[float]) -> tuple[float, ...]:
    """Return a price that hardly matters, and one at which no quality is worth the least of the costs."""
    distinct = sorted({*costs, 0.0})
    if distinct[-1] <= 0:
        return ()
    gaps = [high - low for low, high in pairwise(distinct) if high > low * (1 + 1e-4)]
    return 1e-4 / distinct[-1], 1 / min(gaps)
