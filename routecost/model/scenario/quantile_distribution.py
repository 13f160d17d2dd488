"""Distributions defined by quantiles."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import exp, inf, isfinite, log
from typing import NamedTuple

from routecost.model.scenario.distributions import ended, normal_below, normal_density, normal_score
from routecost.records import dataclass


class Piece(NamedTuple):
    """Scores from ``start`` to ``end``, over which the value (or its logarithm) is linear."""

    start: float
    end: float
    intercept: float
    slope: float


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Given quantiles: ``shares`` of the probability lie below ``values``, both rising.

    Between two of them, and beyond the outermost along the nearest two, the value is linear in the
    normal score of the share: the distribution is piecewise normal. With ``is_log`` the value's
    logarithm is, and values are positive.
    """

    shares: tuple[float, ...]
    values: tuple[Decimal, ...]
    is_log: bool = False

    @property
    def scores(self) -> tuple[float, ...]:
        """The normal scores of the shares."""
        return tuple(map(normal_score, self.shares))

    @property
    def heights(self) -> tuple[float, ...]:
        """The values that are linear in the scores, or their logarithms."""
        return tuple(log(value) if self.is_log else float(value) for value in self.values)

    @property
    def mean(self) -> Decimal:
        """The mean, in closed form from the pieces."""
        return ended(sum(map(_log_part if self.is_log else _part, self._pieces())))

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``."""
        if self.is_log and value <= 0:
            return 0.0
        height = log(value) if self.is_log and isfinite(value) else value
        for _, end, intercept, slope in self._pieces():
            if end == inf or height < intercept + slope * end:
                return normal_below((height - intercept) / slope) if slope else float(height >= intercept)
        raise AssertionError("the last piece has no end")

    def _pieces(self) -> list[Piece]:
        knots = list(zip(self.scores, self.heights, strict=True))
        lines = []
        for (score, height), (next_score, next_height) in pairwise(knots):
            slope = (next_height - height) / (next_score - score)
            lines.append((height - slope * score, slope))
        inner = self.scores[1:-1]
        ends = zip((-inf, *inner), (*inner, inf), lines, strict=True)
        return [Piece(start, end, intercept, slope) for start, end, (intercept, slope) in ends]


def _part(piece: Piece) -> float:
    """Return a piece's part of the mean of a + b z: a P(piece) + b (density(start) - density(end))."""
    weight = normal_below(piece.end) - normal_below(piece.start)
    return piece.intercept * weight + piece.slope * (normal_density(piece.start) - normal_density(piece.end))


def _log_part(piece: Piece) -> float:
    """Return a piece's contribution to the mean of exp(a + b z): a lognormal between two scores."""
    start, end, intercept, slope = piece
    whole = exp(intercept + slope**2 / 2)
    return whole * (normal_below(end - slope) - normal_below(start - slope))
