"""A Unified Approach to Routing and Cascading for LLMs (Dekoninck, Baader and Vechev, arXiv:2410.10347)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from routecost.engine.numeric.pareto_frontier import frontier
from routecost.model.outcomes.policies import Mixture, Policy
from routecost.optimize.outcomes.data import Floats, Outcomes, Split
from routecost.optimize.outcomes.execute import results
from routecost.optimize.outcomes.learn.families import fitted
from routecost.optimize.outcomes.learn.learned import LearnOptions
from routecost.optimize.outcomes.learn.optimism import optimism
from routecost.optimize.outcomes.statistics.metrics import mean_quality
from tests.support.llama import llama_outcomes
from tests.support.shared_data import published

TRANSFORMS = {"mmlu": "one-sided", "triviaqa": "two-sided"}
SEARCHED = {
    "routing": ("single", "estimated"),
    "cascades": ("cascade",),
    "cascade routing": ("cascade-routing",),
}
BETTER = (
    ("cascade routing", "routing"),
    ("cascade routing", "cascades"),
    ("cascade routing", "linear"),
    ("routing", "linear"),
    ("cascades", "linear"),
)


def frontiers(
    train: Outcomes, transform: str, *, expected: bool = True
) -> Mapping[str, tuple[Sequence[Policy], Floats]]:
    """Return the frontier of each set of families, with categories, lengths and confidences, and its points.

    The points are mean costs and qualities in training, or those to expect, by which policies are chosen.
    """
    singles: list[Policy] = [Mixture({model: 1.0}) for model in train.models]
    found: dict[str, tuple[list[Policy], Floats]] = {}
    found["linear"] = (singles, np.column_stack([train.cost.mean(axis=0), train.score.mean(axis=0)]))
    widest = LearnOptions(families=SEARCHED["cascade routing"], transform=transform)
    excess = optimism(train, widest) if expected else {}
    for name, families in SEARCHED.items():
        pairs = list(fitted(train, replace(widest, families=families), {}))
        runs = zip(pairs, results([policy for _, policy in pairs], train), strict=True)
        points = np.array([(run.cost_per_query, run.quality - excess.get(of, 0)) for (of, _), run in runs])
        kept = np.flatnonzero(frontier(*points.T))
        found[name] = [pairs[at][1] for at in kept], points[kept]
    return found


@cache
def areas(benchmark: str, rounds: int = 1000) -> Mapping[str, Floats]:
    """Return the published AUC of each frontier on test queries: of all of them, then of samples of them."""
    test = llama_outcomes(benchmark).part(Split.TEST)
    draw = np.random.default_rng(0)
    samples = [np.arange(len(test)), *(draw.integers(len(test), size=(rounds, len(test))))]
    weights = np.array([np.bincount(sample, minlength=len(test)) / len(test) for sample in samples])
    model_cost, model_quality = weights @ test.cost, weights @ test.score
    found = {}
    train = llama_outcomes(benchmark).part(Split.TRAIN)
    for name, (policies, _) in frontiers(train, TRANSFORMS[benchmark]).items():
        runs = list(results(policies, test))
        cost, quality = (
            weights @ np.column_stack([getattr(run, of) for run in runs]) for of in ("cost", "score")
        )
        rows = zip(cost, quality, model_cost, model_quality, strict=True)
        found[name] = np.array([mean_quality(*row) for row in rows])
    return found


@pytest.mark.parametrize(("better", "worse"), BETTER)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_in_training_no_policy_of_the_worse_families_beats_the_better_ones(
    benchmark: str, better: str, worse: str
) -> None:
    """A theorem: the better ones contain the worse ones, and are searched for with them."""
    train = llama_outcomes(benchmark).part(Split.TRAIN)
    found = frontiers(train, TRANSFORMS[benchmark], expected=False)
    for cost, quality in found[worse][1]:
        points = found[better][1]
        assert points[points[:, 0] <= cost * (1 + 1e-12), 1].max() >= quality - 1e-12


@pytest.mark.parametrize(("better", "worse"), BETTER)
@pytest.mark.parametrize("benchmark", TRANSFORMS)
def test_out_of_sample_the_areas_have_the_order_of_the_theory(
    benchmark: str, better: str, worse: str
) -> None:
    assert areas(benchmark)[better][0] > areas(benchmark)[worse][0]


@pytest.mark.parametrize(
    ("benchmark", "better", "worse"),
    [
        ("mmlu", "routing", "linear"),
        ("mmlu", "cascade routing", "linear"),
        ("mmlu", "cascade routing", "cascades"),
        ("triviaqa", "routing", "linear"),
        ("triviaqa", "cascades", "linear"),
        ("triviaqa", "cascade routing", "linear"),
        ("triviaqa", "cascade routing", "routing"),
    ],
)
def test_these_gains_out_of_sample_are_beyond_the_bootstrap_error(
    benchmark: str, better: str, worse: str
) -> None:
    """95%, the same samples for both. The other three of these differences are within it."""
    gains = areas(benchmark)[better] - areas(benchmark)[worse]
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
