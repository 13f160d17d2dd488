from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import exp, log, prod

import numpy as np
import pytest

from routecost.model.outcomes.policies import CascadeRouting
from routecost.optimize.outcomes.calibration import probability
from routecost.optimize.outcomes.cascade_routing import chosen_independence, fit_cascade_routing
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.estimates import estimate
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.tuning import chosen_ridge
from tests.support.outcomes import confident, outcomes


def log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-4), 1 - 1e-4)
    return log(chance / (1 - chance))


def walk(policy: CascadeRouting, given: Outcomes) -> tuple[float, float, list[list[str]]]:
    """Return mean cost, quality and the calls of each query, in plain Python over all sets of models."""
    assert given.confidence is not None
    columns = {model: given.models.index(model) for model in policy.costs}
    before = {model: estimate(policy.estimators[model], given) for model in columns}
    after = {
        model: probability(policy.calibrations[model], given.confidence[:, at])
        if model in policy.calibrations
        else before[model]
        for model, at in columns.items()
    }
    cost = quality = 0.0
    calls = []
    for query in range(len(given)):
        run: list[str] = []
        while len(run) < policy.most_calls:
            revealed = [log_odds(after[model][query]) - log_odds(before[model][query]) for model in run]
            shift = sum(revealed) / len(run) if run else 0.0
            known = max((after[model][query] for model in run), default=0.0)

            def quality_of(model: str, query: int = query, shift: float = shift) -> float:
                if not shift:
                    return float(before[model][query])
                return 1 / (1 + exp(-log_odds(before[model][query]) - policy.carry[model] * shift))

            rest = sorted((model for model in columns if model not in run), key=policy.costs.__getitem__)
            best, following = (known, "") if run else (-np.inf, "")
            for size in range(1, policy.most_calls - len(run) + 1):
                for added in combinations(rest, size):
                    found = [quality_of(model) for model in added]
                    apart = 1 - (1 - known) * prod(1 - chance for chance in found)
                    value = policy.independence * apart + (1 - policy.independence) * max(known, *found)
                    value -= policy.price * sum(policy.costs[model] for model in added)
                    if value > best + 1e-12:
                        best, following = value, added[0]
            if not following:
                break
            run.append(following)
        calls.append(run)
        cost += sum(given.cost[query, columns[model]] for model in run)
        quality += given.score[query, columns[max(run, key=lambda model: after[model][query])]]
    return cost / len(given), quality / len(given), calls


@pytest.mark.parametrize("independence", [0.0, 0.5, 1.0])
def test_decisions_are_those_of_plain_python_over_all_sets_of_models(independence: float) -> None:
    given = confident(120, 4, seed=11)
    policies = fit_cascade_routing(given, independence=independence)
    assert len(policies) > 4
    for policy in policies[:: max(1, len(policies) // 6)]:
        run = execute(policy, given)
        cost, quality, calls = walk(policy, given)
        assert (run.cost_per_query, run.quality) == pytest.approx((cost, quality), rel=1e-12)
        names = [{given.models[at] for at in np.flatnonzero(row)} for row in run.calls]
        assert names == [set(models) for models in calls]


def test_the_frontier_rises_from_the_cheapest_model() -> None:
    given = confident(400, 4, seed=12)
    runs = [execute(policy, given) for policy in fit_cascade_routing(given)]
    assert (np.diff([run.cost_per_query for run in runs]) > 0).all()
    assert (np.diff([run.quality for run in runs]) > 0).all()
    assert runs[0].calls.mean(axis=0).tolist() == [1, 0, 0, 0]
    assert max(run.calls.sum(axis=1).max() for run in runs) > 1


def test_what_a_call_reveals_counts_for_other_models() -> None:
    """Without it, escalation stops where the estimate is no better, whatever the confidence."""
    given = confident(600, 3, seed=13)
    policy = fit_cascade_routing(given)[-1]
    assert all(weight > 0.1 for weight in policy.carry.values())


def test_answers_that_are_right_independently_are_worth_more_calls() -> None:
    given = confident(300, 4, seed=14)
    alone = fit_cascade_routing(given)[-2]
    together = replace(alone, independence=1.0)
    assert execute(together, given).calls.sum() > execute(alone, given).calls.sum()


def test_a_useless_confidence_leaves_the_routing_by_estimates() -> None:
    given = confident(300, 3, seed=15)
    noise = np.random.default_rng(15).normal(size=given.score.shape)
    policies = fit_cascade_routing(replace(given, confidence=noise))
    assert not any(policy.calibrations for policy in policies)
    assert all(execute(policy, given).calls.sum(axis=1).max() == 1 for policy in policies)


def test_relabelled_and_reordered_models_give_the_same_policies() -> None:
    given = confident(200, 3, seed=16)
    names = dict(zip(given.models, "cab", strict=True))
    mixed = given.of_models(given.models[::-1])
    renamed = replace(mixed, models=tuple(names[model] for model in mixed.models))
    runs = [[execute(p, of) for p in fit_cascade_routing(of)] for of in (given, renamed)]
    for run, same in zip(*runs, strict=True):
        assert (run.cost_per_query, run.quality) == pytest.approx(
            (same.cost_per_query, same.quality), rel=1e-9
        )


def test_costs_of_zero_and_unknown_confidences() -> None:
    given = confident(60, 3, seed=17)
    free = fit_cascade_routing(replace(given, cost=np.zeros_like(given.cost)))
    assert [execute(policy, given).quality for policy in free] == [
        max(execute(p, given).quality for p in free)
    ]
    policy = fit_cascade_routing(given)[-1]
    assert given.confidence is not None
    with pytest.raises(ValueError, match="not known for every query that it is called for"):
        execute(policy, replace(given, confidence=np.full_like(given.confidence, np.nan)))
    with pytest.raises(ValueError, match="requires the confidence of m0"):
        execute(policy, replace(given, confidence=None))
    with pytest.raises(ValueError, match="a policy of 0 calls"):
        fit_cascade_routing(given, 0)


def alike(queries: int, *, independent: bool) -> Outcomes:
    """Return outcomes of five equal models that know if they are right; all at once, or independently."""
    draw = np.random.default_rng(18)
    right = draw.random((queries, 5 if independent else 1)) < 0.5
    score = np.broadcast_to(right, (queries, 5)).astype(float)
    given = outcomes(score, [1.0, 1.1, 1.2, 1.3, 1.4])
    return replace(given, confidence=score + draw.normal(0, 0.5, (queries, 5)))


def test_cross_validation_chooses_the_independence() -> None:
    assert chosen_independence(alike(300, independent=True), 3, "identity") > 0
    assert chosen_independence(alike(300, independent=False), 3, "identity") == 0


@pytest.mark.parametrize(("weight", "low", "high"), [(0.0, 100, 1000), (2.0, 1, 30)])
def test_cross_validation_chooses_a_great_ridge_where_categories_do_not_matter(
    weight: float, low: float, high: float
) -> None:
    draw = np.random.default_rng(19)
    group = draw.integers(40, size=600)
    odds = weight * draw.normal(size=(40, 3))[group]
    score = draw.random((600, 3)) < 1 / (1 + np.exp(-odds))
    given = outcomes(score, [1.0, 1.2, 1.4], categories=[f"c{at}" for at in group])
    assert low <= chosen_ridge(given) <= high
