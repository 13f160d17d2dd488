"""The records of Rational Tuning of LLM Cascades (Zellinger and Thomson 2025), grid search, Llama chain."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest

from routecost.api.outcomes import cascade_curve
from routecost.optimize.outcomes.data import Floats
from routecost.optimize.outcomes.statistics.metrics import area
from tests.support.llama import LLAMA, llama_outcomes
from tests.support.shared_data import rows

TRANSFORMS = {"mmlu": "one-sided", "triviaqa": "two-sided"}
PAIRS = ["-".join(map(str, pair)) for pair in combinations(range(5), 2)]
TRIPLES = ["-".join(map(str, triple)) for triple in combinations(range(5), 3)]


@cache
def curve(benchmark: str, cascade: str) -> Floats:
    """Return the test curve of the training Pareto set: cost, accuracy.

    As published, a call costs the mean of its model, so that only how often it is called matters.
    """
    chain = [LLAMA[int(at)] for at in cascade.split("-")]
    return np.array(cascade_curve(llama_outcomes(benchmark), chain, transform=TRANSFORMS[benchmark]))


def records(name: str, benchmark: str, cascade: str) -> list[dict[str, str]]:
    return [row for row in rows(name) if (row["benchmark"], row["cascade"]) == (benchmark, cascade)]


def check_area(benchmark: str, cascade: str, tolerance: float) -> None:
    """Check the normalized area: 1 - the mean accuracy between the published costs."""
    found = records("published_auc_rational_cascades.csv", benchmark, cascade)
    (record,) = (row for row in found if row["method"] == "gridsearch")
    low, high = float(record["auc_lo"]), float(record["auc_hi"])
    cost, accuracy = curve(benchmark, cascade).T
    ours = 1 - area(cost, accuracy, low, high) / (high - low)
    assert ours == pytest.approx(float(record["auc_norm"]), abs=tolerance)


@pytest.mark.parametrize("cascade", PAIRS)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_pairs_have_the_published_area(benchmark: str, cascade: str) -> None:
    check_area(benchmark, cascade, 1e-5)


@pytest.mark.parametrize("cascade", PAIRS)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_pairs_have_the_published_curve_point_for_point(benchmark: str, cascade: str) -> None:
    found = records("published_curves_rational_cascades_k2.csv", benchmark, cascade)
    published = np.array([[float(row["expected_cost_1e6usd"]), float(row["accuracy"])] for row in found])
    assert curve(benchmark, cascade) == pytest.approx(published, rel=1e-9)


@pytest.mark.parametrize("cascade", TRIPLES)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_triples_have_the_published_area(benchmark: str, cascade: str) -> None:
    check_area(benchmark, cascade, 2e-4)
