from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from routecost.model.outcomes.policies import ThresholdCascade
from routecost.optimize.outcomes.calibration import calibrations, probability
from routecost.optimize.outcomes.cascade_routing import fit_cascade_routing
from routecost.optimize.outcomes.cascades import fit_cascades, fit_chain
from routecost.optimize.outcomes.data import Outcomes
from routecost.optimize.outcomes.execute import execute
from tests.examples import FEWER_EXAMPLES
from tests.support.outcomes import confident, outcomes, small_outcomes


def walk(policy: ThresholdCascade, given: Outcomes) -> tuple[float, float]:
    """Return mean cost and quality of a cascade, query by query in plain Python."""
    columns = [given.models.index(model) for model in policy.chain]
    chances = []
    for column, calibration in zip(columns, policy.calibrations, strict=False):
        assert given.confidence is not None
        chances.append(probability(calibration, given.confidence[:, column]).tolist())
    cost = quality = 0.0
    for query in range(len(given)):
        for step, column in enumerate(columns):
            cost += given.cost[query, column]
            if step == len(policy.thresholds) or chances[step][query] >= policy.thresholds[step]:
                quality += given.score[query, column]
                break
    return cost / len(given), quality / len(given)


def every_cascade(given: Outcomes, longest: int, levels: list[float]) -> Iterator[ThresholdCascade]:
    """Return all cascades with thresholds at quantiles of the queries that escalate, found by masks."""
    useful = calibrations(given, "identity")

    def thresholds(chain: tuple[str, ...], rows: list[int]) -> Iterator[tuple[float, ...]]:
        if len(chain) == 1:
            yield ()
            return
        assert given.confidence is not None
        chance = probability(useful[chain[0]], given.confidence[:, given.models.index(chain[0])])
        for threshold in np.quantile(chance[rows or slice(None)], levels):
            escalated = [row for row in rows if chance[row] < threshold]
            for others in thresholds(chain[1:], escalated):
                yield (float(threshold), *others)

    for length in range(1, longest + 1):
        for chain in permutations(given.models, length):
            if all(model in useful for model in chain[:-1]):
                calibrated = tuple(useful[model] for model in chain[:-1])
                for found in thresholds(chain, list(range(len(given)))):
                    yield ThresholdCascade(chain, found, calibrated)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize(("models", "longest", "quantiles"), [(2, 2, 8), (3, 3, 5), (4, 4, 2)])
def test_no_cascade_that_brute_force_finds_beats_the_frontier(
    models: int, longest: int, quantiles: int, tied: bool
) -> None:
    given = confident(80, models, seed=models)
    assert given.confidence is not None
    given = replace(given, confidence=np.round(given.confidence)) if tied else given
    found = [walk(policy, given) for policy in fit_cascades(given, longest, quantiles)]
    levels = [(at + 0.4) / quantiles for at in range(quantiles)]
    every = np.array([walk(policy, given) for policy in every_cascade(given, longest, levels)])
    assert len(every) > len(found)
    for (
        cost,
        quality,
    ) in found:  # each is one of them, and none is cheaper and as good, or better and as cheap
        assert np.abs(every - (cost, quality)).sum(axis=1).min() < 1e-9
        assert not ((every[:, 0] <= cost + 1e-9) & (every[:, 1] > quality + 1e-9)).any()
        assert not ((every[:, 0] < cost - 1e-9) & (every[:, 1] >= quality - 1e-9)).any()
    for cost, quality in every:
        assert any(own <= cost + 1e-9 and best >= quality - 1e-9 for own, best in found)


def test_the_frontier_rises_and_its_policies_cost_what_plain_python_counts() -> None:
    given = confident(300, 4, seed=1)
    policies = fit_cascades(given)
    runs = [execute(policy, given) for policy in policies]
    assert len({policy.chain for policy in policies}) > 3
    assert (np.diff([run.cost_per_query for run in runs]) > 0).all()
    assert (np.diff([run.quality for run in runs]) > 0).all()
    for policy, run in zip(policies, runs, strict=True):
        assert (run.cost_per_query, run.quality) == pytest.approx(walk(policy, given), rel=1e-12)


def test_relabelled_and_reordered_models_give_the_same_frontier() -> None:
    given = confident(200, 4, seed=3)
    names = dict(zip(given.models, "dbca", strict=True))
    mixed = given.of_models(given.models[::-1])
    renamed = replace(mixed, models=tuple(names[model] for model in mixed.models))
    found, other = fit_cascades(given), fit_cascades(renamed)
    assert [tuple(names[model] for model in policy.chain) for policy in found] == [p.chain for p in other]
    for policy, same in zip(found, other, strict=True):
        assert policy.thresholds == pytest.approx(same.thresholds, rel=1e-9)


