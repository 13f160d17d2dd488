"""Counts work instead of time: calls of functions, and the characters that are compared."""

from __future__ import annotations

import cProfile
import difflib
from collections.abc import Callable
from typing import Any


def work(run: Callable[[], object]) -> int:
    """Return the number of calls that a function makes, with the characters that difflib compares."""
    count = 0
    quick, full = difflib.SequenceMatcher.quick_ratio, difflib.SequenceMatcher.ratio

    def counted(ratio: Callable[[Any], float], product: bool) -> Callable[[Any], float]:
        def compare(matcher: Any) -> float:
            nonlocal count
            first, second = len(matcher.a), len(matcher.b)
            count += first * second if product else first + second
            return ratio(matcher)

        return compare

    matcher: Any = difflib.SequenceMatcher
    matcher.quick_ratio, matcher.ratio = counted(quick, False), counted(full, True)
    calls = cProfile.Profile()
    try:
        calls.runcall(run)
    finally:
        matcher.quick_ratio, matcher.ratio = quick, full
    return count + sum(entry.callcount for entry in calls.getstats())


def growth(run: Callable[[int], Callable[[], object]], size: int) -> float:
    """Return by how much the work grows when a size doubles: 2 if it is linear, 4 if it is quadratic.

    ``run`` prepares the input of a size. A first run loads what every run needs.
    """
    run(1)()
    first, second, third = (work(run(size * factor)) for factor in (1, 2, 4))
    return (third - second) / (second - first) if second > first else 0.0
