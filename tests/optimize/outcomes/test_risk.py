"""Bounds of risk: the share of wrong passes is at most what they say, whatever the distribution."""

from __future__ import annotations

import numpy as np
import pytest

from routecost.model.outcomes.policies import Mixture
from routecost.optimize.outcomes.data import Floats
from routecost.optimize.outcomes.statistics.risk import betting, passing, verdicts
from tests.support.outcomes import outcomes

RISK, MARGIN = 0.1, 0.05
LIMIT = (1 + MARGIN) / 2
SIMULATIONS = 4000


def shortfalls(means: list[float], queries: int, seed: int = 0, agree: float = 0.0) -> Floats:
    """Draw reference minus policy, -1 to 1, of queries x (simulations x policies); return losses 0 to 1.

    A share ``agree`` of the queries has no difference.
    """
    draw = np.random.default_rng(seed)
    chance = 0.5 + np.tile(means, SIMULATIONS) / (1 - agree) / 2
    shape = queries, len(chance)
    sign = np.where(draw.random(shape) < chance, 1.0, -1.0)
    same: Floats = (1 + np.where(draw.random(shape) < agree, 0.0, sign)) / 2
    return same


def passes(losses: Floats, policies: int = 1) -> Floats:
    """Return which policies pass (simulations x policies), tested in this order."""
    rows = betting(losses, LIMIT, RISK).reshape(SIMULATIONS, policies)
    return np.array([np.arange(policies) < passing(row, RISK) for row in rows])


@pytest.mark.parametrize("agree", [0.0, 0.9])
def test_wrong_passes_are_as_rare_as_they_should_be(agree: float) -> None:
    """In 4,000 calibration sets, of which what looks good enough would often be wrong."""
    means = [0.0, MARGIN + 1e-9, MARGIN + 1e-9, 0.08]
    losses = shortfalls(means, 100, agree=agree)
    bad = np.array(means) > MARGIN
    wrong = passes(losses, 4)[:, bad].any(axis=1).mean()
    error = (RISK * (1 - RISK) / SIMULATIONS) ** 0.5
    assert wrong <= RISK + 3 * error
    looks_good = losses.mean(axis=0).reshape(SIMULATIONS, -1) <= LIMIT
    assert looks_good[:, bad].any(axis=1).mean() > 5 * RISK


def test_good_policies_pass_with_enough_queries() -> None:
    assert passes(shortfalls([-0.2], 200)).mean() > 0.9
    assert passes(shortfalls([0.0], 200, agree=0.95)).mean() > 0.8


def test_a_sequence_ends_at_the_first_that_does_not_pass() -> None:
    assert passing(np.array([0.01, 0.09, 0.2, 0.001]), 0.1) == 2
    assert passing(np.array([0.01, 0.09]), 0.1) == 2
    assert passing(np.array([0.2, 0.01]), 0.1) == 0


def test_policies_as_good_as_the_reference_pass_from_the_best_down() -> None:
    draw = np.random.default_rng(0)
    right = draw.random(1000) < 0.8
    near = np.where(draw.random(1000) < 0.02, ~right, right)
    data = outcomes(np.column_stack([draw.random(1000) < 0.5, near, right]), [1, 2, 9])
    policies = [Mixture({name: 1.0}) for name in data.models]
    rows = verdicts(policies, data, "m2", MARGIN, RISK)
    assert [row.passes for row in rows] == [False, True, True]
    assert rows[0].shortfall == pytest.approx(data.score[:, 2].mean() - data.score[:, 0].mean())
    assert rows[2].shortfall == 0
    strict = verdicts(policies, data, "m2", 0.0, 1e-6)
    assert [row.passes for row in strict] == [None, None, False]


@pytest.mark.parametrize(
    ("score", "margin", "risk", "message"),
    [
        ([[1.5]], 0.1, 0.1, "scores from 0 to 1"),
        ([[1]], 1, 0.1, "a margin of 1"),
        ([[1]], 0.1, 0, "at a risk of 0"),
    ],
)
def test_what_has_no_bound_is_an_error(
    score: list[list[float]], margin: float, risk: float, message: str
) -> None:
    data = outcomes(score, [1])
    with pytest.raises(ValueError, match=message):
        verdicts([Mixture({"m0": 1.0})], data, "m0", margin, risk)
