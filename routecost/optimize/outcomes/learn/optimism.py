"""How much better families of policies look on the queries that they were fitted to, by cross-validation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.execute import results
from routecost.optimize.outcomes.learn.families import fitted
from routecost.optimize.outcomes.learn.learned import LearnOptions
from routecost.optimize.outcomes.statistics.folds import folds

_FOLDS = 3
_FIXED = ("single", "mixture")
"""Families without anything fitted to single queries or categories."""


def optimism(train: Outcomes, options: LearnOptions) -> Mapping[str, float]:
    """Return by how much the mean quality of each family on train exceeds that on other queries.

    Each family is fitted to two thirds of the queries and run on the last third, in turn; the excess is the
    mean over its policies, at least 0. Families whose parts are too small to be fitted have none.
    """
    options = replace(options, budget=None, min_quality=None)
    gaps: dict[str, list[float]] = defaultdict(list)
    for inside, outside in folds(len(train), _FOLDS, options.seed):
        part, rest = train.rows(inside), train.rows(outside)
        found: dict[str, list[float]] = defaultdict(list)
        pairs = list(fitted(part, options, {}, strict=False, without=_FIXED))
        policies = [policy for _, policy in pairs]
        runs = zip(pairs, results(policies, part), results(policies, rest), strict=True)
        for (family, _), inner, outer in runs:
            found[family].append(inner.quality - outer.quality)
        for family, values in found.items():
            gaps[family].append(float(np.mean(values)))
    return {family: max(0.0, float(np.mean(values))) for family, values in gaps.items()}
