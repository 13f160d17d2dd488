"""Estimated quality: the score of a model's answer to a query, from what is known before any call."""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from routecost.model.outcomes.policies import Estimator
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.records import dataclass

_MOST_STEPS = 50
_FLAT = 1e-10


def fit_estimator(train: Outcomes, model: int, ridge: float) -> Estimator:
    """Fit the scores of a model (its index) by logistic regression on features and category.

    ``ridge`` is the penalty on half the sum of squared weights; that of the intercept has none.
    Features are standardized; constant ones have no weight. Each category has a weight of its own. A model
    with one score throughout gets an estimate a little inside 0 to 1 for every query. Raises ValueError if
    there is no query, and for features that are not finite.
    """
    if not len(train):
        raise ValueError("there is no query to learn from")
    score = train.score[:, model]
    values = {name: _feature(train, name) for name in train.features}
    means = {name: float(column.mean()) for name, column in values.items()}
    deviations = {name: float(column.std()) for name, column in values.items()}
    names = [name for name in sorted(means) if deviations[name] > _FLAT * (1 + abs(means[name]))]
    categories = sorted(set(train.categories or ()))
    columns = [(values[name] - means[name]) / deviations[name] for name in names]
    dense = np.column_stack([np.ones(len(train)), *columns])
    place = {name: at for at, name in enumerate(categories)}
    group = np.array([place[name] for name in train.categories or ()], dtype=np.intp)
    weights = [float(weight) for weight in _logistic(_Design(dense, group, len(categories)), score, ridge)]
    after = 1 + len(names)
    return Estimator(
        weights[0],
        dict(zip(names, weights[1:after], strict=True)),
        {name: means[name] for name in names},
        {name: deviations[name] for name in names},
        dict(zip(categories, weights[after:], strict=True)),
    )


def fit_estimators(train: Outcomes, ridge: float) -> dict[str, Estimator]:
    """Fit an estimator per model, as :func:`fit_estimator`."""
    return {model: fit_estimator(train, at, ridge) for at, model in enumerate(train.models)}


def estimate(estimator: Estimator, outcomes: Outcomes) -> Floats:
    """Return the estimated scores (queries) of the estimator's model.

    Queries with the same features have exactly the same estimate. Raises ValueError for a feature that the
    outcomes lack, and for values that are not finite.
    """
    total = np.full(len(outcomes), estimator.intercept)
    for name, weight in estimator.weights.items():
        distance = _feature(outcomes, name) - estimator.means[name]
        total += weight * distance / estimator.deviations[name]
    if outcomes.categories is not None and estimator.categories:
        total += [estimator.categories.get(name, 0.0) for name in outcomes.categories]
    return _sigmoid(total)


def _feature(outcomes: Outcomes, name: str) -> Floats:
    if name not in outcomes.features:
        raise ValueError(f'the outcomes have no feature "{name}"')
    values = outcomes.features[name]
    if not np.isfinite(values).all():
        raise ValueError(f'the feature "{name}" is not a number for every query')
    return values


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Design:
    """A design matrix of ``dense`` columns and a column of 0 and 1 for each of ``groups``.

    ``group`` is that of each row; it is empty if there are no groups.
    """

    dense: Floats
    group: NDArray[np.intp]
    groups: int

    def times(self, weights: Floats) -> Floats:
        width = self.dense.shape[1]
        product: Floats = self.dense @ weights[:width]
        return product + weights[width:][self.group] if self.groups else product

    def sums(self, values: Floats) -> Floats:
        """Return the sum of values by column."""
        return np.concatenate([values @ self.dense, self._by_group(values)])

    def squares(self, weights: Floats) -> Floats:
        """Return the sums of weighted products of two columns."""
        weighted = self.dense * weights[:, None]
        width = self.dense.shape[1]
        products = np.diag(np.concatenate([np.zeros(width), self._by_group(weights)]))
        products[:width, :width] = weighted.T @ self.dense
        for at, column in enumerate(weighted.T):
            products[at, width:] = products[width:, at] = self._by_group(column)
        return products

    def _by_group(self, values: Floats) -> Floats:
        sums = np.bincount(self.group, values, self.groups) if self.groups else np.zeros(0)
        return sums.astype(float)


def _logistic(design: _Design, score: Floats, ridge: float) -> Floats:
    """Return the weights of the greatest penalized likelihood, by Newton's method; intercept first."""
    weights = np.zeros(design.dense.shape[1] + design.groups)
    mean = float((score.sum() + 0.5) / (len(score) + 1))
    weights[0] = log(mean / (1 - mean))
    if score.min() == score.max():
        return weights
    penalty = np.full(len(weights), ridge)
    penalty[0] = 0.0
    values = design.times(weights)
    for _ in range(_MOST_STEPS):
        chance = _sigmoid(values)
        gradient = design.sums(score - chance) - penalty * weights
        step = np.linalg.solve(design.squares(chance * (1 - chance)) + np.diag(penalty), gradient)
        before = _likelihood(values, score) - penalty @ weights**2 / 2
        while np.abs(step).max() >= _FLAT:
            values = design.times(weights + step)
            if _likelihood(values, score) - penalty @ (weights + step) ** 2 / 2 >= before - _FLAT * abs(
                before
            ):
                break
            step /= 2
        else:
            break
        weights += step
    return weights


def _likelihood(values: Floats, score: Floats) -> float:
    return float(score @ values - np.logaddexp(0, values).sum())


def _sigmoid(values: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-values))
