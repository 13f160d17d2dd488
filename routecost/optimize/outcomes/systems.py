"""Routing between systems of agents: the mode, the roles and their tiers by category or cluster.

An outcome's model is then a system: ``debate/sonnet``, or ``debate/critic=haiku+solver=opus`` with a tier per
role. A system is measured as a whole, so that choosing mode, roles and tiers together is exact: no choice of
one after the other (MasRouter, ACL 2025) is better on the training data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routecost.model.outcomes.policies import SystemRouting
from routecost.optimize.outcomes.category_routing import fit_category_routing
from routecost.optimize.outcomes.clusters import find_clusters, members
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.execute import results
from routecost.optimize.outcomes.hull import ROUNDING


def fit_systems(
    train: Outcomes,
    controller: float = 0.0,
    clusters: int = 4,
    most: int = 100,
    *,
    budget: float | None = None,
    min_quality: float | None = None,
) -> list[SystemRouting]:
    """Return the routings between systems on the training frontier, cheapest first, at most ``most``.

    The best ones within limits are added. ``controller`` is the cost of choosing, in currency per query;
    ``budget`` is what it leaves. Queries are routed by their categories, and by at most ``clusters`` clusters
    of their features, if these are better; the list is empty if they have neither. A table that gives all
    queries one system is left out: it needs no controller, and is among the mixtures.
    """
    groups = find_clusters(train, clusters) if train.features else None
    by_group = None if groups is None else replace(train, categories=members(groups, train))
    tables = [
        SystemRouting(table.routes, table.default, controller, of)
        for part, of in ((train, None), (by_group, groups))
        if part is not None
        for table in fit_category_routing(part, most, budget=budget, min_quality=min_quality)
        if len({tuple(shares) for shares in table.routes.values()}) > 1
    ]
    return _frontier(tables, train)


def _frontier(tables: Sequence[SystemRouting], train: Outcomes) -> list[SystemRouting]:
    """Return the tables that no other one beats on train, cheapest first; of equal ones, the first given."""
    points = [(run.cost_per_query, run.quality) for run in results(tables, train)]

    def is_beaten(at: int) -> bool:
        cost, quality = points[at]
        return any(
            other_cost <= cost * (1 + ROUNDING)
            and other_quality >= quality - ROUNDING
            and (other < at or other_cost < cost * (1 - ROUNDING) or other_quality > quality + ROUNDING)
            for other, (other_cost, other_quality) in enumerate(points)
        )

    kept = [at for at in range(len(tables)) if not is_beaten(at)]
    return [tables[at] for at in sorted(kept, key=points.__getitem__)]
