"""Outcomes for tests: given ones, and ones drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from routecost.optimize.outcomes.data import Floats, Outcomes, Split


def outcomes(
    score: Any,
    cost: Any,
    models: Sequence[str] | None = None,
    categories: Sequence[str] | None = None,
    features: Mapping[str, Any] | None = None,
) -> Outcomes:
    """Return outcomes of queries x models; one row of costs counts for all queries."""
    scores = np.array(score, dtype=float)
    return Outcomes(
        tuple(f"q{row}" for row in range(len(scores))),
        tuple(models or (f"m{at}" for at in range(scores.shape[1]))),
        scores,
        np.broadcast_to(np.array(cost, dtype=float), scores.shape).copy(),
        np.full(len(scores), Split.TRAIN),
        categories=None if categories is None else tuple(categories),
        features={name: np.array(values, dtype=float) for name, values in (features or {}).items()},
    )


def drawn(queries: int, models: int, categories: int = 3, seed: int = 0) -> Outcomes:
    """Return random outcomes: more expensive models are better, and categories and a feature "x" matter."""
    draw = np.random.default_rng(seed)
    category = draw.integers(categories, size=queries)
    feature = draw.normal(size=queries)
    chance = np.linspace(0.4, 0.8, models) + draw.normal(0, 0.15, (categories, models))[category]
    score: Floats = (draw.random((queries, models)) < chance - 0.15 * feature[:, None]).astype(float)
    cost = np.geomspace(1, 30, models) * draw.gamma(4, 0.25, (queries, models))
    return outcomes(score, cost, categories=[f"c{at}" for at in category], features={"x": feature})


@st.composite
def small_outcomes(draw: st.DrawFn) -> Outcomes:
    """Return outcomes of up to 8 queries, 4 models and 3 categories, with ties and costs of zero."""
    queries, models = draw(st.integers(1, 8)), draw(st.integers(1, 4))

    def cells(values: st.SearchStrategy[float]) -> list[list[float]]:
        row = st.lists(values, min_size=models, max_size=models)
        return draw(st.lists(row, min_size=queries, max_size=queries))

    categories = draw(st.lists(st.sampled_from("abc"), min_size=queries, max_size=queries))
    scores = cells(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    return outcomes(scores, cells(st.sampled_from([0.0, 1.0, 2.0, 3.5, 7.0])), categories=categories)


def confident(queries: int, models: int, seed: int = 0) -> Outcomes:
    """Return random outcomes with confidences: hard queries are hard for all, and models know it in part."""
    draw = np.random.default_rng(seed)
    margin = np.linspace(-0.5, 1.5, models) - draw.normal(size=(queries, 1))
    score = (draw.random(margin.shape) < 1 / (1 + np.exp(-2 * margin))).astype(float)
    cost = np.geomspace(1, 20, models) * draw.gamma(9, 1 / 9, margin.shape)
    given = outcomes(score, np.ones(models), categories=[f"c{at % 3}" for at in range(queries)])
    return replace(given, cost=cost, confidence=margin + draw.normal(0, 0.7, margin.shape))
