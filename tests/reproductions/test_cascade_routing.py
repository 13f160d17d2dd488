"""A Unified Approach to Routing and Cascading for LLMs (Dekoninck, Baader and Vechev, arXiv:2410.10347)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
import pytest

from routecost.model.outcomes.policies import Mixture, Policy
from routecost.optimize.outcomes.cascade_routing import fit_cascade_routing
from routecost.optimize.outcomes.cascades import fit_cascades
from routecost.optimize.outcomes.data import Floats, Split
from routecost.optimize.outcomes.estimated_routing import fit_estimated_routing
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.statistics.metrics import mean_quality
from tests.support.llama import llama_outcomes
from tests.support.shared_data import published

TRANSFORMS = {"mmlu": "one-sided", "triviaqa": "two-sided"}
BETTER = (
    ("cascade routing", "routing"),
    ("cascade routing", "cascades"),
    ("cascade routing", "linear"),
    ("routing", "linear"),
    ("cascades", "linear"),
)


def families(benchmark: str) -> Mapping[str, Sequence[Policy]]:
    """Return the policies learned from the same training queries: categories, lengths and confidences."""
    train = llama_outcomes(benchmark).part(Split.TRAIN)
    transform = TRANSFORMS[benchmark]
    return {
        "linear": [Mixture({model: 1.0}) for model in train.models],
        "routing": fit_estimated_routing(train),
        "cascades": fit_cascades(train, transform=transform, ascending=True),
        "cascade routing": fit_cascade_routing(train, transform=transform),
    }


@cache
def areas(benchmark: str, rounds: int = 200) -> Mapping[str, Floats]:
    """Return the published AUC of each family on test queries: of all of them, then of samples of them."""
    test = llama_outcomes(benchmark).part(Split.TEST)
    draw = np.random.default_rng(0)
    samples = [np.arange(len(test)), *(draw.integers(len(test), size=(rounds, len(test))))]
    weights = np.array([np.bincount(sample, minlength=len(test)) / len(test) for sample in samples])
    model_cost, model_quality = weights @ test.cost, weights @ test.score
    found = {}
    for family, policies in families(benchmark).items():
        runs = [execute(policy, test) for policy in policies]
        cost, quality = (
            weights @ np.column_stack([getattr(run, of) for run in runs]) for of in ("cost", "score")
        )
        rows = zip(cost, quality, model_cost, model_quality, strict=True)
        found[family] = np.array([mean_quality(*row) for row in rows])
    return found


@pytest.mark.parametrize(("better", "worse"), BETTER)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_the_order_of_the_theory_holds_out_of_sample(benchmark: str, better: str, worse: str) -> None:
    """No difference in the wrong order is beyond its bootstrap error (95%, the same samples for both)."""
    gains = areas(benchmark)[better] - areas(benchmark)[worse]
    assert np.quantile(gains[1:], 0.975) > 0
    assert gains[0] > -0.01


@pytest.mark.parametrize("family", ["cascades", "cascade routing"])
def test_on_triviaqa_confidence_gains_beyond_the_bootstrap_error(family: str) -> None:
    gains = areas("triviaqa")[family] - areas("triviaqa")["linear"]
    assert np.quantile(gains[1:], 0.025) > 0


@pytest.mark.parametrize("table", ["Table1_RouterBench_0shot_AUC", "RouterBench_5shot_AUC"])
def test_the_published_areas_have_that_order(table: str) -> None:
    values = published("cascade-routing", table)
    columns = {column for _, column in values}
    assert len(columns) == 9
    for column in columns:
        of = {row: values[row, column] for row, at in values if at == column}
        assert max(of, key=of.__getitem__) == "cascade_routing"
        assert of["routing"] > of["linear_interp"]


def test_the_area_is_defined_as_published() -> None:
    """Level after the last point; from the worst model's quality at the cheapest cost, if it begins later."""
    costs, qualities = np.array([1.0, 3.0]), np.array([0.5, 0.9])
    assert mean_quality(costs, qualities, costs, qualities) == pytest.approx(0.7)
    early = np.array([1.0, 2.0]), np.array([0.5, 0.9])
    assert mean_quality(*early, costs, qualities) == pytest.approx((0.7 + 0.9) / 2)
    late = np.array([2.0, 3.0]), np.array([0.8, 0.9])
    assert mean_quality(*late, costs, qualities) == pytest.approx(((0.5 + 0.8) / 2 + 0.85) / 2)
    wide = np.array([0.0, 4.0]), np.array([0.4, 0.8])
    assert mean_quality(*wide, costs, qualities) == pytest.approx(0.6)
