"""Sums of independent uniform variables: exact probabilities and means below a limit.

For C = c + a1 u1 + ... + an un with u independent and uniform on [0, 1] and all a positive, the
volume of {C <= t} is a sum over the corners of the unit cube (Barrow and Smith, Spline notation
applied to a volume problem, 1979); the first moments follow by integrating it once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from math import factorial, prod

from routecost.units import ZERO


def below(room: Decimal, spans: Sequence[Decimal]) -> Decimal:
    """Return the probability that the sum of uniform variables on [0, span] is at most ``room``."""
    count = len(spans)
    if not count:
        return Decimal(room >= 0)
    volume = sum((sign * _positive(room - corner) ** count for sign, corner in _corners(spans)), ZERO)
    return volume / (factorial(count) * prod(spans))


def mean_below(room: Decimal, spans: Sequence[Decimal], at: int) -> Decimal:
    """Return E[u; sum <= room] for the variable u on [0, 1] whose span is ``spans[at]``."""
    count, own = len(spans), spans[at]
    others = [span for place, span in enumerate(spans) if place != at]
    total = ZERO
    for sign, corner in _corners(others):
        inside, outside = _positive(room - corner), _positive(room - corner - own)
        upper = (inside ** (count + 1) - outside ** (count + 1)) / (own * own * count * (count + 1))
        total += sign * (upper - outside**count / (own * count))
    return total / (factorial(count - 1) * prod(others))


def _corners(spans: Sequence[Decimal]) -> Iterator[tuple[int, Decimal]]:
    """Yield the corners of a box with the sign of each."""
    for size in range(len(spans) + 1):
        for chosen in combinations(spans, size):
            yield (-1) ** size, sum(chosen, ZERO)


def _positive(number: Decimal) -> Decimal:
    return number if number > 0 else ZERO
