"""What is not known: distributions of the mean of a field, and the fields that have one.

Not of calls: how calls differ from each other is ``per_call``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from itertools import pairwise
from math import erf, exp, inf, isfinite, log, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from routecost.units import MAX_DIGITS

if TYPE_CHECKING:
    from routecost.model.scenario import Scenario

FieldPath = tuple[str | int, ...]

_STANDARD = NormalDist()
_ROUNDED = Context(prec=MAX_DIGITS)


class Distribution(Protocol):
    """What is known of a number."""

    @property
    def mean(self) -> Decimal:
        """The mean, which stands for the number wherever nothing is drawn."""
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
        """Return the one with this mean and standard deviation (of the number, not its logarithm)."""
        variance = log(1 + (float(sd) / float(mean)) ** 2)
        return cls(mean, log(float(mean)) - variance / 2, sqrt(variance))

    @classmethod
    def of_median(cls, median: Decimal, p90: Decimal) -> LogNormal:
        """Return the one with this median, of which 90% lies below ``p90``."""
        mu = log(float(median))
        sigma = (log(float(p90)) - mu) / normal_score(0.9)
        return cls(as_decimal(exp(mu + sigma**2 / 2)), mu, sigma)

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``."""
        if value <= 0:
            return 0.0
        distance = log(value) - self.mu if isfinite(value) else inf
        return normal_below(distance / self.sigma) if self.sigma else float(distance >= 0)


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every value from ``low`` to ``high`` is as likely as any other."""

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
    """A density that rises from ``low`` to ``mode`` and falls to ``high``, both in a straight line."""

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
    """A share, as ``alpha`` - 1 successes and ``beta`` - 1 failures leave it to be believed."""

    mean: Decimal
    alpha: float
    beta: float

    def below(self, value: float) -> float:
        """Return the probability of being at most ``value``, which must not lie between 0 and 1."""
        assert not 0 < value < 1, value
        return float(value >= 1)


class Piece(NamedTuple):
    """Scores from ``start`` to ``end``, where the value (or its logarithm) is linear in them."""

    start: float
    end: float
    intercept: float
    slope: float


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Given quantiles: ``shares`` of the probability lie below ``values``, both rising.

    Between two of them, and beyond the outermost along the nearest two, the value is linear in the
    normal score of the share: the distribution is normal from piece to piece. With ``is_log`` the
    value's logarithm is, and values are positive.
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
        """What is linear in the scores: the values, or their logarithms."""
        return tuple(log(value) if self.is_log else float(value) for value in self.values)

    @property
    def mean(self) -> Decimal:
        """The mean, in closed form from the pieces."""
        return as_decimal(sum(map(_log_part if self.is_log else _part, self._pieces())))

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
    """Return what a piece adds to the mean of a + b z: a P(piece) + b (density(start) - density(end))."""
    weight = normal_below(piece.end) - normal_below(piece.start)
    return piece.intercept * weight + piece.slope * (_density(piece.start) - _density(piece.end))


def _log_part(piece: Piece) -> float:
    """Return what a piece adds to the mean of exp(a + b z): a lognormal one, between two scores."""
    start, end, intercept, slope = piece
    whole = exp(intercept + slope**2 / 2)
    return whole * (normal_below(end - slope) - normal_below(start - slope))


@dataclass(frozen=True, slots=True)
class UncertainField:
    """A field of a scenario that is not known; values are within ``low`` and ``high`` (None: no bound).

    ``monthly`` fields have another value in each month.
    """

    path: FieldPath
    distribution: Distribution
    low: Decimal | None = None
    high: Decimal | None = None
    monthly: bool = False

    @property
    def name(self) -> str:
        """The path as people write it."""
        return ".".join(map(str, self.path))


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What is uncertain in a scenario, and a way to the scenario for other values of it.

    ``redraw`` takes a value for each path, a Decimal or what acts like one, and checks the result
    as the file itself would be; it raises DocumentError.
    """

    fields: tuple[UncertainField, ...]
    redraw: Callable[[Mapping[FieldPath, Any]], Scenario] = field(compare=False, repr=False)


def normal_below(score: float) -> float:
    """Return the probability that a standard normal number is at most ``score``."""
    return (1 + erf(score / sqrt(2))) / 2


def normal_score(share: float) -> float:
    """Return the standard normal number that this share of the probability lies below."""
    return _STANDARD.inv_cdf(share)


def _density(score: float) -> float:
    return exp(-(score**2) / 2) / sqrt(2 * pi)


def as_decimal(number: float) -> Decimal:
    """Return a number with the digits that it is written with."""
    return Decimal(repr(number))
