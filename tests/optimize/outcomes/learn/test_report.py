"""What the report and the charts of learned policies say."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from routecost.errors import UsageError
from routecost.model.outcomes.policies import Calibration, Mixture, Policy, ThresholdCascade
from routecost.model.report.report import Note, Report
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.learn.families import distinct_names, name_of
from routecost.optimize.outcomes.learn.fit import learn
from routecost.optimize.outcomes.learn.learned import Learned, LearnOptions
from routecost.render.charts import described
from routecost.render.rounding import sentence
from routecost.report.outcomes import figure, reliability
from routecost.report.outcomes.learned import report
from routecost.report.outcomes.money import distinct_places
from tests.support.made_up_outcomes import made_up

OUTCOMES = made_up()
QUICK = LearnOptions(rounds=20, longest=2, families=("single", "mixture", "cascade"))


@cache
def learned_once() -> Learned:
    return learn(OUTCOMES, QUICK)


def cascade(*thresholds: float) -> ThresholdCascade:
    chain = ("haiku", "sonnet", "opus")[: len(thresholds)]
    return ThresholdCascade((*chain, "opus"), thresholds, (None,) * len(thresholds))


def names(*policies: Policy) -> list[str]:
    return distinct_names([(name_of("cascade", policy, 0), "cascade", policy) for policy in policies])


def test_names_have_as_many_digits_as_tell_policies_apart() -> None:
    assert names(cascade(0.5), cascade(0.92541), cascade(0.92539)) == [
        "haiku (0.5) > opus",
        "haiku (0.92541) > opus",
        "haiku (0.92539) > opus",
    ]
    assert names(Mixture({"a": 0.50001, "b": 0.49999}), Mixture({"a": 0.49999, "b": 0.50001})) == [
        "50.001% a + 49.999% b",
        "49.999% a + 50.001% b",
    ]


def test_names_that_no_digits_tell_apart_are_numbered_from_one() -> None:
    one = cascade(0.5)
    other = replace(one, calibrations=(Calibration("identity", 0.0, 1.0, 0.0, 1.0),))
    assert names(one, cascade(0.5)) == ["haiku (0.5) > opus"] * 2
    assert names(one, other, one) == [f"haiku (0.5) > opus #{number}" for number in (1, 2, 1)]
    assert names(Mixture({"haiku": 1.0}), ThresholdCascade(("haiku",), (), ())) == ["haiku", "haiku"]


def test_no_two_policies_of_a_result_share_a_name() -> None:
    several = [row for row in (*learned_once().curves, *learned_once().frontier) if len(row.name.split()) > 1]
    policies = {row.name: row.policy for row in several}
    assert len(policies) > 20
    assert all(policies[row.name] == row.policy for row in several)


@pytest.mark.parametrize(
    ("costs", "places"),
    [((0.0132, 0.0113), 4), ((0.0132, 0.01322, 1.0), 5), ((5.0, 5.0), 2), ((), 2), ((0.0, 1e-9), 11)],
)
def test_costs_that_differ_look_different(costs: tuple[float, ...], places: int) -> None:
    assert distinct_places(costs) == places
    assert len({f"{cost:.{places}f}" for cost in costs}) == len(set(costs))


def test_the_line_of_a_family_never_falls_and_its_other_policies_are_dots() -> None:
    drawn = figure.figure(learned_once(), "evals.csv")
    assert drawn.emphasized == learned_once().chosen.family
    for curve in drawn.curves:
        assert list(curve.points) == sorted(curve.points)
        assert all(one[1] < other[1] for one, other in pairwise(curve.points))
        held_out = {
            (row.held_out_cost.value, row.held_out_quality.value)
            for row in learned_once().curves
            if row.family == curve.name
        }
        assert held_out <= {*curve.points, *curve.others}


def test_positive_confidences_are_no_log_probabilities() -> None:
    options = replace(QUICK, families=("single",), transform="one-sided")
    text = (
        "Confidences of haiku, opus, sonnet are above 0, and the transform one-sided is for log probabilities"
    )
    (found,) = (each for each in warnings(report(learn(OUTCOMES, options), "x")) if "above 0" in each)
    assert found.startswith(text.replace("haiku, opus, sonnet", ", ".join(OUTCOMES.models)))
    assert OUTCOMES.confidence is not None
    logs = replace(OUTCOMES, confidence=np.log(OUTCOMES.confidence))
    assert not [each for each in warnings(report(learn(logs, options), "x")) if "above 0" in each]


def test_labels_of_the_chart_have_the_digits_of_the_table() -> None:
    text = described(figure.figure(learned_once(), "evals.csv"))
    for model in learned_once().models:
        assert f"for ${model.held_out_cost.value:.5f}" in text


def test_the_diagram_has_the_bins_of_each_model() -> None:
    drawn = reliability.figure(learned_once(), "evals.csv")
    assert [panel.name for panel in drawn.panels] == [row.model for row in learned_once().reliability]
    for panel, row in zip(drawn.panels, learned_once().reliability, strict=True):
        assert [each.observed for each in panel.points] == [part.score for part in row.bins]
        assert all(each.low <= each.observed <= each.high for each in panel.points)


def test_a_diagram_of_many_models_has_the_cheapest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reliability, "MOST_PANELS", 2)
    drawn = reliability.figure(learned_once(), "evals.csv")
    assert [panel.name for panel in drawn.panels] == ["haiku", "sonnet"]
    assert "the 2 cheapest of 3 models" in (drawn.subtitle or "")


def test_nothing_is_drawn_without_confidences() -> None:
    with pytest.raises(UsageError, match="the confidence of models in their answers is not given"):
        reliability.figure(replace(learned_once(), reliability=()), "evals.csv")


def warnings(shown: Report) -> list[str]:
    return [sentence(each, "USD") for each in shown.blocks if isinstance(each, Note) and each.warning]


def few(count: int) -> Outcomes:
    return OUTCOMES.rows(np.array([*np.flatnonzero(OUTCOMES.splits != "test"), *_test()[:count]]))


def _test() -> list[int]:
    return np.flatnonzero(OUTCOMES.splits == "test").tolist()


def test_few_queries_are_warned_of() -> None:
    options = replace(QUICK, families=("single",))
    text = "There are few queries: 29 held out. With less than 30, results are mostly chance."
    assert text in warnings(report(learn(few(29), options), "evals.csv"))
    assert not any("few" in each for each in warnings(report(learn(few(30), options), "evals.csv")))


def test_equal_results_are_said_to_be_the_same() -> None:
    """A policy of another family may send every query to the reference model."""
    opus = next(row for row in learned_once().models if row.name == learned_once().reference)
    learned = replace(learned_once(), chosen=replace(opus, name="by category 1"), difference=None)
    (text, *_) = [sentence(each, "USD") for each in report(learned, "x").blocks if isinstance(each, Note)]
    assert text.startswith(
        f"by category 1 is chosen. Held out, it costs as much as {opus.name} (reference), and its quality is "
        "the same; the oracle's is "
    )
