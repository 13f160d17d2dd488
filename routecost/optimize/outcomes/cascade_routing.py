"""Cascade routing (Dekoninck, Baader and Vechev, arXiv:2410.10347): after each call, decide again.

The candidates are the sets of models that contain those which have run. The value of a set is its expected
best quality - price x its costs. With e the greatest quality among models, expected best quality is

    (1 - independence) x max(e) + independence x (1 - product(1 - e))

where a model that has not run counts with its estimate and, of those that have run, the one with the
greatest probability counts. 1 - product(1 - e) is the expected maximum of independent right-or-wrong
answers; those of models often agree far more than that. Cross-validation on the training queries chooses the
independence.

What a call reveals of the query changes the estimates of the other models: in log odds, by ``carry`` x the
mean difference of the probabilities and the estimates of the models that have run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations, pairwise
from math import comb
from typing import Any

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
from routecost.optimize.outcomes.estimates import estimate, fit_estimators
from routecost.optimize.outcomes.tuning import Sums, area_of, chosen_ridge, parts_of, price_range

INDEPENDENCES = (0.0, 0.25, 0.5, 1.0)
_TIE = 1e-12
_SMALL = 1e-4
"""Probabilities closer than this to 0 or 1 count as this close in log odds."""
_MOST_NUMBERS = 2**21
"""The most values of sets of models that are kept for other prices, over all queries (16 MB)."""

_Set = tuple[int, float, Floats]
"""The cheapest model of a set, the cost of the set, and its expected best quality (queries)."""


def fit_cascade_routing(
    train: Outcomes,
    most_calls: int = 3,
    *,
    transform: str = "identity",
    independence: float | None = None,
    most: int = 60,
) -> list[CascadeRouting]:
    """Return policies at up to ``most`` prices that none of them beats in training, cheapest first.

    Prices are bisected where the mean cost changes most. A model whose confidence is of no use keeps its
    estimate after its call. Without an ``independence``, it is that of :func:`chosen_independence`. Raises
    ValueError if there is no query, for fewer than one call, and for features that are not finite.
    """
    if most_calls < 1:
        raise ValueError(f"a policy of {most_calls} calls; it needs at least 1")
    policy = _fitted(train, most_calls, transform, chosen_ridge(train))
    if independence is None:
        independence = chosen_independence(train, most_calls, transform)
    policy = replace(policy, independence=independence)
    state = _Queries(policy, train)
    costs = list(policy.costs.values())
    runs = {price: _sums(state, train, price, independence) for price in (0.0, *price_range(costs))}
    while len(runs) < most and (price := _next_price(runs)) is not None:
        runs[price] = _sums(state, train, price, independence)
    prices = sorted(runs, key=lambda price: (runs[price][0], price))
    kept = np.flatnonzero(frontier(*(np.array([runs[price][at] for price in prices]) for at in (0, 1))))
    unique = [at for at in kept if at == kept[0] or runs[prices[at]] != runs[prices[at - 1]]]
    return [replace(policy, price=prices[at]) for at in unique]


def chosen_independence(train: Outcomes, most_calls: int, transform: str) -> float:
    """Return the one of ``INDEPENDENCES`` that is best in cross-validation; of equal ones, the least.

    Raises ValueError as :func:`fit_cascade_routing`.
    """
    ridge = chosen_ridge(train)
    parts = [(_fitted(part, most_calls, transform, ridge), rest) for part, rest in parts_of(train)]
    states = [(_Queries(policy, rest), rest) for policy, rest in parts]

    def area(independence: float) -> float:
        def sums_of(state: _Queries, rest: Outcomes) -> Sums:
            return lambda price: _sums(state, rest, price, independence)

        return area_of(train, [rest for _, rest in parts], [sums_of(*state) for state in states])

    return max(INDEPENDENCES, key=area) if parts else INDEPENDENCES[0]


def _fitted(train: Outcomes, most_calls: int, transform: str, ridge: float) -> CascadeRouting:
    """Return the policy at price 0 and independence 0, with all that is fitted to the queries."""
    costs = dict(zip(train.models, np.ascontiguousarray(train.cost).mean(axis=0).tolist(), strict=True))
    useful = calibrations(train, transform)
    policy = CascadeRouting(fit_estimators(train, ridge), useful, costs, 0.0, most_calls)
    return replace(policy, carry=_fit_carry(policy, train))


def decide(
    policy: CascadeRouting, outcomes: Outcomes, known: dict[object, tuple[object, Any]]
) -> tuple[Floats, Floats]:
    """Return the calls and the final answers (queries x models, 0 or 1) of a policy.

    ``known`` keeps what policies that differ in price only have in common on these outcomes. Raises
    ValueError for a model, a feature or a confidence that the outcomes lack.
    """
    key = id(policy.estimators), id(policy.calibrations), id(policy.carry)
    if key not in known:
        known[key] = policy, _Queries(policy, outcomes)
    calls, answered = known[key][1].decide(policy.price, policy.independence)
    both: list[Floats] = []
    for changed in (calls, answered):
        every = np.zeros((len(outcomes), len(outcomes.models)))
        every[:, [outcomes.models.index(model) for model in policy.costs]] = changed
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
        self.numbers = self.estimate.shape[0] * sum(
            comb(len(self.costs), most) * 2**most for most in range(policy.most_calls + 1)
        )
        self.independence = -1.0
        self.sets: dict[tuple[int, ...], list[_Set]] = {}

    def decide(self, price: float, independence: float) -> tuple[Mask, Mask]:
        """Return which models are called, and which answers (queries x models, as in the policy)."""
        shape = self.estimate.shape
        called, answered = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        running, pattern = np.arange(shape[0]), np.zeros(shape[0], dtype=np.int64)
        for _ in range(min(self.policy.most_calls, shape[1])):
            chosen = np.full(len(running), -1)
            for alike in sorted(set(pattern[running].tolist())):
                at = np.flatnonzero(pattern[running] == alike)
                run = tuple(np.flatnonzero(called[running[at[0]]]).tolist())
                chosen[at] = self._next(running[at], run, price, independence)
            running, chosen = running[chosen >= 0], chosen[chosen >= 0]
            called[running, chosen] = True
            pattern[running] += 1 << chosen
        if np.isnan(self.chance[called]).any():
            raise ValueError("the confidence of a model is not known for every query that it is called for")
        ranked = np.where(called, self.chance, -np.inf)[:, self.cheap]
        answered[np.arange(shape[0]), self.cheap[ranked.argmax(axis=1)]] = True
        return called, answered

    def _next(
        self, rows: NDArray[np.intp], run: tuple[int, ...], price: float, independence: float
    ) -> NDArray[np.intp]:
        """Return the cheapest model of the best set to add to those that have run; -1 for none."""
        best, chosen = np.full(len(rows), -np.inf), np.full(len(rows), -1)
        for first, cost, quality in self._sets(rows, run, independence):
            value = quality - price * cost
            better = value > best + _TIE
            best, chosen = np.where(better, value, best), np.where(better, first, chosen)
        return chosen

    def _sets(self, rows: NDArray[np.intp], run: tuple[int, ...], independence: float) -> Iterator[_Set]:
        """Yield the sets of models to add to those that have run; of few queries, all are worked out once."""
        if self.numbers > _MOST_NUMBERS:
            yield from self._worked_out(rows, run, independence)
            return
        if independence != self.independence:
            self.independence, self.sets = independence, {}
        if run not in self.sets:
            self.sets[run] = list(self._worked_out(np.arange(len(self.estimate)), run, independence))
        for first, cost, quality in self.sets[run]:
            yield first, cost, quality[rows]

    def _worked_out(
        self, rows: NDArray[np.intp], run: tuple[int, ...], independence: float
    ) -> Iterator[_Set]:
        known, quality = np.zeros(len(rows)), self.estimate[rows]
        if run:
            answered = np.ix_(rows, np.array(run))
            known, surprise = self.chance[answered].max(axis=1), self.surprise[answered].mean(axis=1)
            quality = sigmoid(_log_odds(quality) + self.carry * surprise[:, None])
            yield -1, 0.0, known
        rest = [int(model) for model in self.cheap if model not in run]
        # With independence 0, a set with two more models is never better than with the better of them.
        most = self.policy.most_calls - len(run) if independence else 1
        for size in range(1, min(most, len(rest)) + 1):
            for added in combinations(rest, size):
                worth = _best_quality(known, quality[:, added], independence)
                yield added[0], float(self.costs[list(added)].sum()), worth


def _best_quality(known: Floats, added: Floats, independence: float) -> Floats:
    apart: Floats = 1 - (1 - known) * (1 - added).prod(axis=1)
    greatest: Floats = np.maximum(known, added.max(axis=1))
    return (1 - independence) * greatest + independence * apart


def _fit_carry(policy: CascadeRouting, train: Outcomes) -> dict[str, float]:
    """Return, per model, the weight in its log odds of what the call of one other model revealed."""
    queries = _Queries(policy, train)
    fitted = {}
    for column, model in enumerate(policy.costs):
        others = [at for at, name in enumerate(policy.costs) if name in policy.calibrations and at != column]
        if others:
            offset = np.tile(_log_odds(queries.estimate[:, column]), len(others))
            design = queries.surprise[:, others].T.reshape(-1, 1)
            score = np.tile(train.score[:, column], len(others))
            fitted[model] = float(logistic(design, score, np.ones(1), offset)[0])
    return fitted


def _log_odds(chance: Floats) -> Floats:
    within = np.clip(chance, _SMALL, 1 - _SMALL)
    return np.log(within) - np.log1p(-within)


def _sums(queries: _Queries, outcomes: Outcomes, price: float, independence: float) -> tuple[float, float]:
    called, answered = queries.decide(price, independence)
    return float((outcomes.cost * called).sum()), float((outcomes.score * answered).sum())


def _next_price(runs: Mapping[float, tuple[float, float]]) -> float | None:
    """Return the middle, on a log scale, of the prices between which the cost changes most."""
    prices = sorted(price for price in runs if price)
    gaps = [
        (abs(runs[high][0] - runs[low][0]), low * high)
        for low, high in pairwise(prices)
        if high > low * (1 + _SMALL) and runs[high] != runs[low]
    ]
    return max(gaps)[1] ** 0.5 if gaps else None
