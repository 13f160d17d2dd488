"""Published metrics of curves of cost and quality, as their papers define them."""

from __future__ import annotations

from math import log2

import numpy as np

from routecost.optimize.outcomes.data import Floats

ARENA_COSTS = (0.0044, 200.0)
"""The bounds of cost in RouterArena's score, in USD per 1,000 queries."""


def area(cost: Floats, quality: Floats, low: float, high: float, at_low: float | None = None) -> float:
    """Return the area under a curve between two costs, by the trapezoid rule.

    ``cost`` and ``quality`` (points, in any order) are in currency per query and 0 to 1. Between points the
    curve is linear, after the last point it is level. If the first point costs more than ``low``, the curve
    begins at (``low``, ``at_low``); without ``at_low`` it is level there. Raises ValueError for no point
    and for bounds of which ``low`` is not the lower.
    """
    if not len(cost) or low >= high:
        raise ValueError(f"no area between {low} and {high} under {len(cost)} points")
    order = np.lexsort((quality, cost))
    cost, quality = cost[order], quality[order]
    if at_low is not None and low < cost[0]:
        cost, quality = np.insert(cost, 0, low), np.insert(quality, 0, at_low)
    inside = (cost > low) & (cost < high)
    ends = np.interp([low, high], cost, quality)
    between = np.concatenate([[low], cost[inside], [high]])
    heights = np.concatenate([[ends[0]], quality[inside], [ends[1]]])
    return float(np.trapezoid(heights, between))


def mean_quality(cost: Floats, quality: Floats, model_cost: Floats, model_quality: Floats) -> float:
    """Return the AUC of Dekoninck, Baader and Vechev (arXiv:2410.10347): the mean height of the curve.

    It is taken between the costs of the cheapest and the costliest model. A curve that begins at a higher
    cost than the cheapest model begins there at the quality of the worst. Arguments as in :func:`area`.
    """
    low, high = float(model_cost.min()), float(model_cost.max())
    return area(cost, quality, low, high, float(model_quality.min())) / (high - low)


def apgr(strong_share: Floats, quality: Floats, weak: float, strong: float) -> float:
    """Return the average performance gap recovered (RouteLLM, arXiv:2406.18665).

    It is the area under (quality - weak) / (strong - weak) over the share of calls to the strong model,
    divided by the range of shares: 0.5 for a random router, 1 for the strong model throughout.
    ``strong_share`` (0 to 1) and ``quality`` are by point. Raises ValueError if both models are equally
    good.
    """
    low, high = float(strong_share.min()), float(strong_share.max())
    return area(strong_share, _recovered(quality, weak, strong), low, high) / (high - low)


def cpt(strong_share: Floats, quality: Floats, weak: float, strong: float, level: float) -> float | None:
    """Return the call-performance threshold (RouteLLM, arXiv:2406.18665).

    It is the least share of calls to the strong model that recovers ``level`` (0 to 1) of the gap between
    both models, with linear interpolation between points; None if no point recovers it. Arguments as in
    :func:`apgr`.
    """
    order = np.lexsort((quality, strong_share))
    share, recovered = strong_share[order], _recovered(quality, weak, strong)[order]
    enough = np.flatnonzero(recovered >= level - 1e-12)
    if not enough.size:
        return None
    at = int(enough[0])
    if at == 0:
        return float(share[0])
    return float(np.interp(level, recovered[at - 1 : at + 1], share[at - 1 : at + 1]))


def _recovered(quality: Floats, weak: float, strong: float) -> Floats:
    if weak == strong:
        raise ValueError(f"there is no gap between models of quality {weak} and {strong}")
    return (quality - weak) / (strong - weak)


def arena_score(accuracy: float, cost_per_1000: float, beta: float = 0.1) -> float:
    """Return RouterArena's score of accuracy (0 to 1) and cost, in USD per 1,000 queries.

    S = (1 + beta) A C / (beta A + C), where C is 1 at $0.0044 and 0 at $200, on a logarithmic scale. Raises
    ValueError for a cost outside of these, where C is not defined.
    """
    low, high = ARENA_COSTS
    if not low <= cost_per_1000 <= high:
        raise ValueError(f"a cost of {cost_per_1000} per 1,000 queries is not between {low} and {high}")
    cheapness = (log2(high) - log2(cost_per_1000)) / (log2(high) - log2(low))
    if accuracy == 0:
        return 0.0
    return (1 + beta) * accuracy * cheapness / (beta * accuracy + cheapness)
