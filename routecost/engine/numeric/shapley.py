"""Contributions of several causes to a change, in parts that add up exactly.

The Shapley value (L. S. Shapley, A Value for n-Person Games, in Contributions to the Theory of Games
II, 1953, p. 307-317): a cause contributes its mean change over all orders in which the causes can
apply. Used for the decomposition of any quantity by A. F. Shorrocks (Decomposition procedures for
distributional analysis, Journal of Economic Inequality 11, 2013, p. 99-126), who shows that it treats
all causes alike and leaves no residual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TypeVar

CAUSE = TypeVar("CAUSE")
_DIGITS = 27
"""The most digits of a part and of their sum, one less than those of the usual decimal context."""

_FEWEST_PLACES = 20
_MOST_CUT = Fraction(1, 10**20)
"""An upper bound of the rounding of sums of 64 digits."""


def shapley(causes: Sequence[CAUSE], value: Callable[[frozenset[CAUSE]], Fraction]) -> dict[CAUSE, Fraction]:
    """Return the contribution of each cause to ``value(all of them) - value(none of them)``.

    ``value`` gives the quantity with some causes applied. The contributions sum to the difference,
    whatever the order of the causes, because fractions are exact.
    """
    values = {subset: value(subset) for subset in _subsets(causes)}
    return {cause: _contribution(cause, causes, values) for cause in causes}


def _contribution(
    cause: CAUSE, causes: Sequence[CAUSE], values: Mapping[frozenset[CAUSE], Fraction]
) -> Fraction:
    others = [other for other in causes if other != cause]
    return sum(
        (
            _weight(len(before), len(causes)) * (values[before | {cause}] - values[before])
            for before in _subsets(others)
        ),
        Fraction(0),
    )


def _subsets(causes: Sequence[CAUSE]) -> Iterable[frozenset[CAUSE]]:
    return (frozenset(chosen) for size in range(len(causes) + 1) for chosen in combinations(causes, size))


def _weight(before: int, count: int) -> Fraction:
    """Return the share of all orders in which exactly these causes precede one."""
    return Fraction(factorial(before) * factorial(count - before - 1), factorial(count))


def as_decimals(parts: Sequence[Fraction], total: Decimal) -> list[Decimal]:
    """Return the parts as Decimals that sum to ``total`` exactly.

    Fractions with endless decimals are cut after 20 places (earlier for large parts, so that their sum is
    exact in the usual context of 28 digits), or at the last place of the total if that is later. The rest is
    added to the greatest part; parts of 0 stay 0. Raises ValueError for parts of another total.
    """
    if abs(sum(parts, Fraction(0)) - Fraction(total)) > _MOST_CUT:
        raise ValueError(f"the parts do not sum to {total}")
    exponent = total.as_tuple().exponent
    digits = len(str(int(sum(map(abs, parts), Fraction(0)))))
    fewest = max(0, min(_FEWEST_PLACES, _DIGITS - digits))
    places = max(fewest, -exponent if isinstance(exponent, int) else 0)
    unit = 10**places
    cut = [int(part * unit) for part in parts]
    if cut:
        greatest = max(range(len(cut)), key=lambda at: abs(cut[at]))
        cut[greatest] += int(Fraction(total) * unit) - sum(cut)
    return [_plain(count, places) for count in cut]


def _plain(count: int, places: int) -> Decimal:
    """Return ``count`` x 10^-``places`` without trailing zeros, independent of the decimal context."""
    while places and count % 10 == 0:
        count, places = count // 10, places - 1
    return Decimal(f"{count}e-{places}")
