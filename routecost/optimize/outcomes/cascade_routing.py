"""Cascade routing (Dekoninck, Baader and Vechev, arXiv:2410.10347): after each call, decide again.

The candidates are the sets of models that contain those which have run. The value of a set is its expected
best quality - price x its costs. With e the greatest quality among models, expected best quality is

    (1 - independence) x max(e) + independence x (1 - product(1 - e))

where a model that has not run counts with its estimate and, of those that have run, the one with the
greatest probability counts. 1 - product(1 - e) is the expected maximum of independent right-or-wrong
answers; answers of models agree far more than that (on MMLU and TriviaQA, independence 0 is best out of
sample by 1 to 3 points of area under the curve), so that 0 is the default.

What a call reveals of the query changes the estimates of the other models: in log odds, by ``carry`` x the
mean difference of the probabilities and the estimates of the models that have run.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from routecost.engine.numeric.pareto_frontier import frontier
from routecost.model.outcomes.policies import CascadeRouting
from routecost.optimize.outcomes.calibration import (
    calibrations,
    confidence_of,
    logistic,
    probability,
    sigmoid,
)
from routecost.optimize.outcomes.data import Floats, Mask, Outcomes
from routecost.optimize.outcomes.estimates import RIDGE, estimate, fit_estimator

_TIE = 1e-12
_SMALL = 1e-4
"""Probabilities closer than this to 0 or 1 count as this close in log odds."""


def fit_cascade_routing(
    train: Outcomes,
    most_calls: int = 3,
    *,
    transform: str = "identity",
    independence: float = 0.0,
    ridge: float = RIDGE,
    most: int = 60,
) -> list[CascadeRouting]:
    """Return policies at up to ``most`` prices that none of them beats in training, cheapest first.

    Prices are bisected where the mean cost changes most. A model whose confidence is of no use keeps its
    estimate after its call. Raises ValueError if there is no query, for fewer than one call, and for features
    that are not finite.
    """
    if most_calls < 1:
        raise ValueError(f"a policy of {most_calls} calls; it needs at least 1")
    estimators = {model: fit_estimator(train, at, ridge) for at, model in enumerate(train.models)}
    costs = dict(zip(train.models, np.ascontiguousarray(train.cost).mean(axis=0).tolist(), strict=True))
    useful = calibrations(train, transform)
    policy = CascadeRouting(estimators, useful, costs, 0.0, most_calls, {}, independence)
    policy = _at_price(policy, 0.0, _fit_carry(policy, train))
    state = _Queries(policy, train)
    runs = {price: _means(state, train, price) for price in (0.0, *_price_range(list(costs.values())))}
    while len(runs) < most and (price := _next_price(runs)) is not None:
        runs[price] = _means(state, train, price)
    prices = sorted(runs, key=lambda price: (runs[price][0], price))
    kept = np.flatnonzero(frontier(*(np.array([runs[price][at] for price in prices]) for at in (0, 1))))
    unique = [at for at in kept if at == kept[0] or runs[prices[at]] != runs[prices[at - 1]]]
    return [_at_price(policy, prices[at], policy.carry) for at in unique]


def decide(policy: CascadeRouting, outcomes: Outcomes) -> tuple[Floats, Floats]:
    """Return the calls and the final answers (queries x models, 0 or 1) of a policy.

    Raises ValueError for a model, a feature or a confidence that the outcomes lack.
    """
    calls, answered = _Queries(policy, outcomes).decide(policy.price)
    both: list[Floats] = []
    for found in (calls, answered):
        every = np.zeros((len(outcomes), len(outcomes.models)))
        every[:, [outcomes.models.index(model) for model in policy.costs]] = found
        both.append(every)
    return both[0], both[1]


class _Queries:
    """The qualities (queries x models) of a policy: before a call ``estimate``, after it ``chance``."""

    def __init__(self, policy: CascadeRouting, outcomes: Outcomes) -> None:
        self.policy = policy
        self.costs = np.array(list(policy.costs.values()))
        self.cheap = np.argsort(self.costs, kind="stable")
        self.estimate = np.column_stack(
            [estimate(policy.estimators[model], outcomes) for model in policy.costs]
        )
        self.chance = self.estimate.copy()
        for column, model in enumerate(policy.costs):
            if model in policy.calibrations:
                self.chance[:, column] = probability(
                    policy.calibrations[model], confidence_of(outcomes, model)
                )
        self.surprise = _log_odds(self.chance) - _log_odds(self.estimate)
        self.carry = np.array([policy.carry.get(model, 0.0) for model in policy.costs])

    def decide(self, price: float) -> tuple[Mask, Mask]:
        """Return which models are called, and which answers (queries x models, as in the policy)."""
        shape = self.estimate.shape
        called, answered = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        running, pattern = np.arange(shape[0]), np.zeros(shape[0], dtype=np.int64)
        for calls in range(min(self.policy.most_calls, shape[1])):
            chosen = np.full(len(running), -1)
            for alike in np.unique(pattern[running]):
                at = np.flatnonzero(pattern[running] == alike)
                run = np.flatnonzero(called[running[at[0]]])
                chosen[at] = self._next(running[at], run, calls, price)
            running, chosen = running[chosen >= 0], chosen[chosen >= 0]
            called[running, chosen] = True
            pattern[running] += 1 << chosen
        if np.isnan(self.chance[called]).any():
            raise ValueError("the confidence of a model is not known for every query that it is called for")
        ranked = np.where(called, self.chance, -np.inf)[:, self.cheap]
        answered[np.arange(shape[0]), self.cheap[ranked.argmax(axis=1)]] = True
        return called, answered

    def _next(
        self, rows: NDArray[np.intp], run: NDArray[np.intp], calls: int, price: float
    ) -> NDArray[np.intp]:
        """Return the cheapest model of the best set to add to those that have run; -1 for none."""
        known = self.chance[np.ix_(rows, run)].max(axis=1) if len(run) else np.zeros(len(rows))
        quality = self.estimate[rows]
        if len(run):
            surprise = self.surprise[np.ix_(rows, run)].mean(axis=1)
            quality = sigmoid(_log_odds(quality) + self.carry * surprise[:, None])
        best = known if len(run) else np.full(len(rows), -np.inf)
        chosen = np.full(len(rows), -1)
        rest = [int(model) for model in self.cheap if model not in run]
        # With independence 0, a set with two more models is never better than with the better of them.
        most = self.policy.most_calls - calls if self.policy.independence else 1
        for size in range(1, min(most, len(rest)) + 1):
            for added in combinations(rest, size):
                value = self._best_quality(known, quality[:, added]) - price * self.costs[list(added)].sum()
                better = value > best + _TIE
                best, chosen = np.where(better, value, best), np.where(better, added[0], chosen)
        return chosen

    def _best_quality(self, known: Floats, added: Floats) -> Floats:
        share = self.policy.independence
        apart: Floats = 1 - (1 - known) * (1 - added).prod(axis=1)
        greatest: Floats = np.maximum(known, added.max(axis=1))
        return (1 - share) * greatest + share * apart


def _at_price(policy: CascadeRouting, price: float, carry: Mapping[str, float]) -> CascadeRouting:
    given = policy.estimators, policy.calibrations, policy.costs
    return CascadeRouting(*given, price, policy.most_calls, carry, policy.independence)


def _fit_carry(policy: CascadeRouting, train: Outcomes) -> dict[str, float]:
    """Return, per model, the weight in its log odds of what the call of one other model revealed."""
    queries = _Queries(policy, train)
    found = {}
    for column, model in enumerate(policy.costs):
        others = [at for at, name in enumerate(policy.costs) if name in policy.calibrations and at != column]
        if others:
            offset = np.tile(_log_odds(queries.estimate[:, column]), len(others))
            design = queries.surprise[:, others].T.reshape(-1, 1)
            score = np.tile(train.score[:, column], len(others))
            found[model] = float(logistic(design, score, np.ones(1), offset)[0])
    return found


def _log_odds(chance: Floats) -> Floats:
    within = np.clip(chance, _SMALL, 1 - _SMALL)
    return np.log(within) - np.log1p(-within)


def _means(queries: _Queries, train: Outcomes, price: float) -> tuple[float, float]:
    called, answered = queries.decide(price)
    return float((train.cost * called).sum(axis=1).mean()), float((train.score * answered).sum(axis=1).mean())


def _price_range(costs: list[float]) -> tuple[float, ...]:
    """Return a price that hardly matters, and one at which no quality is worth the least of the costs."""
    distinct = sorted({*costs, 0.0})
    if distinct[-1] <= 0:
        return ()
    gaps = [high - low for low, high in pairwise(distinct) if high > low * (1 + _SMALL)]
    return 1e-4 / distinct[-1], 1 / min(gaps)


def _next_price(runs: Mapping[float, tuple[float, float]]) -> float | None:
    """Return the middle, on a log scale, of the prices between which the mean cost changes most."""
    prices = sorted(price for price in runs if price)
    gaps = [
        (abs(runs[high][0] - runs[low][0]), low * high)
        for low, high in pairwise(prices)
        if high > low * (1 + _SMALL) and runs[high] != runs[low]
    ]
    return max(gaps)[1] ** 0.5 if gaps else None
