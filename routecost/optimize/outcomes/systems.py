"""Routing between systems of agents: the mode, the roles and their tiers by category or cluster.

An outcome's model is then a system: ``debate/sonnet``, or ``debate/critic=haiku+solver=opus`` with a tier per
role. A system is measured as a whole, so that choosing mode, roles and tiers together is exact: no choice of
one after the other (MasRouter, ACL 2025) is better on the training data.
"""

from __future__ import annotations

from dataclasses import replace

from routecost.model.outcomes.policies import SystemRouting
from routecost.optimize.outcomes.category_routing import fit_category_routing
from routecost.optimize.outcomes.clusters import find_clusters, members
from routecost.optimize.outcomes.data import Outcomes


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
    ``budget`` is what it leaves. Queries without categories are routed by
    at most ``clusters`` clusters of their features; the list is empty if they have neither. A table that
    gives all queries one system is left out: it needs no controller, and is among the mixtures.
    """
    groups = None
    if train.categories is None and train.features:
        groups = find_clusters(train, clusters)
        train = replace(train, categories=members(groups, train))
    return [
        SystemRouting(table.routes, table.default, controller, groups)
        for table in fit_category_routing(train, most, budget=budget, min_quality=min_quality)
        if len({tuple(shares) for shares in table.routes.values()}) > 1
    ]
