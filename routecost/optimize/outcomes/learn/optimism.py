"""How much better families of policies look on the queries that they were fitted to, by cross-validation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from routecost.model.outcomes.policies import Policy
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.execute import results
from routecost.optimize.outcomes.learn.families import fitted
from routecost.optimize.outcomes.learn.learned import LearnOptions
from routecost.optimize.outcomes.statistics.folds import folds

_FOLDS, _MOST = 3, 100
_FIXED = ("single", "mixture")
"""Families without anything fitted to single queries or categories."""


def optimism(train: Outcomes, options: LearnOptions) -> Mapping[str, float]:
    """Return by how much the mean quality of each family on train exceeds that on other queries.

    Each family is fitted to two thirds of the queries and run on the last third, in turn; the excess is the
    mean over its policies, or ``_MOST`` of them, evenly spaced; at least 0. Families whose parts are too
    small to be fitted have none.
    """
    options = replace(options, budget=None, min_quality=None)
    gaps: dict[str, list[float]] = defaultdict(list)
    for inside, outside in folds(len(train), _FOLDS, options.seed):
        part, rest = train.rows(inside), train.rows(outside)
        by_family: dict[str, list[Policy]] = defaultdict(list)
        for family, policy in fitted(part, options, {}, strict=False, without=_FIXED):
            by_family[family].append(policy)
        for family, every in by_family.items():
            places = np.linspace(0, len(every) - 1, min(_MOST, len(every))).round().astype(int)
            policies = [every[at] for at in places]
            runs = zip(results(policies, part), results(policies, rest), strict=True)
            gaps[family].append(float(np.mean([inner.quality - outer.quality for inner, outer in runs])))
    return {family: max(0.0, float(np.mean(values))) for family, values in gaps.items()}
