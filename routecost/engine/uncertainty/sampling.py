"""Random numbers for uncertain fields, each with its own stream, independent of other fields."""

from __future__ import annotations

from hashlib import sha256

import numpy as np

from routecost.engine.uncertainty.path_vectors import Floats
from routecost.model.scenario.distributions import (
    Beta,
    Dirichlet,
    Distribution,
    LogNormal,
    Normal,
    Quantiles,
    Triangular,
    Uniform,
)
from routecost.model.scenario.uncertain_field import UncertainField

_ROUNDED_OFF = 1e-14
"""The relative part of each share that leaves room for rounding errors, so that no remainder is negative."""


def draw(field: UncertainField, runs: int, seed: int, months: int = 1) -> Floats:
    """Return ``runs`` values of a field, or of each month or share that it has.

    The stream depends on the seed and the field's name alone (PCG64). Values outside the field's bounds
    are drawn again: the distribution is truncated there.
    """
    generator = generator_of(field.name, seed)
    if isinstance(field.distribution, Dirichlet):
        return _shares(field.distribution, generator, runs)
    low = -np.inf if field.low is None else float(field.low)
    high = np.inf if field.high is None else float(field.high)
    distribution = field.distribution
    values = _sample(distribution, generator, runs * months if field.monthly else runs)
    while values.min() < low or values.max() > high:
        places = np.flatnonzero((values < low) | (values > high))
        values[places] = _sample(distribution, generator, places.size)
    return values.reshape(months, runs) if field.monthly else values


def generator_of(name: str, seed: int) -> np.random.Generator:
    """Return the generator of a stream with a name."""
    return np.random.Generator(np.random.PCG64(_stream(name, seed)))


def _stream(name: str, seed: int) -> np.random.SeedSequence:
    digest = sha256(name.encode()).digest()
    words = [int.from_bytes(digest[at : at + 4], "little") for at in range(0, 16, 4)]
    return np.random.SeedSequence(seed, spawn_key=tuple(words))


def _sample(distribution: Distribution, generator: np.random.Generator, runs: int) -> Floats:
    match distribution:
        case Normal(mean, sd):
            return _normal(float(mean), float(sd), generator.standard_normal(runs))
        case LogNormal(mu=mu, sigma=sigma):
            scores = _normal(mu, sigma, generator.standard_normal(runs))
            return np.exp(scores, out=scores)
        case Uniform(low, high):
            return generator.uniform(float(low), float(high), runs)
        case Triangular(low, mode, high):
            return _triangular(float(low), float(mode), float(high), generator.random(runs))
        case Beta(alpha=alpha, beta=beta):
            return generator.beta(alpha, beta, runs)
        case Quantiles():
            return _between(distribution, generator.standard_normal(runs))
        case _:
            raise TypeError(f"no way to draw from {distribution!r}")


def _shares(distribution: Dirichlet, generator: np.random.Generator, runs: int) -> Floats:
    """Return shares that sum to 1 on each path: gamma variates over their sum.

    Devroye, Non-Uniform Random Variate Generation, 1986, section XI.4. Logarithms, and a gamma variate
    with the concentration a as one with a + 1 times U^(1/a) (Marsaglia and Tsang, ACM Transactions on
    Mathematical Software 26, 2000), so that no concentration is too small.
    """
    concentrations = np.array(distribution.concentrations)[:, None]
    size = (len(concentrations), runs)
    logs = np.log(generator.standard_gamma(concentrations + 1, size))
    logs += np.log(1 - generator.random(size)) / concentrations
    parts = np.exp(logs - logs.max(axis=0))
    shares: Floats = parts / parts.sum(axis=0) * (1 - _ROUNDED_OFF)
    return shares


def _normal(mean: float, sd: float, scores: Floats) -> Floats:
    """Turn scores into the values at them, in place."""
    scores *= sd
    scores += mean
    return scores


def _triangular(low: float, mode: float, high: float, shares: Floats) -> Floats:
    """Return the quantiles of a triangular distribution at these shares."""
    rising = np.sqrt(shares * (high - low) * (mode - low))
    falling = np.sqrt((1 - shares) * (high - low) * (high - mode))
    return np.where(shares * (high - low) < mode - low, low + rising, high - falling)


def _between(given: Quantiles, scores: Floats) -> Floats:
    """Return the values at normal scores, extrapolated linearly beyond the outermost."""
    knots, values = np.array(given.scores), np.array(given.heights)
    between: Floats = np.interp(scores, knots, values)
    for end, inner, outside in ((0, 1, scores < knots[0]), (-1, -2, scores > knots[-1])):
        slope = (values[end] - values[inner]) / (knots[end] - knots[inner])
        between[outside] = values[end] + slope * (scores[outside] - knots[end])
    return np.exp(between) if given.is_log else between
