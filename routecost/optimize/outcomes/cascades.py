"""Threshold cascades: chains of models, each with the confidence at which it stops.

All chains of different models up to a length, in any order. The thresholds of a model are quantiles of its
confidences on the training queries that reach it (of one chain, on all of them: :func:`fit_chain`).
Sums by ranges of two confidences make each pair of thresholds O(1), however many queries there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from routecost.engine.numeric.pareto_frontier import frontier
from routecost.model.outcomes.policies import Calibration, ThresholdCascade
from routecost.optimize.outcomes.calibration import calibrations, confidence_of, probability
from routecost.optimize.outcomes.data import Floats, Outcomes
from routecost.records import dataclass


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grid:
    """Choices of thresholds for a chain (choices x steps), and their mean quality and cost in training."""

    chain: tuple[str, ...]
    thresholds: Floats
    quality: Floats
    cost: Floats

    def best(self) -> Grid:
        """Return the choices that no other beats, cheapest first; of equal ones, the first."""
        kept = np.flatnonzero(frontier(self.cost, self.quality))
        kept = kept[np.lexsort((kept, self.cost[kept]))]
        kept = kept[np.append(True, np.diff(self.cost[kept]) > 0)]
        return Grid(self.chain, self.thresholds[kept], self.quality[kept], self.cost[kept])


def fit_cascades(
    train: Outcomes,
    longest: int = 3,
    quantiles: int = 40,
    *,
    transform: str = "identity",
) -> list[ThresholdCascade]:
    """Return the cascades that no other beats on both cost and quality in training, cheapest first.

    All models of a chain but the last have a useful confidence (``calibration.calibrations``); a chain of
    one is that model. Raises ValueError if there is no query, and for no models or quantiles.
    """
    if longest < 1 or quantiles < 1:
        raise ValueError(
            f"chains of up to {longest} models with {quantiles} thresholds each; both are at least 1"
        )
    useful = calibrations(train, transform)
    search = Search(train, useful, quantiles)
    grids = [grid.best() for grid in search.grids(longest)]
    places = [(grid, row) for grid in grids for row in range(len(grid.cost))]
    costs, qualities = (np.concatenate([getattr(grid, of) for grid in grids]) for of in ("cost", "quality"))
    kept = Grid((), np.arange(len(places), dtype=float)[:, None], qualities, costs).best()
    return [_policy(*places[int(at)], useful) for at in kept.thresholds[:, 0]]


def fit_chain(
    train: Outcomes, chain: Sequence[str], quantiles: int = 40, *, transform: str = "identity"
) -> list[ThresholdCascade]:
    """Return the cascades of one chain by the grid search of Rational Tuning of LLM Cascades, cheapest first.

    Thresholds are quantiles of all queries, the quality of an answer is its calibrated probability, and a
    call has the mean cost of its model: no other cascade of the chain beats these in what is expected of
    training. Any confidence counts that can be calibrated at all; raises ValueError for a model, other than
    the last, whose confidence cannot.
    """
    useful = calibrations(train, transform, chance=1.0)
    if useless := [model for model in chain[:-1] if model not in useful]:
        raise ValueError(f"no confidence that can be calibrated: {', '.join(useless)}")
    search = Search(train, useful, quantiles, as_published=True)
    (grid,) = search.of_chains(tuple(chain[:-1]), (chain[-1],))
    grid = grid.best()
    return [_policy(grid, row, useful) for row in range(len(grid.cost))]


def _policy(grid: Grid, row: int, useful: Mapping[str, Calibration]) -> ThresholdCascade:
    calibrated = tuple(useful[model] for model in grid.chain[:-1])
    return ThresholdCascade(grid.chain, tuple(grid.thresholds[row].tolist()), calibrated)


class Search:
    """Qualities and costs of all thresholds of chains."""

    def __init__(
        self,
        train: Outcomes,
        useful: Mapping[str, Calibration],
        quantiles: int,
        *,
        as_published: bool = False,
    ) -> None:
        if not len(train):
            raise ValueError("there is no query to learn from")
        self.models, self.order, self.useful = train.models, train.by_cost, useful
        self.levels = (np.arange(quantiles) + 0.4) / quantiles
        self.conditional = not as_published
        self.chance = np.full(train.score.shape, np.nan)
        for model, calibration in useful.items():
            chance = probability(calibration, confidence_of(train, model))
            self.chance[:, train.models.index(model)] = chance
        self.score, self.cost = np.ascontiguousarray(train.score), np.ascontiguousarray(train.cost)
        if as_published:
            known = np.array([model in useful for model in train.models])
            self.score = np.where(known, self.chance, self.score.mean(axis=0))
            self.cost = np.broadcast_to(self.cost.mean(axis=0), self.cost.shape)

    def grids(self, longest: int) -> Iterator[Grid]:
        """Return the choices of all chains: short ones first, then by the mean cost of their models."""
        names = [self.models[at] for at in self.order]
        for steps in range(min(longest, len(names))):
            for before in permutations([name for name in names if name in self.useful], steps):
                lasts = [name for name in names if name not in before]
                if lasts:
                    yield from self.of_chains(before, lasts)

    def of_chains(self, before: tuple[str, ...], lasts: Sequence[str]) -> Iterator[Grid]:
        """Return the choices of the chains that run the same models before different last ones."""
        steps = tuple(self.models.index(model) for model in before)
        ends = [self.models.index(model) for model in lasts]
        thresholds, quality, cost = self._sums(steps, ends, np.arange(len(self.score)))
        for model, scores, costs in zip(lasts, quality.T, cost.T, strict=True):
            yield Grid((*before, model), thresholds, scores / len(self.score), costs / len(self.score))

    def _sums(
        self, steps: tuple[int, ...], ends: Sequence[int], rows: NDArray[np.intp]
    ) -> tuple[Floats, Floats, Floats]:
        """Return thresholds (choices x steps), and qualities and costs (choices x ends), summed over rows."""
        if not steps:
            score, cost = self.score[rows][:, ends], self.cost[rows][:, ends]
            return np.empty((1, 0)), score.sum(axis=0)[None], cost.sum(axis=0)[None]
        if len(steps) == 2:
            return self._two_steps(steps, ends, rows)
        first, chance = steps[0], self.chance[rows, steps[0]]
        parts = []
        for threshold in self._thresholds(first, rows):
            stops = chance >= threshold
            inner, quality, cost = self._sums(steps[1:], ends, rows[~stops])
            quality = quality + self.score[rows[stops], first].sum()
            own = np.full((len(inner), 1), threshold)
            parts.append((np.hstack([own, inner]), quality, cost + self.cost[rows, first].sum()))
        thresholds, qualities, costs = zip(*parts, strict=True)
        return np.concatenate(thresholds), np.concatenate(qualities), np.concatenate(costs)

    def _thresholds(self, model: int, rows: NDArray[np.intp]) -> Floats:
        """Return the thresholds of a model that these queries reach; if none do, those of all queries."""
        reached = rows if self.conditional and len(rows) else slice(None)
        quantiles: Floats = np.quantile(self.chance[reached, model], self.levels)
        return quantiles

    def _two_steps(
        self, steps: tuple[int, ...], ends: Sequence[int], rows: NDArray[np.intp]
    ) -> tuple[Floats, Floats, Floats]:
        """Return what `_sums` does for two steps, from sums over ranges of both confidences.

        A query is in range r of the first if it stops at the r lowest thresholds only. So what thresholds
        (i, j) pass on is the sum over ranges up to i and, of the second, below threshold j.
        """
        one, two = steps
        chance, other = self.chance[rows, one], self.chance[rows, two]
        order = np.argsort(other, kind="stable")
        other = other[order]
        firsts = self._thresholds(one, rows)
        reach = np.searchsorted(firsts, chance, side="right")
        if self.conditional:
            reached = reach[order]
            parts = (other[reached <= at] for at in range(len(firsts)))
            of_all = self._thresholds(two, rows[:0])
            seconds = np.array([_quantiles(part, self.levels) if len(part) else of_all for part in parts])
        else:
            seconds = np.tile(self._thresholds(two, rows), (len(firsts), 1))
        # How many queries are below each second threshold; the ranges are between these numbers.
        edges, edge = np.unique(np.searchsorted(other, seconds), return_inverse=True)
        cell = reach * (len(edges) + 1)
        cell[order] += np.searchsorted(edges, np.searchsorted(other, other), side="right")
        shape = len(firsts) + 1, len(edges) + 1
        at = np.arange(len(firsts))[:, None], edge.reshape(seconds.shape)

        def passed_on(values: Floats) -> Floats:
            sums = np.bincount(cell, values, shape[0] * shape[1]).reshape(shape)
            result: Floats = sums.cumsum(axis=0).cumsum(axis=1)[at].ravel()
            return result

        def reaching(values: Floats) -> Floats:
            return np.repeat(np.bincount(reach, values, shape[0]).cumsum()[:-1], seconds.shape[1])

        score, cost = self.score[rows], self.cost[rows]
        quality = score[:, one].sum() - reaching(score[:, one] - score[:, two]) - passed_on(score[:, two])
        spent = cost[:, one].sum() + reaching(cost[:, two])
        thresholds = np.column_stack([np.repeat(firsts, seconds.shape[1]), seconds.ravel()])
        qualities = np.column_stack([quality + passed_on(score[:, end]) for end in ends])
        return thresholds, qualities, np.column_stack([spent + passed_on(cost[:, end]) for end in ends])


def _quantiles(values: Floats, levels: Floats) -> Floats:
    """Return what np.quantile does, of sorted values."""
    places = levels * (len(values) - 1)
    low = places.astype(int)
    start, end, part = values[low], values[np.minimum(low + 1, len(values) - 1)], places - low
    quantiles: Floats = np.where(part < 0.5, start + (end - start) * part, end - (end - start) * (1 - part))
    return quantiles
