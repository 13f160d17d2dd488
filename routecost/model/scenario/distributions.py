"""Probability distributions for uncertain inputs."""

from __future__ import annotations

from decimal import Context, Decimal
from itertools import pairwise
from math import erf, exp, inf, isfinite, log, pi, sqrt
from statistics import NormalDist
from typing import NamedTuple, Protocol

from routecost.records import dataclass

_STANDARD = NormalDist()
_MEAN_DIGITS = 15
"""The digits of a mean with infinitely many; a document holds a few more, to leave room for changes."""

_ROUNDED = Context(prec=_MEAN_DIGITS)


class Distribution(Protocol):
    """A probability distribution of an uncertain input."""

    @property
    def mean(self) -> Decimal:
        """The mean, which is used wherever nothing is drawn."""
        ...

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``."""
        ...


@dataclass(frozen=True, slots=True)
class Normal:
    """A normal distribution; ``sd`` is its standard deviation."""

    mean: Decimal
    sd: Decimal

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``."""
        if not self.sd:
            return float(value >= self.mean)
        return normal_below((value - float(self.mean)) / float(self.sd))


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A distribution whose logarithm is normal, with mean ``mu`` and standard deviation ``sigma``."""

    mean: Decimal
    mu: float
    sigma: float

    @classmethod
    def of_mean(cls, mean: Decimal, sd: Decimal) -> LogNormal:
        """Return the one with this mean and standard deviation (of the variable, not its logarithm)."""
        variance = log(1 + (float(sd) / float(mean)) ** 2)
        return cls(mean, log(float(mean)) - variance / 2, sqrt(variance))

    @classmethod
    def of_median(cls, median: Decimal, p90: Decimal) -> LogNormal:
        """Return the one with this median and 90th percentile ``p90``."""
        mu = log(float(median))
        sigma = (log(float(p90)) - mu) / normal_score(0.9)
        return cls(ended(exp(mu + sigma**2 / 2)), mu, sigma)

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``."""
        if value <= 0:
            return 0.0
        distance = log(value) - self.mu if isfinite(value) else inf
        return normal_below(distance / self.sigma) if self.sigma else float(distance >= 0)


@dataclass(frozen=True, slots=True)
class Uniform:
    """A uniform distribution from ``low`` to ``high``."""

    low: Decimal
    high: Decimal

    @property
    def mean(self) -> Decimal:
        """The middle."""
        return _ROUNDED.divide(_ROUNDED.add(self.low, self.high), Decimal(2))

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``."""
        low, high = float(self.low), float(self.high)
        return float(value >= low) if low == high else min(1.0, max(0.0, (value - low) / (high - low)))


@dataclass(frozen=True, slots=True)
class Triangular:
    """A triangular distribution: its density rises from ``low`` to ``mode`` and falls to ``high``."""

    low: Decimal
    mode: Decimal
    high: Decimal

    @property
    def mean(self) -> Decimal:
        """The mean of the three corners."""
        total = _ROUNDED.add(_ROUNDED.add(self.low, self.mode), self.high)
        return _ROUNDED.divide(total, Decimal(3))

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``."""
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        if value < low or value >= high:
            return float(value >= high)
        if value < mode:
            return (value - low) ** 2 / ((high - low) * (mode - low))
        return 1 - (high - value) ** 2 / ((high - low) * (high - mode))


@dataclass(frozen=True, slots=True)
class Beta:
    """A beta distribution of a share: ``alpha`` - 1 observed successes and ``beta`` - 1 failures."""

    mean: Decimal
    alpha: float
    beta: float

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``, which must not lie between 0 and 1."""
        assert not 0 < value < 1, value
        return float(value >= 1)


@dataclass(frozen=True, slots=True)
class Dirichlet:
    """A joint distribution of shares that sum to 1, with their concentrations and ``shares``, their means."""

    names: tuple[str, ...]
    concentrations: tuple[float, ...]
    shares: tuple[Decimal, ...]


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


def normal_below(score: float) -> float:
    """Return the standard normal cumulative probability of ``score``."""
    return (1 + erf(score / sqrt(2))) / 2


def normal_score(share: float) -> float:
    """Return the standard normal quantile of a probability."""
    return _STANDARD.inv_cdf(share)


def normal_density(score: float) -> float:
    """Return the standard normal density at ``score``."""
    return exp(-(score**2) / 2) / sqrt(2 * pi)


def as_decimal(number: float) -> Decimal:
    """Return a float as a Decimal with its shortest digits."""
    return Decimal(repr(number))


def ended(mean: float) -> Decimal:
    """Return a mean with infinitely many digits rounded to ``_MEAN_DIGITS`` digits."""
    return _ROUNDED.create_decimal_from_float(mean)


def _part(piece: Piece) -> float:
    """Return a piece's part of the mean of a + b z: a P(piece) + b (density(start) - density(end))."""
    weight = normal_below(piece.end) - normal_below(piece.start)
    return piece.intercept * weight + piece.slope * (normal_density(piece.start) - normal_density(piece.end))


def _log_part(piece: Piece) -> float:
    """Return a piece's contribution to the mean of exp(a + b z): a lognormal between two scores."""
    start, end, intercept, slope = piece
    whole = exp(intercept + slope**2 / 2)
    return whole * (normal_below(end - slope) - normal_below(start - slope))
