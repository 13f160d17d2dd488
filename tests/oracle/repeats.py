"""Work that is done again: how often it is right. Part of the oracle, from docs/strategies.md."""

from __future__ import annotations

from fractions import Fraction

INDEPENDENT, LOW, HIGH = "independent", "low", "high"
"""How repeated work turns out: as all other work, as often wrong as possible, as often right."""


def bounds(share: Fraction, rate: Fraction) -> tuple[Fraction, Fraction]:
    """Return how many tasks may be repeated and then right, by Frechet."""
    return max(Fraction(0), share + rate - 1), min(share, rate)
