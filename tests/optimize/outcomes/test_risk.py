"""Bounds of risk: the share of wrong passes is at most what they say, whatever the distribution."""

from __future__ import annotations

import numpy as np
import pytest

from routecost.model.outcomes.policies import Mixture
from routecost.optimize.outcomes.data import Floats
from routecost.optimize.outcomes.statistics.risk import (
    Bound,
    Order,
    betting,
    chosen,
    hoeffding_bentkus,
    passing,
    verdicts,
)
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


def p_values(bound: Bound, losses: Floats) -> Floats:
    found = betting(losses, LIMIT, RISK) if bound is Bound.BETTING else hoeffding_bentkus(losses, LIMIT)
    return found.reshape(SIMULATIONS, -1)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("bound", Bound)
@pytest.mark.parametrize("agree", [0.0, 0.9])
def test_wrong_passes_are_as_rare_as_they_should_be(order: Order, bound: Bound, agree: float) -> None:
    """In 4,000 calibration sets, of which what looks good enough would often be wrong."""
    means = [MARGIN + 1e-9, 0.0, MARGIN + 1e-9, 0.08]
    losses = shortfalls(means, 100, agree=agree)
    bad = np.array(means) > MARGIN
    wrong = passing(p_values(bound, losses), RISK, order)[:, bad].any(axis=1).mean()
    error = (RISK * (1 - RISK) / SIMULATIONS) ** 0.5
    assert wrong <= RISK + 3 * error
    looks_good = losses.mean(axis=0).reshape(SIMULATIONS, -1) <= LIMIT
    assert looks_good[:, bad].any(axis=1).mean() > 5 * RISK


@pytest.mark.parametrize("bound", Bound)
def test_good_policies_pass_with_enough_queries(bound: Bound) -> None:
    losses = shortfalls([-0.2], 200)
    assert passing(p_values(bound, losses), RISK).mean() > 0.9


def test_betting_needs_fewer_queries_where_policies_agree() -> None:
    losses = shortfalls([0.0], 200, agree=0.95)
    shares = {bound: float(passing(p_values(bound, losses), RISK).mean()) for bound in Bound}
    assert shares[Bound.BETTING] > 0.8
    assert shares[Bound.HOEFFDING_BENTKUS] < 0.2


def test_p_values_are_the_bounds_of_the_paper() -> None:
    stats = pytest.importorskip("scipy.stats")
    losses = np.random.default_rng(0).random((60, 40)) * np.linspace(0, 1, 40)
    mean = losses.mean(axis=0)
    below = np.minimum(mean, LIMIT)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = np.nan_to_num(below * np.log(below / LIMIT)) + (1 - below) * np.log(
            (1 - below) / (1 - LIMIT)
        )
    hoeffding = np.exp(-60 * entropy)
    bentkus = np.e * stats.binom.cdf(np.ceil(60 * mean), 60, LIMIT)
    expected = np.minimum(1, np.minimum(hoeffding, bentkus))
    assert hoeffding_bentkus(losses, LIMIT) == pytest.approx(expected, rel=1e-9)


def test_a_sequence_ends_at_the_first_that_does_not_pass() -> None:
    values = np.array([0.01, 0.09, 0.2, 0.001])
    assert passing(values, 0.1).tolist() == [True, True, False, False]
    assert passing(values, 0.1, Order.BONFERRONI).tolist() == [True, False, False, True]


def test_the_cheapest_policies_as_good_as_the_reference_are_chosen() -> None:
    draw = np.random.default_rng(0)
    right = draw.random(1000) < 0.8
    near = np.where(draw.random(1000) < 0.02, ~right, right)
    data = outcomes(np.column_stack([draw.random(1000) < 0.5, near, right]), [1, 2, 9])
    policies = [Mixture({name: 1.0}) for name in data.models]
    assert chosen(policies, data, "m2", MARGIN, RISK) == tuple(policies[1:])
    rows = verdicts(policies, data, "m2", MARGIN, RISK)
    assert [row.passes for row in rows] == [False, True, True]
    assert rows[0].shortfall == pytest.approx(data.score[:, 2].mean() - data.score[:, 0].mean())
    assert rows[2].shortfall == 0
    assert chosen(policies, data, "m2", 0.0, 1e-6) == ()


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
