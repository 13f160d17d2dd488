"""The calibration error of models on queries that did not calibrate them."""

from __future__ import annotations

import numpy as np

from routecost.model.outcomes.policies import Calibration
from routecost.model.outcomes.promises import Estimate
from routecost.optimize.outcomes.calibration import probability
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.learn.learned import Options, Reliability
from routecost.optimize.outcomes.statistics.reliability import calibration_error, reliability

_ROUNDS = 200
_ENDS = (0.025, 0.975)


def reliability_of(model: str, calibration: Calibration, outcomes: Outcomes, options: Options) -> Reliability:
    """Return the reliability of a model whose confidence in these outcomes is known."""
    at = outcomes.models.index(model)
    if outcomes.confidence is None or np.isnan(outcomes.confidence[:, at]).any():
        return Reliability(model, why="its confidence is not known for every held-out query")
    chance = probability(calibration, outcomes.confidence[:, at])
    score = outcomes.score[:, at]
    bins = reliability(chance, score)
    return Reliability(model, error_of(chance, score, options.seed), bins)


def error_of(chance: Floats, score: Floats, seed: int) -> Estimate:
    """Return the calibration error of probabilities, with its bootstrap interval."""
    draw = np.random.default_rng(seed)
    drawn = []
    for _ in range(_ROUNDS):
        rows = draw.integers(len(score), size=len(score))
        drawn.append(calibration_error(reliability(chance[rows], score[rows])))
    value = calibration_error(reliability(chance, score))
    low, high = np.quantile(drawn, _ENDS)
    return Estimate(value, min(float(low), value), max(float(high), value))
