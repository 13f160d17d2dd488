"""What is learned from outcomes: the frontier, the choice and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from routecost.errors import UnknownNameError, UsageError
from routecost.model.outcomes.policies import CategoryRouting, Mixture, ThresholdCascade
from routecost.model.report.report import Note
from routecost.optimize.outcomes.data import Outcomes, Split
from routecost.optimize.outcomes.execute import execute
from routecost.optimize.outcomes.learn.families import fitted
from routecost.optimize.outcomes.learn.fit import learn
from routecost.optimize.outcomes.learn.learned import Fitted, Learned, LearnOptions
from routecost.report.outcomes.learned import report
from tests.support.made_up_outcomes import made_up
from tests.support.outcomes import outcomes

OUTCOMES = made_up()
QUICK = LearnOptions(rounds=50, longest=2)


@cache
def learned_once() -> Learned:
    return learn(OUTCOMES, QUICK)


def offered() -> tuple[Fitted, ...]:
    return (*learned_once().curves, *learned_once().models)


def quick(**options: object) -> LearnOptions:
    return replace(QUICK, **options)  # type: ignore[arg-type]


def places(rows: tuple[Fitted, ...]) -> list[tuple[float, float]]:
    return [(row.cost, row.quality) for row in rows]


def test_the_frontier_rises_and_no_policy_beats_it() -> None:
    costs, qualities = zip(*places(learned_once().frontier), strict=True)
    assert list(costs) == sorted(costs)
    assert list(qualities) == sorted(set(qualities))
    for row in offered():
        beaten = [at for at in places(learned_once().frontier) if at[0] <= row.cost + 1e-12]
        assert max(quality for _, quality in beaten) >= row.quality - 1e-12


def test_figures_are_those_of_the_execution() -> None:
    train, test = OUTCOMES.part(Split.TRAIN), OUTCOMES.part(Split.TEST)
    for row in learned_once().frontier:
        run = execute(row.policy, train)
        assert (row.cost, row.quality) == (run.cost_per_query, run.quality)
        held = execute(row.policy, test)
        assert row.held_out_cost.value == held.cost_per_query
        assert row.held_out_quality.low <= held.quality <= row.held_out_quality.high


def test_without_limits_the_choice_is_the_cheapest_as_good_as_the_best_model() -> None:
    best = max(model.quality for model in learned_once().models)
    cheapest = min((row for row in offered() if row.expected_quality >= best), key=lambda row: row.cost)
    assert learned_once().chosen == cheapest


@pytest.mark.slow
def test_a_greater_budget_never_lowers_quality_on_train() -> None:
    low, high = learned_once().frontier[0].cost, learned_once().frontier[-1].cost
    budgets = np.linspace(low, high, 4)
    families = ("single", "mixture", "category", "cascade")
    chosen = [learn(OUTCOMES, quick(budget=budget, families=families)).chosen for budget in budgets]
    assert [row.expected_quality for row in chosen] == sorted(row.expected_quality for row in chosen)
    for row, budget in zip(chosen, budgets, strict=True):
        assert row.cost <= budget * (1 + 1e-9)


def test_a_least_quality_is_reached_as_cheaply_as_possible() -> None:
    found = learn(OUTCOMES, quick(min_quality=0.8, families=("single", "mixture", "category", "cascade")))
    assert found.chosen.expected_quality >= 0.8
    enough = [row for row in (*found.curves, *found.models) if row.expected_quality >= 0.8]
    assert min(row.cost for row in enough) == found.chosen.cost


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"budget": 1e-9}, "no policy costs at most 1e-09 per query; the cheapest, haiku, costs"),
        ({"min_quality": 0.999}, "no policy reaches a quality of 0.999; the best"),
        ({"budget": 0.005, "min_quality": 0.9}, "for at most 0.005 per query"),
    ],
)
def test_limits_that_nothing_meets_are_errors(options: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        learn(OUTCOMES, quick(families=("single", "mixture"), **options))


def test_without_limits_the_best_of_the_searched_policies_is_chosen() -> None:
    """No mixture is as good as the best model, and no quality is asked for."""
    found = learn(OUTCOMES, quick(families=("mixture",)))
    assert found.chosen.expected_quality == max(row.expected_quality for row in found.frontier)
    assert found.chosen.quality < max(model.quality for model in found.models)


def test_an_unknown_reference_is_an_error() -> None:
    with pytest.raises(UnknownNameError, match='no model named "opuss" in the outcomes; did you mean "opus"'):
        learn(OUTCOMES, quick(reference="opuss"))


def test_a_part_without_queries_is_an_error() -> None:
    splits = np.full(len(OUTCOMES), Split.TRAIN.value)
    with pytest.raises(UsageError, match="no query of the outcomes is in the test part"):
        learn(replace(OUTCOMES, splits=splits), QUICK)
    no_calibration = np.where(OUTCOMES.splits == "calibration", "train", OUTCOMES.splits)
    with pytest.raises(UsageError, match="in the calibration part"):
        learn(replace(OUTCOMES, splits=no_calibration), quick(risk=0.1))


def test_risk_keeps_the_margin_or_falls_back_to_the_reference() -> None:
    safe = learn(OUTCOMES, quick(risk=0.1, margin=0.1, families=("single", "cascade")))
    assert safe.chosen.passes
    assert not safe.fell_back
    reference = next(model for model in safe.models if model.name == safe.reference)
    assert safe.chosen.cost < reference.cost
    tested = [passes for passes in safe.verdicts if passes is not None]
    assert tested == [False] + [True] * (len(tested) - 1)
    assert safe.verdicts[: -len(tested)] == (None,) * (len(safe.verdicts) - len(tested))
    untested = len(safe.verdicts) - len(tested)
    blocks = report(safe, "evals").blocks
    note = " ".join(str(part) for block in blocks if isinstance(block, Note) for part in block.parts)
    assert f"from the best down: {len(tested) - 1} of {len(tested)} tested pass." in note
    assert f" {untested} with a lower expected quality were not tested." in note
    assert "keep the margin on train only, without the bound of risk." in note
    for rows in (safe.frontier, safe.families):
        assert [row for row in rows if row.name == safe.chosen.name]
        assert {row.tested for row in rows} <= {
            "passed",
            "failed",
            "not tested: after the first that failed",
            "not tested: not on the frontier of expected quality",
        }
        assert all((row.tested or "").startswith("not tested") == (row.passes is None) for row in rows)
    strict = learn(OUTCOMES, quick(risk=0.001, margin=0.0, families=("single", "cascade")))
    assert strict.fell_back
    assert strict.chosen.policy == Mixture({strict.reference: 1.0})


def test_a_useless_confidence_gives_no_cascade() -> None:
    learned = learn(made_up(useless=True), quick(families=("single", "cascade")))
    assert not [
        row
        for row in learned.frontier
        if isinstance(row.policy, ThresholdCascade) and len(row.policy.chain) > 1
    ]


def relabelled(outcomes: Outcomes) -> Outcomes:
    names = {"haiku": "z", "sonnet": "a", "opus": "m"}
    other = outcomes.of_models(["opus", "haiku", "sonnet"])
    return replace(other, models=tuple(names[model] for model in other.models))


@pytest.mark.slow
def test_names_and_order_of_models_change_nothing() -> None:
    other = learn(relabelled(OUTCOMES), QUICK)
    assert np.array(places(other.frontier)) == pytest.approx(np.array(places(learned_once().frontier)))
    assert other.chosen.held_out_quality.value == pytest.approx(learned_once().chosen.held_out_quality.value)


def test_families_that_lack_data_are_skipped_or_refused() -> None:
    bare = replace(OUTCOMES, confidence=None, categories=None, features={})
    learned = learn(bare, QUICK)
    assert set(learned.skipped) == {"category", "estimated", "cascade", "cascade-routing"}
    assert {row.family for row in learned.frontier} <= {"single", "mixture"}
    with pytest.raises(UsageError, match='family "cascade" cannot be fitted: the confidence'):
        learn(bare, quick(families=("cascade",)))


def test_the_price_of_the_budget_falls_along_the_frontier() -> None:
    prices = [
        learn(OUTCOMES, quick(budget=budget, families=("single", "mixture"))).price
        for budget in (0.004, 0.009, 1.0)
    ]
    assert prices[0] is not None
    assert prices[1] is not None
    assert prices[0] > prices[1] > 0
    assert prices[2] is None


def test_steps_and_reliability_are_those_of_held_out_queries() -> None:
    learned = learn(OUTCOMES, quick(budget=0.006, families=("cascade",)))
    assert isinstance(learned.chosen.policy, ThresholdCascade)
    assert [step.model for step in learned.steps] == [
        model for model in learned.chosen.policy.chain if any(step.model == model for step in learned.steps)
    ]
    assert learned.steps[0].called == 1
    assert sum(step.answered for step in learned.steps) == pytest.approx(1)
    mean = sum(step.answered * step.quality for step in learned.steps if step.quality is not None)
    assert mean == pytest.approx(learned.chosen.held_out_quality.value)
    assert [row.model for row in learned.reliability] == ["haiku", "sonnet", "opus"]
    assert all(row.error is not None and row.error.value < 0.1 for row in learned.reliability)


def many_categories(outcomes: Outcomes) -> Outcomes:
    """Return outcomes whose categories have nothing to do with the queries, and few queries each."""
    names = np.random.default_rng(5).integers(100, size=len(outcomes))
    return replace(outcomes, categories=tuple(f"c{name}" for name in names), features={})


def test_overfitted_families_are_on_the_frontier_but_not_chosen() -> None:
    """With four queries a category, the best model of each is chance, and looks far too good on train."""
    learned = learn(many_categories(OUTCOMES), quick(families=("single", "category")))
    routed = [row for row in learned.frontier if row.family == "category"]
    assert len(routed) > len(learned.frontier) / 2
    gaps = [row.quality - row.held_out_quality.value for row in routed]
    corrected = [row.expected_quality - row.held_out_quality.value for row in routed]
    assert np.mean(gaps) > 0.05
    assert abs(np.mean(corrected)) < 0.5 * np.mean(gaps)
    assert learned.chosen.family == "single"


def test_systems_are_searched_only_if_named_and_pay_their_controller() -> None:
    assert "systems" not in {row.family for row in learned_once().curves}
    found = learn(OUTCOMES, quick(families=("single", "systems"), controller=0.002))
    systems = [row for row in found.curves if row.family == "systems"]
    assert systems
    assert min(row.cost for row in systems) > found.models[0].cost + 0.002


def test_a_budget_chooses_a_table_under_the_hull() -> None:
    counts = ((100, 50, 80), (200, 100, 180))
    scores = [[at < small, at < large] for count, small, large in counts for at in range(count)]
    part = outcomes(scores, [0.001, 0.011], ["small", "large"], ["a"] * 100 + ["b"] * 200)
    both = part.rows(np.tile(np.arange(300), 2))
    both = replace(both, splits=np.repeat([Split.TRAIN.value, Split.TEST.value], 300))
    chosen = learn(both, LearnOptions(budget=0.005, families=("single", "category"), rounds=20)).chosen
    assert isinstance(chosen.policy, CategoryRouting)
    assert chosen.policy.routes == {"a": {"large": 1.0}, "b": {"small": 1.0}}
    assert [chosen.cost, chosen.quality] == pytest.approx([0.013 / 3, 0.6])


def test_the_difference_from_the_reference_is_paired_by_query() -> None:
    difference, test = learned_once().difference, OUTCOMES.part(Split.TEST)
    assert difference is not None
    gaps = (
        execute(learned_once().chosen.policy, test).score
        - execute(Mixture({learned_once().reference: 1.0}), test).score
    )
    error = gaps.std() / np.sqrt(len(gaps))
    assert difference.quality.low == pytest.approx(gaps.mean() - 1.96 * error, abs=error)
    assert difference.quality.high == pytest.approx(gaps.mean() + 1.96 * error, abs=error)


@pytest.mark.slow
def test_train_promises_allow_for_the_sampling_of_train_and_of_held_out_queries() -> None:
    """The cost and the quality of a model hold in 95% of the samples each, however few train queries."""
    held = []
    for seed in range(60):
        drawn = made_up(400, seed=seed)
        draw = np.random.default_rng(1000 + seed)
        splits = np.where(draw.random(400) < 0.2, Split.TRAIN.value, Split.TEST.value)
        learned = learn(replace(drawn, splits=splits), LearnOptions(families=("single",), rounds=2))
        held += [row.held for row in learned.models if row.name == "haiku"]
    assert 0.83 < np.mean(held) < 0.98


@pytest.mark.slow
def test_cascade_routing_is_chosen_with_all_that_it_contains() -> None:
    """So that the choice is never below that of these."""
    train = OUTCOMES.part(Split.TRAIN)
    pairs = list(fitted(train, quick(families=("cascade-routing",)), {}))
    for family in ("single", "estimated", "cascade"):
        assert all(pair in pairs for pair in fitted(train, quick(families=(family,)), {}))
    bare = replace(OUTCOMES, categories=None, features={})
    assert not learn(bare, quick(families=("single", "cascade-routing"))).skipped.keys() - {"estimated"}
