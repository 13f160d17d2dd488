"""CPU time of the frontier of all mixes of five tiers, against sorting their costs, in the same run."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from routecost.engine.mixes.simplex_lattice import simplex
from routecost.engine.numeric.pareto_frontier import frontier

TIERS, STEPS, RUNS = 5, 100, 7
COSTS = (0.8, 3.0, 5.0, 9.0, 15.0)
RATES = (0.60, 0.80, 0.85, 0.90, 0.95)
LIMIT = 2.0


def main() -> int:
    """Print the times and their ratio; return 1 if it is above the limit."""
    table = simplex((STEPS,) * TIERS, STEPS)
    cost, quality = table.dot(COSTS), table.dot(RATES)
    noise = np.random.default_rng(7).random(len(cost))
    sort = _fastest(lambda: np.sort(cost))
    mixes = _fastest(lambda: frontier(cost, quality))
    unrelated = _fastest(lambda: frontier(cost, noise))
    print(f"np.sort of the costs of {len(cost):,} mixes     {sort * 1000:7.1f} ms, fastest of {RUNS}")
    print(f"frontier of the mixes                        {mixes * 1000:7.1f} ms")
    print(f"frontier of quality that has no order        {unrelated * 1000:7.1f} ms")
    print(f"ratio of frontier to sort                    {mixes / sort:7.2f}    limit {LIMIT}")
    return int(mixes / sort > LIMIT)


def _fastest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(RUNS):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


if __name__ == "__main__":
    sys.exit(main())
