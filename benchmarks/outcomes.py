"""All cascades of up to three of nine models, against a loop over masks of queries, in the same run."""

from __future__ import annotations

import sys
import time
import tracemalloc
from itertools import permutations

import numpy as np

from routecost.optimize.outcomes.calibration import calibrations, probability
from routecost.optimize.outcomes.cascades import Search
from routecost.optimize.outcomes.data import Floats, Outcomes, Split

QUERIES, MODELS, QUANTILES, LONGEST = 1_500, 9, 40, 3
LOOPED = 6
"""The number of chains of three models that the loop runs; it would take minutes for all of them."""
LEAST, MOST_MB = 20.0, 50.0


def main() -> int:
    """Print the times, their ratio and the peak memory; return 1 if one is beyond its limit."""
    train = sample()
    before = time.process_time()
    search = Search(train, calibrations(train, "identity"), QUANTILES)
    choices = 0
    for grid in search.grids(LONGEST):
        grid.best()
        choices += len(grid.cost)
    ours = time.process_time() - before
    chains = list(permutations(train.models, LONGEST))[:: -(-504 // LOOPED)]
    before = time.process_time()
    loops = [loop(train, chain) for chain in chains]
    looped = (time.process_time() - before) / (len(chains) * QUANTILES**2) * choices
    for chain, (cost, quality) in zip(chains, loops, strict=True):
        (grid,) = search.of_chains(chain[:-1], chain[-1:])
        if not (np.allclose(grid.cost, cost, rtol=1e-9) and np.allclose(grid.quality, quality, rtol=1e-9)):
            print(f"the cascades {' > '.join(chain)} differ from those of the loop")
            return 1
    memory = peak(train)
    print(f"all {choices:,} cascades of {QUERIES:,} queries       {ours:8.2f} s")
    print(f"a loop over masks ({len(chains)} chains, scaled)    {looped:8.2f} s, with equal results")
    print(f"ratio of loop to all                        {looped / ours:8.1f}    at least {LEAST}")
    print(f"peak memory                                 {memory:8.1f} MB limit {MOST_MB}")
    return int(looped / ours < LEAST or memory > MOST_MB)


def sample() -> Outcomes:
    """Return outcomes of hard and easy queries, with a confidence that says something about them."""
    draw = np.random.default_rng(7)
    margin = np.linspace(-1, 2, MODELS) - draw.normal(size=(QUERIES, 1))
    score = (draw.random(margin.shape) < 1 / (1 + np.exp(-1.5 * margin))).astype(float)
    cost = np.geomspace(0.1, 5, MODELS) * draw.gamma(9, 1 / 9, margin.shape)
    names = tuple(f"m{at}" for at in range(MODELS))
    splits = np.full(QUERIES, Split.TRAIN)
    confidence = margin + draw.normal(size=margin.shape)
    return Outcomes(tuple(map(str, range(QUERIES))), names, score, cost, splits, confidence)


def loop(train: Outcomes, chain: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return cost and quality of all thresholds of a chain of three models, one by one."""
    useful = calibrations(train.of_models(chain[:-1]), "identity")
    one, two, three = (train.models.index(model) for model in chain)
    assert train.confidence is not None
    first, second = (probability(useful[train.models[at]], train.confidence[:, at]) for at in (one, two))
    levels = (np.arange(QUANTILES) + 0.4) / QUANTILES
    costs, qualities = [], []
    for threshold in np.quantile(first, levels):
        escalated = first < threshold
        for other in np.quantile(second[escalated], levels):
            again = escalated & (second < other)
            stopped = escalated & ~again
            right = train.score[~escalated, one].sum() + train.score[stopped, two].sum()
            qualities.append((right + train.score[again, three].sum()) / QUERIES)
            spent = train.cost[:, one].sum() + train.cost[escalated, two].sum()
            costs.append((spent + train.cost[again, three].sum()) / QUERIES)
    return np.array(costs), np.array(qualities)


def peak(train: Outcomes) -> float:
    """Return the peak memory of a search, in MB."""
    tracemalloc.start()
    search = Search(train, calibrations(train, "identity"), QUANTILES)
    kept = [grid.best() for grid in search.grids(LONGEST)]
    memory = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return memory / 1e6 if kept else 0.0


if __name__ == "__main__":
    sys.exit(main())
