from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routecost.optimize.outcomes.calibration import (
    CalibrationError,
    calibrations,
    fit,
    logistic,
    probability,
    transformed,
)
from routecost.optimize.outcomes.data import Floats
from tests.support.outcomes import outcomes

DRAW = np.random.default_rng(5)
CONFIDENCE = DRAW.normal(size=400)
SCORE = (DRAW.random(400) < 1 / (1 + np.exp(-0.5 - 2 * CONFIDENCE))).astype(float)


def test_logistic_regression_has_the_greatest_likelihood() -> None:
    """At the maximum, the gradient is zero: fitted probabilities sum as the scores do, weighted or not."""
    calibration = fit(CONFIDENCE, SCORE, "identity")
    chance = probability(calibration, CONFIDENCE)
    assert chance.sum() == pytest.approx(SCORE.sum(), rel=1e-9)
    assert chance @ CONFIDENCE == pytest.approx(SCORE @ CONFIDENCE, rel=1e-9)
    assert (calibration.intercept, calibration.slope) == pytest.approx((0.5, 2), abs=0.4)


def test_a_penalty_draws_weights_to_zero_and_an_offset_counts() -> None:
    design = np.column_stack([np.ones(400), CONFIDENCE])
    free, drawn = (logistic(design, SCORE, np.array([0, penalty])) for penalty in (0.0, 50.0))
    assert 0 < drawn[1] < free[1]
    rest = logistic(design, SCORE, np.zeros(2), free[1] * CONFIDENCE)
    assert rest == pytest.approx([free[0], 0], abs=1e-9)


@pytest.mark.parametrize("transform", ["one-sided", "two-sided"])
def test_transforms_of_log_probabilities_rise(transform: str) -> None:
    values = transformed(np.log([0.01, 0.3, 0.5, 0.7, 1 - 1e-12, 1]), transform)
    assert (np.diff(values[:-1]) > 0).all()
    assert values[-1] == np.inf


def test_an_infinite_confidence_counts_as_the_greatest_finite_one() -> None:
    chance = np.append(DRAW.uniform(0.2, 0.99, 50), 1.0)
    calibration = fit(np.log(chance), np.append(np.arange(50) % 2, 1.0), "one-sided")
    assert calibration.high == pytest.approx(-np.log1p(-chance[:-1].max()))
    assert (
        probability(calibration, np.log(chance[-1:])) == probability(calibration, np.log(chance[:-1])).max()
    )


def test_separated_data_give_a_step_with_finite_coefficients() -> None:
    confidence = np.linspace(-1, 1, 40)
    calibration = fit(confidence, (confidence > 0.2).astype(float), "identity")
    chance = probability(calibration, confidence)
    assert np.isfinite([calibration.intercept, calibration.slope]).all()
    assert ((chance > 0.5) == (confidence > 0.2)).all()
    assert (np.diff(chance) >= 0).all()


@pytest.mark.parametrize(
    ("confidence", "score", "transform", "message"),
    [
        (np.full(400, 0.7), SCORE, "identity", "the same for every query"),
        (np.full(400, -np.inf), SCORE, "identity", "the same for every query"),
        (np.where(SCORE, CONFIDENCE, np.nan), SCORE, "identity", "not known for every query"),
        (CONFIDENCE, np.ones(400), "identity", "all its answers have the same score, 1"),
        (CONFIDENCE, np.zeros(400), "identity", "all its answers have the same score, 0"),
        (CONFIDENCE, SCORE, "one-sided", "a log probability is at most 0: .* is not"),
        (-np.abs(CONFIDENCE), SCORE, "both-sided", "no transform named"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(
    confidence: Floats, score: Floats, transform: str, message: str
) -> None:
    error = ValueError if "transform" in message else CalibrationError
    with pytest.raises(error, match=message):
        fit(confidence, score, transform)


def test_only_models_with_a_useful_confidence_are_calibrated() -> None:
    score = np.column_stack([SCORE] * 4)
    confidence = np.column_stack([CONFIDENCE, DRAW.normal(size=400), np.ones(400), np.full(400, np.nan)])
    given = outcomes(score, [1, 2, 3, 4], ["sure", "noise", "constant", "silent"])
    assert set(calibrations(replace(given, confidence=confidence), "identity")) == {"sure"}
    assert set(calibrations(given, "identity")) == set()
