"""Estimated quality: the score of a model's answer to a query, from what is known before any call."""

from __future__ import annotations

from math import log

import numpy as np

from routecost.model.outcomes.policies import Estimator
from routecost.optimize.outcomes.data import Floats, Outcomes

RIDGE = 1.0
"""The penalty on half the sum of squared weights; that of the intercept has none."""

_MOST_STEPS = 50
_FLAT = 1e-10


def fit_estimator(train: Outcomes, model: int, ridge: float = RIDGE) -> Estimator:
    """Fit the scores of a model (its index) by logistic regression on features and category.

    Features are standardized; constant ones have no weight. Each category has a weight of its own. A model
    with one score throughout gets an estimate a little inside 0 to 1 for every query. Raises ValueError if
    there is no query, and for features that are not finite.
    """
    if not len(train):
        raise ValueError("there is no query to learn from")
    score = train.score[:, model]
    means = {name: float(values.mean()) for name, values in train.features.items()}
    deviations = {name: float(values.std()) for name, values in train.features.items()}
    names = [name for name in sorted(means) if deviations[name] > _FLAT * (1 + abs(means[name]))]
    categories = sorted(set(train.categories or ()))
    design = np.column_stack(
        [np.ones(len(train))]
        + [_standard(train, name, means[name], deviations[name]) for name in names]
        + [(np.array(train.categories, dtype=object) == name).astype(float) for name in categories]
    )
    weights = [float(weight) for weight in _logistic(design, score, ridge)]
    after = 1 + len(names)
    return Estimator(
        weights[0],
        dict(zip(names, weights[1:after], strict=True)),
        {name: means[name] for name in names},
        {name: deviations[name] for name in names},
        dict(zip(categories, weights[after:], strict=True)),
    )


def estimate(estimator: Estimator, outcomes: Outcomes) -> Floats:
    """Return the estimated scores (queries) of the estimator's model.

    Queries with the same features have exactly the same estimate. Raises ValueError for a feature that the
    outcomes lack, and for values that are not finite.
    """
    total = np.full(len(outcomes), estimator.intercept)
    for name, weight in estimator.weights.items():
        total += weight * _standard(outcomes, name, estimator.means[name], estimator.deviations[name])
    if outcomes.categories is not None and estimator.categories:
        total += [estimator.categories.get(name, 0.0) for name in outcomes.categories]
    return _sigmoid(total)


def _standard(outcomes: Outcomes, name: str, mean: float, deviation: float) -> Floats:
    if name not in outcomes.features:
        raise ValueError(f'the outcomes have no feature "{name}"')
    values = outcomes.features[name]
    if not np.isfinite(values).all():
        raise ValueError(f'the feature "{name}" is not a number for every query')
    return (values - mean) / deviation


def _logistic(design: Floats, score: Floats, ridge: float) -> Floats:
    """Return the weights of the greatest penalized likelihood, by Newton's method; intercept first."""
    weights = np.zeros(design.shape[1])
    mean = float((score.sum() + 0.5) / (len(score) + 1))
    weights[0] = log(mean / (1 - mean))
    if score.min() == score.max():
        return weights
    penalty = np.full(len(weights), ridge)
    penalty[0] = 0.0
    for _ in range(_MOST_STEPS):
        chance = _sigmoid(design @ weights)
        gradient = design.T @ (score - chance) - penalty * weights
        hessian = (design.T * (chance * (1 - chance))) @ design + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < _FLAT:
            break
    return weights


def _sigmoid(values: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-values))