def test_chains_are_searched_in_any_order() -> None:
    """A dear model that knows when it is wrong comes before a cheaper one that does not."""
    draw = np.random.default_rng(2)
    right = draw.random(200) < 0.6
    given = outcomes(np.column_stack([right, ~right]), [1.0, 0.9], ["sure", "unsure"])
    given = replace(given, confidence=np.column_stack([right + draw.normal(0, 0.1, 200), draw.random(200)]))
    best = fit_cascades(given)[-1]
    assert best.chain == ("sure", "unsure")
    assert execute(best, given).quality > 0.95


@pytest.mark.parametrize("signal", ["constant", "missing", "noise"])
def test_a_useless_confidence_gives_no_cascade(signal: str) -> None:
    given = confident(400, 3, seed=4)
    noise = np.random.default_rng(4).normal(size=given.score.shape)
    of_signal = {"constant": np.ones_like(noise), "missing": np.full_like(noise, np.nan), "noise": noise}
    policies = fit_cascades(replace(given, confidence=of_signal[signal]))
    assert {policy.thresholds for policy in policies} == {()}
    assert [policy.chain for policy in policies] == [("m0",), ("m1",), ("m2",)]
    with pytest.raises(ValueError, match="no confidence that can be calibrated: m0"):
        fit_chain(replace(given, confidence=of_signal["constant"]), ["m0", "m1"])


def test_thresholds_are_quantiles_of_all_queries_or_of_those_that_reach_the_model() -> None:
    given = confident(300, 3, seed=6)
    chain = ("m0", "m1", "m2")
    assert given.confidence is not None
    chance = probability(calibrations(given, "identity")["m1"], given.confidence[:, 1])
    levels = np.quantile(chance, (np.arange(10) + 0.4) / 10)
    of_all = fit_chain(given, chain, 10)
    conditional = [policy for policy in fit_cascades(given, quantiles=10) if policy.chain == chain]
    assert {policy.thresholds[1] for policy in of_all} <= set(levels)
    assert not {policy.thresholds[1] for policy in conditional} & set(levels)


def test_a_confidence_that_is_not_known_is_an_error_only_where_it_is_needed() -> None:
    given = confident(50, 2, seed=8)
    policy = fit_chain(given, ["m0", "m1"])[0]
    assert given.confidence is not None
    of_second, of_first = given.confidence.copy(), given.confidence.copy()
    of_second[:, 1], of_first[0, 0] = np.nan, np.nan
    assert execute(policy, replace(given, confidence=of_second)).cost_per_query > 0
    with pytest.raises(ValueError, match="confidence of m0 is not known for every query that reaches it"):
        execute(policy, replace(given, confidence=of_first))
    with pytest.raises(ValueError, match="requires the confidence of m0"):
        execute(policy, replace(given, confidence=None))


def test_nothing_to_learn_from_is_an_error() -> None:
    given = confident(5, 2)
    with pytest.raises(ValueError, match="there is no query to learn from"):
        fit_cascades(given.rows(np.arange(0)))
    with pytest.raises(ValueError, match="chains of up to 0 models"):
        fit_cascades(given, longest=0)


@FEWER_EXAMPLES
@for_all(small_outcomes(), st.data())
def test_policies_of_any_small_outcomes_rise_and_keep_what_training_promised(
    given: Outcomes, data: st.DataObject
) -> None:
    """Ties, costs of zero, answers that are all right, infinite confidences: no wrong frontier."""
    size = given.score.size
    confidences = st.sampled_from([-1.0, 0.0, 0.5, 2.0, np.inf])
    drawn = data.draw(st.lists(confidences, min_size=size, max_size=size))
    sure = replace(given, confidence=np.array(drawn).reshape(given.score.shape))
    chain = data.draw(st.permutations(sure.models))[:3]
    can_run = set(chain[:-1]) <= set(calibrations(sure, "identity", chance=1.0))
    policies = fit_chain(sure, chain, 5) if can_run else []
    for found in (policies, fit_cascades(sure), fit_cascade_routing(sure)):
        runs = [execute(policy, sure) for policy in found]
        if found is not policies:  # which rise in what is expected
            assert (np.diff([run.cost_per_query for run in runs]) > -1e-12).all()
            assert (np.diff([run.quality for run in runs]) > -1e-12).all()
        assert all(run.answered.sum(axis=1).tolist() == [1] * len(sure) for run in runs)
        assert all((run.calls >= run.answered).all() for run in runs)
    for policy in policies:
        assert execute(policy, sure).cost_per_query == pytest.approx(walk(policy, sure)[0], abs=1e-9)
    singles = zip(given.cost.mean(axis=0), given.score.mean(axis=0), strict=True)
    runs = [execute(policy, sure) for policy in fit_cascades(sure)]
    for cost, quality in singles:
        assert any(run.cost_per_query <= cost + 1e-12 and run.quality >= quality - 1e-12 for run in runs)
