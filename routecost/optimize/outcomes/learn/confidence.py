"""The calibration error of models on queries that did not calibrate them."""

from __future__ import annotations

from math import hypot

import numpy as np

from routecost.model.outcomes.policies import Calibration
from routecost.model.outcomes.promises import Estimate
from routecost.optimize.outcomes.calibration import probability
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.learn.learned import LearnOptions, Reliability
from routecost.optimize.outcomes.statistics.bounded import unseen
from routecost.optimize.outcomes.statistics.reliability import calibration_error, reliability

_MOST_ROUNDS = 200
_ENDS = (0.025, 0.975)


def reliability_of(
    model: str, calibration: Calibration, outcomes: Outcomes, options: LearnOptions
) -> Reliability:
    """Return the reliability of a model whose confidence in these outcomes is known."""
    at = outcomes.models.index(model)
    if outcomes.confidence is None or np.isnan(outcomes.confidence[:, at]).any():
        return Reliability(model, why="its confidence is not known for every held-out query")
    chance = probability(calibration, outcomes.confidence[:, at])
    score = outcomes.score[:, at]
    bins = reliability(chance, score)
    return Reliability(model, error_of(chance, score, options), bins)


def error_of(chance: Floats, score: Floats, options: LearnOptions) -> Estimate:
    """Return the calibration error of probabilities, with its bootstrap interval.

    Scores that are all alike might have been others, which moves the error by as much as their mean.
    """
    draw = np.random.default_rng(options.seed)
    drawn = []
    for _ in range(min(_MOST_ROUNDS, options.rounds)):
        rows = draw.integers(len(score), size=len(score))
        drawn.append(calibration_error(reliability(chance[rows], score[rows])))
    value = calibration_error(reliability(chance, score))
    low, high = (float(end) for end in np.quantile(drawn, _ENDS))
    beyond = unseen(len(score)) * max(0.0, float(score.min()), 1 - float(score.max()))
    below, above = hypot(max(0.0, value - low), beyond), hypot(max(0.0, high - value), beyond)
    return Estimate(value, max(0.0, value - below), min(1.0, value + above))


def error_by_chance(calibration: Calibration, confidence: Floats, options: LearnOptions) -> float:
    """Return the calibration error that exact probabilities exceed by chance in 2.5% of such samples.

    The error of few queries is far from 0 even then, as their bins are small.
    """
    chance = probability(calibration, confidence)
    draw = np.random.default_rng(options.seed)
    drawn = [
        calibration_error(reliability(chance, (draw.random(len(chance)) < chance).astype(float)))
        for _ in range(min(_MOST_ROUNDS, options.rounds))
    ]
    return float(np.quantile(drawn, _ENDS[1]))
