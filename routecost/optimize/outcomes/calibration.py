"""Calibration: from a model's confidence in its answer to the probability that the answer is right.

Logistic regression without regularization per model, on transformed confidences (Zellinger and Thomson,
Rational Tuning of LLM Cascades via Probabilistic Modeling, 2025).
"""

from __future__ import annotations

import numpy as np

from routecost.model.outcomes.policies import Calibration
from routecost.optimize.outcomes.data import Floats

TRANSFORMS = ("identity", "one-sided", "two-sided")

_MOST_STEPS = 100
_FLAT = 1e-12


class CalibrationError(ValueError):
    """The outcomes of a model cannot be calibrated; the message says why."""


def fit(confidence: Floats, score: Floats, transform: str) -> Calibration:
    """Fit the calibration of one model.

    ``confidence`` and ``score`` (queries) are raw. Infinite transformed values count as the greatest and
    lowest finite ones. Raises CalibrationError if the confidence is constant or unknown, or if all answers
    are right or all are wrong.
    """
    values = transformed(confidence, transform)
    finite = values[np.isfinite(values)]
    if np.isnan(values).any() or not finite.size:
        raise CalibrationError("its confidence is not known for every query")
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        raise CalibrationError("its confidence is the same for every query")
    if score.min() == score.max():
        raise CalibrationError("all its answers have the same score")
    intercept, slope = _logistic(np.clip(values, low, high), score)
    return Calibration(transform, intercept, slope, low, high)


def probability(calibration: Calibration | None, confidence: Floats) -> Floats:
    """Return the probability that answers with these raw confidences are right; without one, themselves."""
    if calibration is None:
        return confidence
    values = np.clip(transformed(confidence, calibration.transform), calibration.low, calibration.high)
    return _sigmoid(calibration.intercept + calibration.slope * values)


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


def _logistic(values: Floats, score: Floats) -> tuple[float, float]:
    """Return intercept and slope of the greatest likelihood, by Newton's method on standardized values."""
    mean, deviation = float(values.mean()), float(values.std())
    design = np.column_stack([np.ones_like(values), (values - mean) / deviation])
    weights = np.zeros(2)
    for _ in range(_MOST_STEPS):
        chance = _sigmoid(design @ weights)
        gradient = design.T @ (score - chance)
        hessian = (design.T * (chance * (1 - chance))) @ design
        if np.linalg.det(hessian) < _FLAT:  # separated: the curve is steep enough
            break
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < _FLAT:
            break
    slope = float(weights[1]) / deviation
    return float(weights[0]) - slope * mean, slope


def _sigmoid(values: Floats) -> Floats:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-values))
