"""Draws of fields that share a driver or have stated rank correlations.

Each field keeps its own values: only their order over the runs follows from normal scores with the
correlations of a Gaussian copula (Iman and Conover, "A distribution-free approach to inducing rank
correlation among input variables", Communications in Statistics B 11, 1982).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from routecost.engine.numeric.rank_correlation import correlations_of, factor
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Draws
from routecost.engine.uncertainty.sampling import draw, generator_of
from routecost.model.scenario.scenario import Uncertainty
from routecost.model.scenario.uncertain_field import RankCorrelation, UncertainField


def draw_all(
    fields: Sequence[UncertainField], uncertainty: Uncertainty | None, runs: int, seed: int, months: int
) -> Draws:
    """Return ``runs`` values of each field, correlated as stated."""
    draws = {field.path: draw(field, runs, seed, months) for field in fields}
    correlations = () if uncertainty is None else uncertainty.correlations
    stated = () if uncertainty is None else uncertainty.fields
    shared = Counter(field.variable for field in stated)
    named = {name for row in correlations for name in row.between}
    joint = [field for field in fields if field.variable in named or shared[field.variable] > 1]
    if joint:
        scores = _scores({field.variable for field in joint} | named, correlations, runs, seed)
        for field in joint:
            draws[field.path] = in_order_of(draws[field.path], scores[field.variable])
    return draws


def in_order_of(values: Floats, scores: Floats) -> Floats:
    """Return the values in an order that has the ranks of the scores."""
    ordered = np.empty_like(values)
    ordered[np.argsort(scores)] = np.sort(values)
    return ordered


def _scores(
    variables: set[str], correlations: Sequence[RankCorrelation], runs: int, seed: int
) -> dict[str, Floats]:
    """Return normal scores of each variable, each from its own stream, combined to be correlated."""
    names = sorted(variables)
    own = [generator_of(f"rank of {name}", seed).standard_normal(runs) for name in names]
    weights = factor(correlations_of(names, [(*row.between, float(row.rank)) for row in correlations]))
    assert weights is not None
    return {
        name: np.sum([weight * score for weight, score in zip(row, own, strict=False) if weight], axis=0)
        for name, row in zip(names, weights, strict=True)
    }
