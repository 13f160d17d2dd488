"""Promises of a policy on new outcomes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from routecost.api.outcomes import check_policy, learned_policy
from routecost.errors import UsageError
from routecost.model.outcomes.promises import LearnedPolicy
from routecost.model.report.report import Note
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.learn.check import PolicyCheck, drift
from routecost.optimize.outcomes.learn.fit import learn
from routecost.optimize.outcomes.learn.learned import LearnOptions
from routecost.report.outcomes.check import report
from tests.support.made_up_outcomes import made_up

OUTCOMES = made_up(1500)


@cache
def kept() -> LearnedPolicy:
    options = LearnOptions(budget=0.006, families=("cascade",), longest=2)
    return learned_policy(learn(OUTCOMES, options), "evals.csv")


def broken(outcomes: Outcomes) -> set[str]:
    return {promise.promise for promise in check_policy(kept(), outcomes).promises if not promise.holds}


def test_promises_hold_on_queries_of_the_same_kind() -> None:
    assert check_policy(kept(), made_up(1500, seed=7)).holds


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
        check_policy(kept(), OUTCOMES.of_models(["sonnet", "opus"]))
    with pytest.raises(UsageError, match="cannot run on these outcomes"):
        check_policy(kept(), replace(OUTCOMES, confidence=None))
    with pytest.raises(UsageError, match="in EUR, the promises of the policy in USD"):
        check_policy(kept(), replace(OUTCOMES, currency="EUR"))
    with pytest.raises(UsageError, match="promises a mix of categories"):
        check_policy(kept(), replace(OUTCOMES, categories=None))


def test_costs_that_are_the_same_for_every_query_hold_exactly() -> None:
    """0.01, 0.1 and 0.3 have no exact binary value: their means over many queries must still be they."""
    same = replace(OUTCOMES, cost=np.tile([0.01, 0.1, 0.3], (len(OUTCOMES), 1)))
    learned = learn(same, LearnOptions(families=("single",), rounds=50))
    assert [model.held_out_cost.value for model in learned.models] == [0.01, 0.1, 0.3]
    assert all(model.held_out_cost.low == model.held_out_cost.high for model in learned.models)
    checked = check_policy(learned_policy(learned, "evals.csv"), same.rows(np.arange(400)))
    assert next(promise for promise in checked.promises if promise.promise == "cost_per_query").holds


def always_right(count: int, wrong: int = 0, seed: int = 1) -> Outcomes:
    """Return outcomes of which all answers but some are right."""
    outcomes = made_up(count, seed)
    score = np.ones_like(outcomes.score)
    score[:wrong] = 0
    return replace(outcomes, score=score)


def test_a_promise_from_answers_that_are_all_right_is_not_broken_by_one_in_a_hundred_wrong() -> None:
    learned = learn(always_right(200), LearnOptions(families=("single",), rounds=50))
    policy = learned_policy(learned, "evals.csv")
    assert policy.promises.queries < 100
    assert policy.promises.quality.low < 0.97 < policy.promises.quality.value == 1
    assert all(row.held for row in learned.frontier)

    def holds(wrong: int) -> bool:
        promises = check_policy(policy, always_right(600, wrong, seed=2)).promises
        return next(promise for promise in promises if promise.promise == "quality").holds

    assert holds(6)
    assert not holds(100)


def test_a_promise_of_train_allows_for_the_error_of_answers_that_are_all_right() -> None:
    """99% of the held-out answers are right after all on train: no evidence against the promise."""
    outcomes = always_right(700)
    splits = np.array(["train"] * 60 + ["test"] * 640)
    score = outcomes.score.copy()
    score[60:67] = 0
    few = learn(replace(outcomes, splits=splits, score=score), LearnOptions(families=("single",), rounds=50))
    assert all(row.held for row in few.frontier)
    score[60:150] = 0
    many = learn(replace(outcomes, splits=splits, score=score), LearnOptions(families=("single",), rounds=50))
    assert not any(row.held for row in many.frontier)


def test_few_queries_are_no_evidence_that_promises_are_kept() -> None:
    def texts(checked: PolicyCheck) -> str:
        notes = [
            block for block in report(checked, "policy.yaml", "week.csv").blocks if isinstance(block, Note)
        ]
        return " ".join(str(part) for note in notes for part in note.parts)

    new = made_up(1500, seed=7)
    assert texts(check_policy(kept(), new)) == "The policy keeps its promises."
    few = texts(check_policy(kept(), new.rows(np.arange(20))))
    assert "There is no evidence that the policy breaks its promises" in few
    assert "There are few queries: 20 to check." in few
