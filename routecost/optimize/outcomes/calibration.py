"""Calibration: from a model's confidence in its answer to the probability that the answer is right.

Logistic regression without regularization per model, on transformed confidences (Zellinger and Thomson,
Rational Tuning of LLM Cascades via Probabilistic Modeling, 2025).
"""

from __future__ import annotations

import math

import numpy as np

from routecost.model.outcomes.policies import Calibration
from routecost.optimize.outcomes.data import Floats, Outcomes

TRANSFORMS = ("identity", "one-sided", "two-sided")

CHANCE = 0.01
"""The greatest p-value at which a confidence counts as related to the scores (likelihood ratio test)."""

_MOST_STEPS = 100
_FLAT = 1e-12
_STEEP = 30.0
"""Log odds per standard deviation beyond which a curve is a step: the data are separated."""


class CalibrationError(ValueError):
    """The outcomes of a model cannot be calibrated; the message says why."""


def fit(confidence: Floats, score: Floats, transform: str) -> Calibration:
    """Fit the calibration of one model.

    ``confidence`` and ``score`` (queries) are raw. Infinite transformed values count as the greatest and
    lowest finite ones. Raises CalibrationError if the confidence is constant or unknown, or if all answers
    are right or all are wrong.
    """
    if np.isnan(confidence).any() or not len(confidence):
        raise CalibrationError("its confidence is not known for every query")
    if transform != "identity" and confidence.max() > 0:
        raise CalibrationError(f"a log probability is at most 0: {confidence.max():g} is not")
    values = transformed(confidence, transform)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if not high - low > _FLAT * max(abs(low), abs(high)):
        raise CalibrationError("its confidence is the same for every query")
    if score.min() == score.max():
        raise CalibrationError(f"all its answers have the same score, {score[0]:g}")
    values = np.clip(values, low, high)
    mean, deviation = float(values.mean()), float(values.std())
    design = np.column_stack([np.ones_like(values), (values - mean) / deviation])
    weights = logistic(design, score, np.zeros(2))
    slope = float(weights[1]) / deviation
    return Calibration(transform, float(weights[0]) - slope * mean, slope, low, high)


def probability(calibration: Calibration | None, confidence: Floats) -> Floats:
    """Return the probability that answers with these raw confidences are right; without one, themselves."""
    if calibration is None:
        return confidence
    values = np.clip(transformed(confidence, calibration.transform), calibration.low, calibration.high)
    return sigmoid(calibration.intercept + calibration.slope * values)


def confidence_of(outcomes: Outcomes, model: str) -> Floats:
    """Return the raw confidences of a model (queries). Raises ValueError if the outcomes have none."""
    if outcomes.confidence is None:
        raise ValueError(f"the policy requires the confidence of {model}, which these outcomes lack")
    return outcomes.confidence[:, outcomes.models.index(model)]


def transformed(confidence: Floats, transform: str) -> Floats:
    """Return raw confidences after a transform. Raises ValueError for an unknown one."""
    if transform == "identity":
        return confidence
    if transform not in TRANSFORMS:
        raise ValueError(f'no transform named "{transform}"; known: {", ".join(TRANSFORMS)}')
    chance = np.exp(confidence)
    with np.errstate(divide="ignore"):
        if transform == "one-sided":
            return -np.log1p(-chance)
        two_sided: Floats = np.where(chance >= 0.5, -np.log(2 * (1 - chance)), np.log(2) + confidence)
    return two_sided


def calibrations(train: Outcomes, transform: str, chance: float = CHANCE) -> dict[str, Calibration]:
    """Return the calibrations of the models whose confidence says something about their scores.

    The others are left out: their confidence is missing, constant, or unrelated to the scores (likelihood
    ratio test at ``chance``), or all their answers have the same score. A policy that relied on it would gain
    on the training data only.
    """
    calibrated = {}
    for at, model in enumerate(train.models if train.confidence is not None else ()):
        confidence, score = confidence_of(train, model), train.score[:, at]
        try:
            calibration = fit(confidence, score, transform)
        except CalibrationError:
            continue
        if evidence(calibration, confidence, score) <= chance:
            calibrated[model] = calibration
    return calibrated


def evidence(calibration: Calibration, confidence: Floats, score: Floats) -> float:
    """Return the p-value of a calibration: the likelihood ratio to the mean score, chi-squared, 1 degree."""
    chance = probability(calibration, confidence)
    gain = _log_likelihood(chance, score) - _log_likelihood(np.full_like(chance, score.mean()), score)
    return math.erfc(math.sqrt(max(gain, 0.0)))


def logistic(design: Floats, score: Floats, penalty: Floats, offset: Floats | float = 0.0) -> Floats:
    """Return the weights of the greatest likelihood - sum(penalty x weights squared) / 2, by Newton's method.

    ``design`` (queries x weights) should be standardized. ``offset`` is added to the log odds. A step that
    would lower the likelihood is halved. Without a penalty, the search stops at a step function.
    """

    def objective(weights: Floats) -> float:
        fitted = _log_likelihood(sigmoid(design @ weights + offset), score)
        return fitted - float((penalty * weights**2).sum()) / 2

    weights = np.zeros(design.shape[1])
    for _ in range(_MOST_STEPS):
        chance = sigmoid(design @ weights + offset)
        gradient = design.T @ (score - chance) - penalty * weights
        hessian = (design.T * (chance * (1 - chance))) @ design + np.diag(penalty)
        if np.linalg.cond(hessian) > 1 / _FLAT:  # separated: the curve is steep enough
            break
        step = np.linalg.solve(hessian, gradient)
        before = objective(weights)
        while objective(weights + step) < before - _FLAT * abs(before) and np.abs(step).max() > _FLAT:
            step /= 2
        weights += step
        if np.abs(step).max() < _FLAT or np.abs(weights).max() > _STEEP:
            break
    return weights


def sigmoid(values: Floats) -> Floats:
    """Return the probabilities of log odds."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-values))


def _log_likelihood(chance: Floats, score: Floats) -> float:
    chance = np.clip(chance, 1e-15, 1 - 1e-15)
    return float((score * np.log(chance) + (1 - score) * np.log1p(-chance)).sum())
