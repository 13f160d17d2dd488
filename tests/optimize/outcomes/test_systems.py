"""Routing between systems of agents is the best table that its training data support, controller included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from routecost.model.outcomes.policies import Mixture, SystemRouting
from routecost.optimize.outcomes.clusters import find_clusters, members
from routecost.optimize.outcomes.data import Outcomes, Split
from routecost.optimize.outcomes.execute import Execution, execute
from routecost.optimize.outcomes.systems import fit_systems

SYSTEMS = ("single/haiku", "single/sonnet", "chain/haiku+sonnet", "debate/critic=haiku+solver=sonnet")
TYPES = ("code", "facts", "maths")
CONTROLLER = 0.05


def made_up(seed: int, queries: int = 240) -> Outcomes:
    """Return outcomes in which each kind of task needs another system."""
    random = np.random.default_rng(seed)
    rates = np.array([[0.4, 0.6, 0.6, 0.9], [0.9, 0.9, 0.9, 0.9], [0.3, 0.8, 0.9, 0.9]])
    kind = np.arange(queries) % len(TYPES)
    chance = rates[kind]
    costs = np.array([1.0, 4.0, 5.0, 12.0]) * random.uniform(0.8, 1.2, (queries, 1))
    return Outcomes(
        tuple(str(at) for at in range(queries)),
        SYSTEMS,
        (random.random(chance.shape) < chance).astype(float),
        costs,
        np.array([Split.TRAIN, Split.TEST])[(np.arange(queries) // len(TYPES)) % 2],
        categories=tuple(TYPES[at] for at in kind),
        features={"length": kind * 100.0 + random.uniform(0, 10, queries), "constant": np.ones(queries)},
    )


def tables(outcomes: Outcomes) -> Iterator[tuple[float, float]]:
    """Yield cost and quality of every table of three categories."""
    for chosen in product(SYSTEMS, repeat=len(TYPES)):
        routes = {name: {system: 1.0} for name, system in zip(TYPES, chosen, strict=True)}
        run = execute(SystemRouting(routes, {SYSTEMS[0]: 1.0}, CONTROLLER), outcomes)
        yield run.cost_per_query, run.quality


def worth(run: Execution) -> float:
    return run.quality - 0.02 * run.cost_per_query


@pytest.mark.parametrize("seed", range(5))
def test_no_enumerated_table_dominates_a_fitted_one(seed: int) -> None:
    train = made_up(seed).part(Split.TRAIN)
    every = list(tables(train))
    fitted = [execute(policy, train) for policy in fit_systems(train, CONTROLLER)]
    assert fitted
    for run in fitted:
        assert not [
            (cost, quality)
            for cost, quality in every
            if cost <= run.cost_per_query + 1e-12
            and quality >= run.quality - 1e-12
            and (cost < run.cost_per_query - 1e-9 or quality > run.quality + 1e-9)
        ]
    assert [run.cost_per_query for run in fitted] == sorted(run.cost_per_query for run in fitted)
    assert [run.quality for run in fitted] == sorted(run.quality for run in fitted)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_at_every_price_is_fitted(seed: int) -> None:
    train = replace(made_up(seed).part(Split.TRAIN), features={})
    fitted = [execute(policy, train) for policy in fit_systems(train)]
    singles = [execute(Mixture({system: 1.0}), train) for system in SYSTEMS]
    free = [(cost - CONTROLLER, quality) for cost, quality in tables(train)]
    for price in (0.001, 0.01, 0.03, 0.1, 1.0):
        best = max(quality - price * cost for cost, quality in free)
        ours = max(run.quality - price * run.cost_per_query for run in fitted + singles)
        assert ours == pytest.approx(best, abs=1e-12)


def test_held_out_systems_by_type_beat_one_system_for_all() -> None:
    outcomes = made_up(1, 3000)
    train, test = outcomes.part(Split.TRAIN), outcomes.part(Split.TEST)
    best = execute(Mixture({SYSTEMS[-1]: 1.0}), test)
    chosen = max(fit_systems(train, CONTROLLER), key=lambda policy: worth(execute(policy, train)))
    routed = execute(chosen, test)
    assert routed.cost_per_query < 0.6 * best.cost_per_query
    assert routed.quality > best.quality - 0.03


def test_the_controller_is_paid_for_every_query() -> None:
    train = made_up(2).part(Split.TRAIN)
    (free, *_), (paid, *_) = fit_systems(train), fit_systems(train, CONTROLLER)
    np.testing.assert_allclose(execute(paid, train).cost - execute(free, train).cost, CONTROLLER)


def test_one_system_for_all_needs_no_controller() -> None:
    train = made_up(0).part(Split.TRAIN)
    train = replace(train, score=np.tile([0.5, 0.6, 0.7, 0.8], (len(train), 1)))
    assert all(len({*map(tuple, policy.routes.values())}) > 1 for policy in fit_systems(train))
    only = train.of_models(SYSTEMS[:1])
    assert fit_systems(only) == []


def test_an_unknown_type_goes_to_the_default() -> None:
    outcomes = made_up(3)
    policy = fit_systems(outcomes)[-1]
    strange = replace(outcomes, categories=("law",) * len(outcomes))
    expected = execute(Mixture(policy.default), strange)
    assert execute(policy, strange).quality == expected.quality


def test_without_types_clusters_of_the_features_are_routed() -> None:
    outcomes = made_up(4, 3000)
    by_type = fit_systems(replace(outcomes.part(Split.TRAIN), features={}))[-1]
    unnamed = replace(outcomes, categories=None)
    policy = fit_systems(unnamed.part(Split.TRAIN), clusters=3)[-1]
    assert policy.clusters is not None
    assert len(policy.routes) == len(TYPES)
    test = unnamed.part(Split.TEST)
    assert execute(policy, test).quality == execute(by_type, outcomes.part(Split.TEST)).quality
    assert fit_systems(replace(unnamed, features={})) == []


def test_clusters_are_searched_beside_categories() -> None:
    """Categories that say nothing do not hide features that do."""
    train = made_up(4, 900).part(Split.TRAIN)
    useless = replace(train, categories=tuple(str(at // 3 % 2) for at in range(len(train))))
    best = max(fit_systems(useless), key=lambda policy: worth(execute(policy, useless)))
    assert best.clusters is not None
    without = max(fit_systems(replace(useless, features={})), key=lambda one: worth(execute(one, useless)))
    assert worth(execute(best, useless)) > worth(execute(without, useless)) + 0.01
    alike = replace(
        train, features={"kind": np.array([TYPES.index(name) for name in train.categories or ()])}
    )
    assert all(policy.clusters is None for policy in fit_systems(alike))


def test_order_and_names_of_systems_change_nothing() -> None:
    train = made_up(5).part(Split.TRAIN)
    turned = train.of_models(SYSTEMS[::-1])
    assert fit_systems(turned) == fit_systems(train)


def test_clusters_hold_what_is_alike() -> None:
    outcomes = replace(made_up(6), categories=None)
    found = find_clusters(outcomes, 3)
    groups = set(zip(members(found, outcomes), made_up(6).categories or (), strict=True))
    assert len(groups) == len(found.centers) == len(TYPES)
    alike = replace(outcomes, features={"constant": np.ones(len(outcomes))})
    assert len(find_clusters(alike, 4).centers) == 1
    with pytest.raises(ValueError, match="no feature"):
        members(found, alike)
    with pytest.raises(ValueError, match="no features"):
        find_clusters(replace(outcomes, features={}), 2)
