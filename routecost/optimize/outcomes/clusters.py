"""Clusters of queries with similar features, for policies where no category is given."""

from __future__ import annotations

import numpy as np

from routecost.model.outcomes.policies import Clusters
from routecost.optimize.outcomes.data import Floats, Outcomes

_MOST_ROUNDS = 100


def find_clusters(train: Outcomes, count: int) -> Clusters:
    """Return at most ``count`` clusters of the queries by all their features: k-means without chance.

    The first center is the mean of all queries; each further one is the query that is farthest from the
    centers so far. Raises ValueError if there is no feature or no query.
    """
    if not train.features or not len(train):
        raise ValueError("there are no features to find clusters by")
    names = tuple(sorted(train.features))
    values = np.column_stack([train.features[name] for name in names])
    means, deviations = values.mean(axis=0), values.std(axis=0)
    deviations[deviations == 0] = 1
    points = (values - means) / deviations
    centers = _centers(points, count)
    order = np.lexsort(centers.T[::-1])
    named = {f"cluster-{at + 1}": tuple(centers[row].tolist()) for at, row in enumerate(order)}
    return Clusters(names, tuple(means.tolist()), tuple(deviations.tolist()), named)


def members(clusters: Clusters, outcomes: Outcomes) -> tuple[str, ...]:
    """Return the cluster of each query. Raises ValueError for a feature that the outcomes lack."""
    if missing := [name for name in clusters.features if name not in outcomes.features]:
        raise ValueError(f'the outcomes have no feature "{missing[0]}"')
    values = np.column_stack([outcomes.features[name] for name in clusters.features])
    points = (values - np.array(clusters.means)) / np.array(clusters.deviations)
    names = tuple(clusters.centers)
    return tuple(
        names[at] for at in _distances(points, np.array(list(clusters.centers.values()))).argmin(axis=1)
    )


def _centers(points: Floats, count: int) -> Floats:
    centers: Floats = points.mean(axis=0)[None, :]
    while len(centers) < count:
        distances = _distances(points, centers).min(axis=1)
        if not distances.max():
            break
        centers = np.vstack([centers, points[distances.argmax()]])
    for _ in range(_MOST_ROUNDS):
        nearest = _distances(points, centers).argmin(axis=1)
        used = np.unique(nearest)
        moved = np.array([points[nearest == at].mean(axis=0) for at in used])
        if moved.shape == centers.shape and np.array_equal(moved, centers):
            break
        centers = moved
    return centers


def _distances(points: Floats, centers: Floats) -> Floats:
    """Return squared distances (points x centers)."""
    distances: Floats = ((points[:, None] - centers) ** 2).sum(axis=2)
    return distances
