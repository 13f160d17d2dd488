"""Routing by estimated quality: each query gets the model with the best estimate at a price."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from routecost.model.outcomes.policies import EstimatedRouting, Estimator
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.estimates import estimate, fit_estimators
from routecost.optimize.outcomes.hull import ROUNDING, Frontier, Indexes, by_cost, frontier
from routecost.optimize.outcomes.tuning import chosen_ridge
from routecost.records import dataclass

_TIE = 1e-9
"""The relative difference of prices up to which a query counts as tied at a price."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class EstimatedFrontier:
    """All routings by estimated quality in training data; ``steps`` has a row per query.

    The cost of a model is its mean in training, as in :class:`EstimatedRouting`. ``ends`` has the routings
    at which no query is tied: between them, all queries with one price step together. ``cost`` and
    ``quality`` are the means of each of these in training, as measured.
    """

    estimators: Mapping[str, Estimator]
    costs: Mapping[str, float]
    steps: Frontier
    ends: Indexes
    cost: Floats
    quality: Floats

    def __len__(self) -> int:
        """Return the number of routings without a random choice."""
        return len(self.ends)

    def routing(self, at: int, share: float = 0.0) -> EstimatedRouting:
        """Return routing ``at`` of ``ends``; a ``share`` of the queries tied next goes one step on."""
        price = self.steps.price
        end = self.ends[at]
        if share:
            return EstimatedRouting(self.estimators, self.costs, float(price[end]), 1 - share)
        if end == len(price):
            return EstimatedRouting(self.estimators, self.costs, 0.0)
        last = price[end - 1] if end else 2 * price[0]
        return EstimatedRouting(self.estimators, self.costs, float(price[end] + last) / 2)

    def within(self, budget: float) -> tuple[int, float] | None:
        """Return the routing, and the share of its next step, with the best mean score within a budget.

        That is in training, as measured. A random choice between tied queries spends the rest of the budget
        where that is better. None if every routing costs more.
        """
        kept = np.flatnonzero(self.cost <= budget * (1 + ROUNDING))
        points = [(float(self.quality[at]), -float(self.cost[at]), int(at), 0.0) for at in kept]
        crossed = _crossed(self.cost, self.quality, budget)
        points += [(quality, -budget, at, share) for at, share, quality in crossed]
        return max(points, key=lambda item: item[:2])[2:] if points else None

    def at_least(self, min_quality: float) -> tuple[int, float] | None:
        """Return the cheapest routing, as :meth:`within`, of those with at least this mean score."""
        kept = np.flatnonzero(self.quality >= min_quality - ROUNDING)
        points = [(float(self.cost[at]), int(at), 0.0) for at in kept]
        points += [(cost, at, share) for at, share, cost in _crossed(self.quality, self.cost, min_quality)]
        return min(points)[1:] if points else None


def _crossed(limited: Floats, other: Floats, limit: float) -> Iterator[tuple[int, float, float]]:
    """Yield the steps that cross a limit: the routing before, the share that steps on, the other value."""
    for at in np.flatnonzero((limited[1:] > limit) != (limited[:-1] > limit)):
        share = float((limit - limited[at]) / (limited[at + 1] - limited[at]))
        if 0 < share < 1:
            yield int(at), share, float(other[at] + share * (other[at + 1] - other[at]))


def estimated_frontier(train: Outcomes) -> EstimatedFrontier:
    """Fit an estimator per model and find every price at which a query changes its model.

    Raises ValueError if there is no query or a feature is not finite.
    """
    ordered = by_cost(train)
    fitted = fit_estimators(train, chosen_ridge(train))
    estimators = {name: fitted[name] for name in ordered.models}
    costs = dict(zip(ordered.models, ordered.cost.mean(axis=0).tolist(), strict=True))
    quality = _qualities(estimators, train)
    steps = frontier(np.tile(list(costs.values()), (len(train), 1)) / len(train), quality / len(train))
    changes = np.flatnonzero(-np.diff(steps.price) > 4 * _TIE * steps.price[:-1]) + 1
    ends = np.array((0, *changes.tolist(), len(steps.price)) if len(steps.price) else (0,))
    return EstimatedFrontier(
        estimators,
        costs,
        steps,
        ends,
        *(steps.sums(of)[ends] / len(train) for of in (ordered.cost, ordered.score)),
    )


def fit_estimated_routing(
    train: Outcomes, most: int = 100, *, budget: float | None = None, min_quality: float | None = None
) -> list[EstimatedRouting]:
    """Return routings without a random choice, cheapest first: all, or ``most`` of them, evenly spaced.

    Estimated quality and cost in training rise along the list. With neither features nor categories all
    queries are alike, and the list is that of the single models on the hull. The best routing of each limit,
    by cost and scores in training, is added.
    """
    whole = estimated_frontier(train)
    kept = {(round(end), 0.0) for end in np.linspace(0, len(whole) - 1, min(most, len(whole)))}
    if budget is not None:
        kept.add(whole.within(budget) or (0, 0.0))
    if min_quality is not None:
        kept.add(whole.at_least(min_quality) or (0, 0.0))
    return [whole.routing(*place) for place in sorted(kept)]


def shares(
    policy: EstimatedRouting, outcomes: Outcomes, known: dict[object, tuple[object, Any]] | None = None
) -> Floats:
    """Return the share (queries x models) that each model answers of each query.

    At a price where two models are equally good for a query, the cheaper one has the share of the policy.
    ``known`` keeps the estimates on these outcomes, by the identity of the estimators. Raises ValueError
    for a model or a feature that the outcomes lack.
    """
    names = sorted(policy.costs, key=lambda name: (policy.costs[name], name))
    known = {} if known is None else known
    if id(policy.estimators) not in known:
        estimated = _qualities({name: policy.estimators[name] for name in names}, outcomes)
        known[id(policy.estimators)] = (policy.estimators, estimated)
    _, quality = known[id(policy.estimators)]
    cost = np.array([policy.costs[name] for name in names])
    every = np.arange(len(outcomes))
    answered = np.zeros((len(outcomes), len(outcomes.models)))
    columns = np.array([outcomes.models.index(name) for name in names])
    for price, share in (
        (policy.price * (1 + _TIE), policy.share),
        (policy.price * (1 - _TIE), 1 - policy.share),
    ):
        answered[every, columns[(quality - price * cost).argmax(axis=1)]] += share
    return answered


def _qualities(estimators: Mapping[str, Estimator], outcomes: Outcomes) -> Floats:
    return np.column_stack([estimate(estimator, outcomes) for estimator in estimators.values()])
