"""Bounds on the risk that a policy falls short of a reference model, without assumptions on distributions.

Learn-then-Test (Angelopoulos et al., arXiv:2110.01052): for each policy, the hypothesis that its expected
quality is less than that of the reference by more than a margin is tested on queries that neither fitting
nor the choice of the policies has seen. The probability that any policy passes wrongly is at most ``risk``,
whatever the number of queries, if these are drawn independently from the same source as the later ones.

The tests are a fixed sequence (Maurer, Hothorn and Lehmacher 1995): each is at the whole risk, in an order
that does not depend on these queries, and the first that fails is the last. The policies after it are not
tested: nothing is known of them. To pass wrongly at all, the first policy in the order that does not keep
the bound must pass, and the probability of that is at most the risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from routecost.model.outcomes.policies import Mixture, Policy
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.optimize.outcomes.execute import execute
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """A policy, its mean shortfall from the reference in calibration, its p-value, and whether it passes.

    ``passes`` is None if the sequence of tests ended before it.
    """

    policy: Policy
    shortfall: float
    p_value: float
    passes: bool | None


def verdicts(
    policies: Sequence[Policy], calibration: Outcomes, reference: str, margin: float, risk: float
) -> tuple[Verdict, ...]:
    """Test policies, given cheapest first; the sequence begins with the last.

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
    bounds = betting((1 + short) / 2, (1 + margin) / 2, risk)
    count = passing(bounds[::-1], risk)
    passes = [True] * count + [False] + [None] * len(policies)
    rows = zip(
        policies, short.mean(axis=0).tolist(), bounds.tolist(), passes[len(policies) - 1 :: -1], strict=True
    )
    return tuple(Verdict(*row) for row in rows)


def passing(p_values: Floats, risk: float) -> int:
    """Return how many tests pass of a sequence that ends at the first that does not."""
    return int(np.logical_and.accumulate(p_values <= risk).sum())


def betting(losses: Floats, limit: float, risk: float, seed: int = 0) -> Floats:
    """Return p-values of the hypotheses that mean losses exceed ``limit``, from losses in 0 to 1.

    ``losses`` is queries x policies. A gambler bets on each query that its loss is below ``limit``; if the
    hypothesis holds, the chance to ever have 1/p times the stake is at most p (Waudby-Smith and Ramdas,
    arXiv:2010.09686). Stakes are made for ``risk`` and grow as losses vary less: where policy and
    reference mostly agree, few queries are enough. Queries are shuffled first.
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
