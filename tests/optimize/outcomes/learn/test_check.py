"""Promises of a policy on new outcomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from routecost.api.outcomes import check_policy, learned_policy
from routecost.errors import UsageError
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.learn.check import drift
from routecost.optimize.outcomes.learn.fit import learn
from routecost.optimize.outcomes.learn.learned import LearnOptions
from tests.support.made_up_outcomes import made_up

OUTCOMES = made_up(1500)
POLICY = learned_policy(
    learn(OUTCOMES, LearnOptions(budget=0.006, families=("cascade",), longest=2)), "evals.csv"
)


def broken(outcomes: Outcomes) -> set[str]:
    return {promise.promise for promise in check_policy(POLICY, outcomes).promises if not promise.holds}


def test_promises_hold_on_queries_of_the_same_kind() -> None:
    assert check_policy(POLICY, made_up(1500, seed=7)).holds


def test_harder_queries_break_the_promises_of_quality_and_of_calls() -> None:
    assert {"quality", "calls"} <= broken(made_up(1500, seed=7, harder=0.8))


def test_higher_prices_break_the_promise_of_cost_alone() -> None:
    new = made_up(1500, seed=7)
    assert broken(replace(new, cost=new.cost * 1.5)) == {"cost_per_query"}


def test_better_and_cheaper_answers_break_nothing_of_quality_and_cost() -> None:
    new = made_up(1500, seed=7)
    better = replace(new, cost=new.cost / 2, score=np.maximum(new.score, np.roll(new.score, 1, axis=1)))
    assert not broken(better) & {"quality", "cost_per_query"}


def test_overconfident_models_break_the_promise_of_calibration() -> None:
    new = made_up(1500, seed=7)
    assert new.confidence is not None
    assert "calibration_error" in broken(replace(new, confidence=np.full_like(new.confidence, 0.99)))


def test_another_mix_of_categories_is_drift() -> None:
    new = made_up(1500, seed=7)
    most = np.array([name != "extraction" for name in new.categories or ()])
    assert "mix" in broken(new.rows(np.flatnonzero(most)))


def test_drift_is_rare_by_chance_and_certain_for_a_new_category() -> None:
    draw = np.random.default_rng(3)

    def sample() -> dict[str, int]:
        counts = draw.multinomial(200, [0.5, 0.3, 0.2])
        return {str(at): int(count) for at, count in enumerate(counts)}

    p_values = [drift(sample(), sample()) for _ in range(60)]
    assert np.mean(np.array(p_values) < 0.1) < 0.25
    assert drift({"a": 100, "b": 100}, {"a": 100, "c": 100}) < 0.001


def test_outcomes_that_the_policy_cannot_run_on_are_errors() -> None:
    with pytest.raises(UsageError, match='lack the model "haiku"'):
        check_policy(POLICY, OUTCOMES.of_models(["sonnet", "opus"]))
    with pytest.raises(UsageError, match="cannot run on these outcomes"):
        check_policy(POLICY, replace(OUTCOMES, confidence=None))
    with pytest.raises(UsageError, match="in EUR, the promises of the policy in USD"):
        check_policy(POLICY, replace(OUTCOMES, currency="EUR"))
    with pytest.raises(UsageError, match="promises a mix of categories"):
        check_policy(POLICY, replace(OUTCOMES, categories=None))


def test_costs_that_are_the_same_for_every_query_hold_exactly() -> None:
    """0.01, 0.1 and 0.3 have no exact binary value: their means over many queries must still be they."""
    same = replace(OUTCOMES, cost=np.tile([0.01, 0.1, 0.3], (len(OUTCOMES), 1)))
    learned = learn(same, LearnOptions(families=("single",), rounds=50))
    assert [model.held_out_cost.value for model in learned.models] == [0.01, 0.1, 0.3]
    assert all(model.held_out_cost.low == model.held_out_cost.high for model in learned.models)
    checked = check_policy(learned_policy(learned, "evals.csv"), same.rows(np.arange(400)))
    assert next(promise for promise in checked.promises if promise.promise == "cost_per_query").holds
