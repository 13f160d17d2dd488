"""Tasks drawn one by one, by chance, for tests that expected usage is the mean of what happens.

Written from the description of each strategy, not from its code: every task draws its own fate.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from math import sqrt
from typing import Any

Fate = tuple[float, bool]
"""What a task costs, and whether it ends right."""


def mean_and_error(draw: Callable[[random.Random], Fate], runs: int, seed: int) -> tuple[Any, Any]:
    """Return (mean, standard error) of the cost and of the success of ``runs`` tasks."""
    chance = random.Random(seed)
    fates = [draw(chance) for _ in range(runs)]
    return _moments([cost for cost, _ in fates]), _moments([float(right) for _, right in fates])


def _moments(values: list[float]) -> tuple[float, float]:
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return mean, sqrt(variance / len(values))
