"""The records of Rational Tuning of LLM Cascades (Zellinger and Thomson 2025), grid search, Llama chain."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from routecost.optimize.outcomes.cascades import fit_chain
from routecost.optimize.outcomes.data import Floats, Split
from routecost.optimize.outcomes.execute import execute
from tests.support.shared_data import LLAMA, llama_outcomes, shared

TRANSFORMS = {"mmlu": "one-sided", "triviaqa": "two-sided"}
PAIRS = ["-".join(map(str, pair)) for pair in combinations(range(5), 2)]
TRIPLES = ["-".join(map(str, triple)) for triple in combinations(range(5), 3)]


@cache
def curve(benchmark: str, cascade: str) -> Floats:
    """Return the test curve of the training Pareto set: cost, accuracy.

    As published, a call costs the mean of its model, so that only how often it is called matters.
    """
    outcomes = llama_outcomes(benchmark)
    policies = fit_chain(
        outcomes.part(Split.TRAIN),
        [LLAMA[int(at)] for at in cascade.split("-")],
        transform=TRANSFORMS[benchmark],
        expected=True,
        conditional=False,
    )
    test = outcomes.part(Split.TEST)
    runs = [execute(policy, test) for policy in policies]
    return np.array(sorted((run.calls.mean(axis=0) @ test.cost.mean(axis=0), run.quality) for run in runs))


def normalized(points: Floats, low: float, high: float) -> float:
    """Return 1 - the mean accuracy between two costs (trapezoids), the records' normalized area."""
    costs = np.unique([low, *points[(points[:, 0] > low) & (points[:, 0] < high), 0], high])
    accuracy = np.interp(costs, points[:, 0], points[:, 1])
    return 1 - float(np.trapezoid(accuracy, costs)) / (high - low)


def record(benchmark: str, cascade: str) -> pd.Series:
    records = pd.read_csv(shared("published_auc_rational_cascades.csv"))
    rows = records.query("benchmark == @benchmark and cascade == @cascade and method == 'gridsearch'")
    return rows.iloc[0]


@pytest.mark.parametrize("cascade", PAIRS)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_pairs_have_the_published_area(benchmark: str, cascade: str) -> None:
    published = record(benchmark, cascade)
    ours = normalized(curve(benchmark, cascade), published.auc_lo, published.auc_hi)
    assert ours == pytest.approx(published.auc_norm, abs=1e-5)


@pytest.mark.parametrize("cascade", PAIRS)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_pairs_have_the_published_curve_point_for_point(benchmark: str, cascade: str) -> None:
    curves = pd.read_csv(shared("published_curves_rational_cascades_k2.csv"))
    rows = curves.query("benchmark == @benchmark and cascade == @cascade")
    published = rows[["expected_cost_1e6usd", "accuracy"]].to_numpy(float)
    assert curve(benchmark, cascade) == pytest.approx(published, rel=1e-9)


@pytest.mark.parametrize("cascade", TRIPLES)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_triples_have_the_published_area(benchmark: str, cascade: str) -> None:
    published = record(benchmark, cascade)
    ours = normalized(curve(benchmark, cascade), published.auc_lo, published.auc_hi)
    assert ours == pytest.approx(published.auc_norm, abs=2e-4)
