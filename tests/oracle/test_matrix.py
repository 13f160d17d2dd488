"""Every kind of strategy with every feature of a workload: priced as the oracle does, or refused."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pkgutil import iter_modules
from typing import Any

import pytest

from routecost.api.schemas import json_schema
from routecost.documents.core.scalars import FEES
from routecost.documents.strategies import KINDS as ALL_KINDS
from routecost.engine import strategies
from routecost.errors import RoutecostError
from routecost.model.scenario.workload import TaskCalls, TaskType, TierTokens, TokenCell, TokenShape
from routecost.units import METERS
from tests.examples import one_in
from tests.oracle import schema_keys
from tests.oracle.agreement import computed, differences, expected
from tests.oracle.matrix import (
    FEATURES,
    KINDS,
    NO_MATTER,
    PLAIN,
    REFUSED,
    SCENARIO_FEATURES,
    documents,
)
from tests.oracle.matrix_sheets import SHEETS
from tests.oracle.oracle import Figures
from tests.oracle.writing import Documents, Writer

ALL_FEATURES = tuple(dict.fromkeys((*FEATURES, *SCENARIO_FEATURES)))
NOT_COMPARED = {
    *("baseline", "budget", "latency", "when_to_route", "routing_costs", "plan", "claims"),
    *("rate_limits", "properties"),  # they change no price
    "correlations",  # nor do these change a mean
    "price_changes",  # a sheet with other rates: tests/uncertainty/test_prices.py
    *("subscriptions", "paid_by"),  # a reference of their own: tests/engine/pricing/subscriptions
}
"""Keys of a scenario that the figures of the matrix do not depend on, with all that is below them."""

NOT_STATED = {
    ("description",),
    ("illustrative",),
    ("strategies", "*", "router", "reads_output"),  # errors, as there is nothing to read
    ("strategies", "*", "plan_and_execute", "planner", "reads_output"),
    ("strategies", "*", "policy"),  # a file with a strategy of another kind
}
"""Paths of a scenario that change no figure, or are errors."""

NOT_OF_TABLES = {"description", "source", "limits", "failure_cost", "model", "effort", "fallbacks", "why"}
"""Keys of a routing table that change no figure of a strategy."""

MODEL_FIELDS = {
    TaskType: {
        "name": "task_types",
        "tasks_per_day": "tasks_per_day",
        "tokens": "tokens",
        "cache": "cache",
        "batch_share": "batch",
        "meters": "meters",
        "kind": "type",
        "success": "success",
        "failure_cost": "failure_cost",
        "rework": "rework",
        "calls": "calls",
        "modes": "modes",
        "arrivals": "arrivals",
        "days_per_week": "tasks_per_week",
        "tasks_per_working_day": "tasks_per_working_day",
        "path": "task_types",
        "owner": "owner",
        "tags": "tags",
        "tier_tokens": "tier_tokens",
        "carry_reasoning": "carry_reasoning",
    },
    TaskCalls: {
        **{name: name for name in ("per_task", "system", "carry", "cached", "pause", "window", "drawn")},
        "is_stated": "calls",
    },
    TokenShape: {"cells": "per_call", "reasoning": "reasoning"},
    TierTokens: {
        "shape": "tier_tokens",
        "factor": "output_factor",
        "reasoning": "reasoning",
        "effort": "effort",
    },
    TokenCell: {
        "weight": "share",
        "input_low": "input",
        "input_high": "input",
        "output": "output",
        "output_span": "output",
        "meters": "meters",
    },
}
"""The key of a document behind each field of the model."""


def with_feature(feature: str, kinds: Mapping[str, Any]) -> Documents:
    """Return a scenario with one feature, and some strategies."""
    return documents(FEATURES.get(feature, {}), kinds, **SCENARIO_FEATURES.get(feature, {}))


def accepted(feature: str) -> dict[str, Any]:
    """Return the strategies that honour a feature."""
    return {kind: stated for kind, stated in KINDS.items() if (kind, feature) not in REFUSED}


@cache
def plain() -> dict[str, Figures]:
    """Return the figures of a workload without any feature."""
    return computed(documents({}, KINDS))


def some(feature: str) -> dict[str, Any]:
    """Return a third of the strategies that honour a feature, others for the next feature.

    With those that the feature names.
    """
    at, named = ALL_FEATURES.index(feature), repr(SCENARIO_FEATURES.get(feature))
    return {
        kind: stated
        for order, (kind, stated) in enumerate(accepted(feature).items(), at)
        if order % 3 == 0 or f"'{kind}'" in named
    }


@pytest.mark.parametrize("chosen", [some, pytest.param(accepted, marks=pytest.mark.slow)])
@pytest.mark.parametrize("feature", one_in(3, ALL_FEATURES))
def test_a_feature_is_priced_as_the_oracle_does_and_not_ignored(
    feature: str, chosen: Callable[[str], dict[str, Any]]
) -> None:
    kinds = chosen(feature)
    documents = with_feature(feature, kinds)
    figures = computed(documents)
    assert differences(figures, expected(documents)) == []
    ignoring = {(feature, kind) for kind, figure in figures.items() if figure == plain()[kind]}
    assert ignoring == {pair for pair in NO_MATTER if pair[0] == feature and pair[1] in kinds}


@pytest.mark.parametrize(("kind", "feature"), REFUSED)
def test_what_a_kind_cannot_do_is_refused_by_name(kind: str, feature: str) -> None:
    with pytest.raises(RoutecostError, match=REFUSED[kind, feature]):
        computed(with_feature(feature, {kind: KINDS[kind]}))


def test_each_kind_is_tried_with_many_features_without_the_slow_tests() -> None:
    tried = Counter(kind for feature in ALL_FEATURES for kind in some(feature))
    assert min(tried[kind] for kind in KINDS) >= len(ALL_FEATURES) // 5


def test_the_oracle_agrees_without_any_feature() -> None:
    assert differences(plain(), expected(documents({}, KINDS))) == []


def test_every_kind_is_in_the_matrix() -> None:
    own = set(ALL_KINDS) - {"policy"}  # a policy file holds a strategy of another kind
    assert {key for stated in KINDS.values() for key in stated if key in ALL_KINDS} == own
    assert len(own) == len(list(iter_modules(strategies.__path__)))


def test_every_meter_is_in_the_matrix() -> None:
    assert set(FEES) == set(FEATURES["all meters"]["meters"])


def test_every_field_of_a_task_is_in_the_matrix() -> None:
    stated = set(keys([FEATURES, PLAIN])) | {"task_types", "tasks_per_day"}
    for model, names in MODEL_FIELDS.items():
        assert {field.name for field in fields(model)} == names.keys()
        assert set(names.values()) <= stated


def test_every_place_of_a_scenario_is_stated() -> None:
    """By the matrix or by a random scenario, with each word that a key may have."""
    schema = json.loads(json_schema("scenario"))
    assert unstated(schema) == set()
    schema["$defs"]["ConfidenceDocument"]["properties"]["novel"] = {"enum": ["word"]}
    place = ("strategies", "*", "confidence", "novel")
    assert unstated(schema) == {place, (*place, "=word")}


def unstated(schema: dict[str, Any]) -> set[schema_keys.Path]:
    """Return the places of a scenario that neither the matrix nor a random scenario states."""
    matrix = [with_feature(feature, {"tier": KINDS["tier"]}) for feature in ALL_FEATURES]
    every = [one.scenario for one in (documents({}, KINDS), *matrix, *random_documents())]
    stated = set().union(*(schema_keys.stated(schema, scenario) for scenario in every))
    lacking = once(schema_keys.allowed(schema)) - once(stated) - NOT_STATED
    compared = (path for path in lacking if not NOT_COMPARED & {path[0], *path[2:3]})
    return {path for path in compared if not is_default(path)}


def test_every_place_of_a_sheet_is_stated() -> None:
    schema = json.loads(json_schema("pricing"))
    sheets = [*SHEETS.values(), *(sheet for one in random_documents() for sheet in one.sheets.values())]
    stated = set().union(*(schema_keys.stated(schema, sheet) for sheet in sheets))
    lacking = {path for path in schema_keys.allowed(schema) - stated if path[-1][1:] not in METERS}
    fees = {"provisioned_hour", "cache_storage", "file_storage"}  # without steps and modes
    lacking = {path for path in lacking if path[0] not in NOT_COMPARED}
    assert {path for path in lacking if path[-1] not in {*fees, "unpriced"}} == set()


def test_every_place_of_a_table_is_stated() -> None:
    schema = json.loads(json_schema("table"))
    every = [documents({}, KINDS), *random_documents()]
    stated = set().union(
        *(schema_keys.stated(schema, table) for one in every for table in one.tables.values())
    )
    lacking = once(schema_keys.allowed(schema)) - once(stated)
    assert {path for path in lacking if not set(path) & NOT_OF_TABLES} == set()


def once(paths: set[schema_keys.Path]) -> set[schema_keys.Path]:
    """Return paths without those places at which the same may be stated as at another.

    Tokens have one form everywhere, a nested strategy those of any, and a workload those of a task type.
    """
    return {_once(path) for path in paths}


def _once(path: schema_keys.Path) -> schema_keys.Path:
    if "per_call" in path:
        return path[path.index("per_call") :]
    if path[-1] == "reasoning" and "tokens" in path:
        return ("tokens", "reasoning")
    match path:
        case ("strategies", _, "assign", "*", *rest):
            return ("strategies", "*", *rest)
        case ("workload", "task_types", "*", *rest):
            return ("workload", *rest)
        case ("routes", "review", *rest):
            return ("review", *rest)
    return path


def is_default(path: schema_keys.Path) -> bool:
    """Return whether a path says what also holds without it."""
    return path[-2:] in {("drawn", "=per_task"), ("window", "=5m")}


@cache
def random_documents() -> list[Documents]:
    return [Writer(seed).documents() for seed in range(40)]


def keys(stated: Any) -> Iterator[str]:
    """Yield all keys of nested mappings and lists."""
    for key, value in stated.items() if isinstance(stated, Mapping) else ():
        yield key
        yield from keys(value)
    for value in stated if isinstance(stated, list) else ():
        yield from keys(value)
