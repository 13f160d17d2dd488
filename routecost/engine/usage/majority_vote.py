"""Success of several agents together, from their success rates and the correlation of their errors."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from routecost.units import ONE, ZERO, exact

HALF = Decimal("0.5")


@exact
def vote(rates: Sequence[Decimal], correlation: Decimal) -> Decimal:
    """Return the probability that a majority is right; a tie is decided by a coin.

    With probability ``correlation`` one cause decides for all: an agent is right if the task is easy
    enough for its rate, so that the majority is right at the rate of its median member. Otherwise each
    is right or wrong independently (Poisson binomial).
    """
    from statistics import median  # slow to import, and few scenarios vote

    counts = [ONE]
    for rate in rates:
        missed = [count * (1 - rate) for count in counts]
        hit = [count * rate for count in counts]
        counts = [a + b for a, b in zip([*missed, ZERO], [ZERO, *hit], strict=True)]
    size = len(rates)
    more = sum((share for right, share in enumerate(counts) if 2 * right > size), ZERO)
    tied = counts[size // 2] if size % 2 == 0 else ZERO
    return correlation * median(rates) + (1 - correlation) * (more + HALF * tied)


@exact
def all_right(rates: Sequence[Decimal], correlation: Decimal) -> Decimal:
    """Return the probability that all are right; ``correlation`` as in :func:`vote`."""
    product = ONE
    for rate in rates:
        product *= rate
    return correlation * min(rates) + (1 - correlation) * product
