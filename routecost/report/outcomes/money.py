"""Decimal places of costs per query, which may be far below a cent."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from math import floor, log10

_DIGITS = 3
_MOST = 12
_NOISE = 1e-9


def money_places(costs: Iterable[float]) -> int:
    """Return the decimal places that show the least of some costs with three digits; at least 2."""
    least = min((cost for cost in costs if cost > 0), default=1.0)
    return min(_MOST, max(2, _DIGITS - 1 - floor(log10(least))))


def distinct_places(costs: Iterable[float]) -> int:
    """Return the decimal places of :func:`money_places`, or as many more as tell different costs apart."""
    ordered = sorted(costs)
    gaps = [high - low for low, high in pairwise(ordered) if high - low > _NOISE * high]
    least = min(gaps, default=1.0)
    return min(_MOST, max(money_places(ordered), -floor(log10(least))))
