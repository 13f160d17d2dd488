"""Percentile bands of months and of cumulative spend, each computed from the paths themselves.

The band of a sum is not the sum of bands: a path that is expensive in one month need not be in the
next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from routecost.engine.uncertainty.linear_combination import LinearCombination, Shape, rounded
from routecost.engine.uncertainty.path_vectors import PathVectors
from routecost.engine.uncertainty.quantiles import QuantileCache, Triple, errors
from routecost.model.results.outlook import Band
from routecost.model.scenario.distributions import as_decimal
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class PercentileBands:
    """A strategy's bands by month and cumulative; ``error`` has the standard errors of ``total``."""

    months: tuple[Band, ...]
    cumulative: tuple[Band, ...]
    error: Band
    total: LinearCombination


class BandCalculator:
    """Computes bands; strategies whose months all differ by the same factor share the computation."""

    def __init__(self, space: PathVectors) -> None:
        self._space = space
        self._quantiles = QuantileCache(space)
        self._computed: dict[tuple[Alike, ...], tuple[float, _FloatBands]] = {}

    def bands_of(self, months: Sequence[LinearCombination]) -> PercentileBands:
        """Return the bands of months, given their costs."""
        scale = next((month.scale for month in months if month.terms), 1.0)
        key = tuple(_alike(month, scale) for month in months)
        if key not in self._computed:
            self._computed[key] = scale, self._compute(months)
        base, bands = self._computed[key]
        return bands.times(scale / base)

    def _compute(self, months: Sequence[LinearCombination]) -> _FloatBands:
        bands, so_far, total = [], [], LinearCombination()
        for month in months:
            bands.append(self._quantiles.of(month))
            before, total = total, self._space.accumulated(total, month)
            so_far.append(self._quantiles.of(total))
            self._space.forget(before)
            self._space.forget(month)
        error = errors(self._space.values(total)) if total.terms else (0.0, 0.0, 0.0)
        return _FloatBands(tuple(bands), tuple(so_far), error, total)


Alike: TypeAlias = tuple[Shape, float, float]
"""The key that months share: their shape, and scale and constant relative to a first one."""


def _alike(month: LinearCombination, scale: float) -> Alike:
    size = month.scale / scale if month.terms else 0.0
    return month.shape, rounded(size), rounded(month.constant / scale)


class _FloatBands(NamedTuple):
    """Bands as floats."""

    months: tuple[Triple, ...]
    cumulative: tuple[Triple, ...]
    error: Triple
    total: LinearCombination

    def times(self, factor: float) -> PercentileBands:
        """Return the bands of costs times a factor."""

        def bands(triples: Sequence[Triple]) -> tuple[Band, ...]:
            return tuple(_band(_scaled(triple, factor)) for triple in triples)

        (error,) = bands([self.error])
        return PercentileBands(bands(self.months), bands(self.cumulative), error, self.total.times(factor))


def _scaled(triple: Triple, factor: float) -> Triple:
    low, middle, high = (value * factor for value in triple)
    return low, middle, high


def _band(triple: Triple) -> Band:
    low, middle, high = map(as_decimal, triple)
    return Band(low, middle, high)
