"""Upper concave hulls of (cost, quality), merged over rows: exact frontiers of routing.

A row is whatever gets one model: all queries, a category, or a query. The best routing at a price (lambda,
quality per unit of cost) takes in each row the model with the greatest quality - price x cost
(arXiv:2410.10347). As the price falls, rows step along their hulls; the steps of all rows in order of
falling price are the frontier, which is that of the linear program over shares of rows x models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from routecost.model.outcomes.policies import Mixture
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.records import dataclass

Indexes = NDArray[np.intp]


ROUNDING = 1e-12
"""The relative error of a mean cost."""


class BudgetError(ValueError):
    """Even the cheapest policy costs more than the budget; the message has both."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Frontier:
    """The best routings of rows, from the cheapest to the best.

    Routing 0 is ``start`` (the model of each row); routing ``k`` has the first ``k`` steps done. Step ``k``
    moves ``row[k]`` from ``before[k]`` to ``after[k]`` (model indexes) at ``price[k]``, its gain of quality
    by cost; prices fall. ``cost`` and ``quality`` (steps + 1) are the sums over rows of each routing.
    """

    start: Indexes
    row: Indexes
    before: Indexes
    after: Indexes
    price: Floats
    cost: Floats
    quality: Floats

    def __len__(self) -> int:
        """Return the number of routings."""
        return len(self.cost)

    def models(self, at: int) -> Indexes:
        """Return the model of each row in a routing."""
        models = self.start.copy()
        models[self.row[:at]] = self.after[:at]  # of the steps of a row, the last counts
        return models

    def sums(self, values: Floats) -> Floats:
        """Return the sum of values (rows x models) of each routing."""
        first = values[np.arange(len(values)), self.start].sum()
        gains = values[self.row, self.after] - values[self.row, self.before]
        return np.cumsum(np.concatenate([[first], gains]))

    def within(self, budget: float) -> tuple[int, float]:
        """Return the routing that a budget pays for, and the share of the next step that the rest pays for.

        Raises BudgetError if the budget is less than the cost of the cheapest routing.
        """
        if budget < self.cost[0] * (1 - ROUNDING):
            raise BudgetError(f"the cheapest policy costs {self.cost[0]:.6g}; the budget is {budget:.6g}")
        budget = max(budget, float(self.cost[0]))
        at = int(np.searchsorted(self.cost, budget, side="right")) - 1
        if at == len(self.price):
            return at, 0.0
        return at, float((budget - self.cost[at]) / (self.cost[at + 1] - self.cost[at]))

    def thinned(self, most: int) -> list[int]:
        """Return at most this many routings, the ends included, evenly spaced along the steps."""
        return sorted({round(at) for at in np.linspace(0, len(self) - 1, min(most, len(self)))})


def frontier(cost: Floats, quality: Floats) -> Frontier:
    """Return the frontier of rows x models; both arguments have that shape and are sums or shares of sums.

    Of models with equal cost and quality in a row, the first counts. O(rows x models^2).
    """
    rows = np.arange(len(cost))
    start = _cheapest(cost, quality)
    at, price = start, np.full(len(cost), np.inf)
    steps: list[tuple[Indexes, Indexes, Indexes, Floats]] = []
    while rows.size:
        after, slope = _steepest(cost[rows], quality[rows], at)
        up = slope > 0
        rows, at, after = rows[up], at[up], after[up]
        price = np.minimum(slope[up], price[up])  # rounding must not make a hull convex
        steps.append((rows, at, after, price))
        at = after
    row, before, after = (np.concatenate([step[part] for step in steps] or [rows]) for part in range(3))
    prices = np.concatenate([step[3] for step in steps] or [price])
    order = np.lexsort((row, np.repeat(np.arange(len(steps)), [len(step[0]) for step in steps]), -prices))
    steps_of = Frontier(
        start, row[order], before[order], after[order], prices[order], np.empty(0), np.empty(0)
    )
    return replace(steps_of, cost=steps_of.sums(cost), quality=steps_of.sums(quality))


def _cheapest(cost: Floats, quality: Floats) -> Indexes:
    """Return the cheapest model of each row; of equally cheap ones, the best."""
    cheapest = cost == cost.min(axis=1, keepdims=True)
    start: Indexes = np.where(cheapest, quality, -np.inf).argmax(axis=1)
    return start


def _steepest(cost: Floats, quality: Floats, at: Indexes) -> tuple[Indexes, Floats]:
    """Return the next vertex of each row's hull, and the slope to it (0 if there is none)."""
    every = np.arange(len(cost))
    more = cost - cost[every, at][:, None]
    better = quality - quality[every, at][:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where((more > 0) & (better > 0), better / more, 0.0)
    steepest = slope.max(axis=1)
    farthest: Indexes = np.where(slope == steepest[:, None], cost, -np.inf).argmax(axis=1)
    return farthest, steepest


def fit_mixtures(train: Outcomes, steps: int = 10) -> list[Mixture]:
    """Return single models and mixtures on the upper concave hull, cheapest first.

    ``steps`` - 1 mixtures, evenly spaced in cost, lie between neighbouring vertices; 1 gives single models
    only. Without a signal by query, no policy is better than these. Raises ValueError if there is no query.
    """
    hull, names = _hull(train)
    mixtures = []
    for at in range(len(hull)):
        shares = np.arange(steps) / steps if at < len(hull) - 1 else [0.0]
        mixtures += [_mixture(hull, names, at, float(share)) for share in shares]
    return mixtures


def mixture_within(train: Outcomes, budget: float) -> Mixture:
    """Return the best mixture with a mean cost of at most ``budget``, in currency per query.

    Raises BudgetError if no model is that cheap.
    """
    hull, names = _hull(train)
    return _mixture(hull, names, *hull.within(budget))


def fit_single_models(train: Outcomes) -> list[Mixture]:
    """Return the models that no other one equals in quality at a lower cost, cheapest first.

    Some may be under the hull: a mixture is better, but it is no single model.
    """
    kept, best = [], -np.inf
    for at in train.by_cost:
        quality = train.score[:, at].mean()
        if quality > best:
            kept.append(Mixture({train.models[at]: 1.0}))
            best = quality
    return kept


def _hull(train: Outcomes) -> tuple[Frontier, tuple[str, ...]]:
    ordered = by_cost(train)
    means = [values.mean(axis=0)[None, :] for values in (ordered.cost, ordered.score)]
    return frontier(*means), ordered.models


def _mixture(hull: Frontier, names: tuple[str, ...], at: int, share: float) -> Mixture:
    model = names[int(hull.models(at)[0])]
    return Mixture(shares(model, names[int(hull.after[at])] if share else model, share))


def shares(before: str, after: str, share: float) -> Mapping[str, float]:
    """Return shares of two models, of which the second has ``share``; of one model if that is 0."""
    return {before: 1 - share, after: share} if share else {before: 1.0}


def by_cost(outcomes: Outcomes) -> Outcomes:
    """Return the outcomes with models in order of mean cost, so that their given order changes nothing."""
    if not len(outcomes):
        raise ValueError("there is no query to learn from")
    return outcomes.of_models([outcomes.models[at] for at in outcomes.by_cost])
