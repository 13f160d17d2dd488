"""Bounds on the risk that a policy falls short of a reference model, without assumptions on distributions.

Learn-then-Test (Angelopoulos et al., arXiv:2110.01052): for each policy, the hypothesis that its expected
quality is less than that of the reference by more than a margin is tested on queries that neither fitting
nor the choice of the policies has seen. The probability that any policy passes wrongly is at most ``risk``,
whatever the number of queries, if these are drawn independently from the same source as the later ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from math import log

import numpy as np

from routecost.model.outcomes.policies import Mixture, Policy
from routecost.optimize.outcomes.data import Floats, Mask, Outcomes
from routecost.optimize.outcomes.execute import execute
from routecost.records import dataclass


class Order(StrEnum):
    """How tests of several policies share the risk.

    A fixed sequence tests in order, each at the whole risk, and ends at the first that does not pass.
    Bonferroni tests each at its part of the risk; the order does not matter.
    """

    FIXED_SEQUENCE = "fixed-sequence"
    BONFERRONI = "bonferroni"


class Bound(StrEnum):
    """What gives p-values: :func:`betting` or :func:`hoeffding_bentkus`."""

    BETTING = "betting"
    HOEFFDING_BENTKUS = "hoeffding-bentkus"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy, its mean shortfall from the reference in calibration, its p-value, and whether it passes."""

    policy: Policy
    shortfall: float
    p_value: float
    passes: bool


def verdicts(
    policies: Sequence[Policy],
    calibration: Outcomes,
    reference: str,
    margin: float,
    risk: float,
    *,
    order: Order = Order.FIXED_SEQUENCE,
    bound: Bound = Bound.BETTING,
) -> tuple[Verdict, ...]:
    """Test policies, given cheapest first; the fixed sequence begins with the last.

    ``margin`` is in units of quality; ``risk`` a probability. Raises ValueError for scores outside 0 to 1,
    for a margin that is not at least 0 and below 1, for a risk that is not between 0 and 1, for an unknown
    reference, and if there is no query.
    """
    if not len(calibration) or calibration.score.min() < 0 or calibration.score.max() > 1:
        raise ValueError("a bound of risk requires calibration queries, with scores from 0 to 1")
    if not (0 <= margin < 1 and 0 < risk < 1):
        raise ValueError(f"a margin of {margin} at a risk of {risk} is out of range")
    target = execute(Mixture({reference: 1.0}), calibration).score
    short = np.column_stack([target - execute(policy, calibration).score for policy in policies])
    losses, limit = (1 + short) / 2, (1 + margin) / 2
    found = betting(losses, limit, risk) if bound is Bound.BETTING else hoeffding_bentkus(losses, limit)
    passes = passing(found[::-1], risk, order)[::-1]
    rows = zip(policies, short.mean(axis=0).tolist(), found.tolist(), passes.tolist(), strict=True)
    return tuple(Verdict(*row) for row in rows)


def chosen(
    policies: Sequence[Policy], calibration: Outcomes, reference: str, margin: float, risk: float
) -> tuple[Policy, ...]:
    """Return the policies that pass, cheapest first, as :func:`verdicts` does by a fixed sequence."""
    return tuple(row.policy for row in verdicts(policies, calibration, reference, margin, risk) if row.passes)


def passing(p_values: Floats, risk: float, order: Order = Order.FIXED_SEQUENCE) -> Mask:
    """Return which tests pass, given in the order of testing along the last axis."""
    passes: Mask = p_values <= risk / p_values.shape[-1]
    if order is Order.FIXED_SEQUENCE:
        passes = np.logical_and.accumulate(p_values <= risk, axis=-1)
    return passes


def hoeffding_bentkus(losses: Floats, limit: float) -> Floats:
    """Return p-values of the hypotheses that mean losses exceed ``limit``, from losses in 0 to 1.

    ``losses`` is queries x policies. The p-value is the lesser of Hoeffding's and Bentkus' bounds (Bates et
    al., arXiv:2101.02703, proposition 1). It does not use how much the losses vary.
    """
    count = len(losses)
    totals = losses.sum(axis=0)
    mean = np.minimum(totals / count, limit)
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = np.where(mean > 0, mean * np.log(mean / limit), 0.0)
        entropy += np.where(mean < 1, (1 - mean) * np.log((1 - mean) / (1 - limit)), 0.0)
    below = _binomial_below(count, limit)[np.minimum(np.ceil(totals - 1e-9), count).astype(int)]
    p_values: Floats = np.minimum(1.0, np.minimum(np.exp(-count * entropy), np.e * below))
    return p_values


def betting(losses: Floats, limit: float, risk: float, seed: int = 0) -> Floats:
    """Return p-values of the hypotheses that mean losses exceed ``limit``, from losses in 0 to 1.

    ``losses`` is queries x policies. A gambler bets on each query that its loss is below ``limit``; if the
    hypothesis holds, the chance to ever have 1/p times the stake is at most p (Waudby-Smith and Ramdas,
    arXiv:2010.09686). Stakes are made for ``risk`` and grow as losses vary less, so that this needs far
    fewer queries than :func:`hoeffding_bentkus` where policy and reference mostly agree. Queries are
    shuffled first.
    """
    count = len(losses)
    losses = losses[np.random.default_rng(seed).permutation(count)]
    rounds = np.arange(1, count + 1)[:, None]
    means = (0.5 + losses.cumsum(axis=0)) / (1 + rounds)
    variances = (0.25 + ((losses - means) ** 2).cumsum(axis=0)) / (1 + rounds)
    known = np.concatenate([np.full((1, losses.shape[1]), 0.25), variances[:-1]])
    stakes = np.minimum(np.sqrt(2 * log(1 / risk) / (count * known)), 0.75 / (1 - limit))
    capital = np.log1p(stakes * (limit - losses)).cumsum(axis=0)
    p_values: Floats = np.exp(-np.maximum(capital.max(axis=0), 0.0))
    return p_values


def _binomial_below(count: int, chance: float) -> Floats:
    """Return P(X <= k) for k of 0 to ``count`` of a binomial variable with 0 < chance < 1."""
    factorials = np.concatenate([[0.0], np.log(np.arange(1, count + 1)).cumsum()])
    successes = np.arange(count + 1)
    ways = factorials[-1] - factorials - factorials[::-1]
    below: Floats = np.exp(ways + successes * log(chance) + (count - successes) * log(1 - chance)).cumsum()
    return np.minimum(below, 1.0)
