"""The engine on all paths at once gives what the exact engine gives path by path."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from routecost.documents.core.field_paths import Field
from routecost.documents.core.scalars import Given, read_number
from routecost.documents.scenario.scenario_file import ScenarioFile, open_scenario
from routecost.engine.compare.compare import price_all
from routecost.engine.uncertainty.path_number import PathNumber
from routecost.engine.uncertainty.path_vectors import Floats
from routecost.engine.uncertainty.run_on_paths import Draws, Number, on_paths
from routecost.errors import DocumentError, UsageError
from routecost.library import Library
from routecost.model.results.sensitivity import ParameterKind
from routecost.model.scenario.scenario import Scenario
from routecost.problems import KeyPath
from routecost.units import exact

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))


def built_in(*large: str) -> list[Any]:
    """Return the built-in scenarios; large ones run with all tests only."""
    return [pytest.param(name, marks=[pytest.mark.slow] if name in large else []) for name in SCENARIOS]


PATHS = 3
WITHIN = 1e-9
WHOLE = ("turns", "rounds", "count", "trials", "successes")
"""Fields that take whole numbers only."""

PARTS = ("mix", "when_right", "when_wrong")
"""Fields whose shares sum to 1."""


def varied(file: ScenarioFile) -> list[Field]:
    """Return the fields that a scenario may have drawn."""

    def may_vary(field: Field) -> bool:
        is_number = field.kind in (ParameterKind.NUMBER, ParameterKind.SHARE) and isinstance(field.raw, str)
        is_part = field.path[-1] in ("share", *WHOLE) or set(PARTS) & set(field.path)
        return is_number and not is_part and field.path[0] in ("workload", "strategies")

    return [field for field in file.fields if may_vary(field)]


def drawn(fields: list[Field], seed: int) -> dict[KeyPath, Floats]:
    """Return values around those of the fields, among them 0 for shares."""
    generator = np.random.default_rng(seed)
    paths = {}
    for field in fields:
        value = float(read_number(field.raw, "a number", percent=True))
        values = value * generator.uniform(0.4, 1.6, PATHS)
        paths[field.path] = np.minimum(values, 1) if field.kind is ParameterKind.SHARE else values
    return paths


@exact
def costs(scenario: Scenario) -> Mapping[str, Number]:
    day = scenario.as_of or date(2026, 11, 26)
    return {name: bill.total for name, (_, bill) in price_all(scenario, day).items()}


def changed(file: ScenarioFile, numbers: Mapping[Any, Any]) -> Scenario:
    paths = file.variant({path: Given("1", number) for path, number in numbers.items()})
    if paths.scenario is None:
        raise DocumentError(paths.faults)
    return paths.scenario


def compare_paths(file: ScenarioFile, draws: Draws) -> None:
    """Compare all paths at once with the exact engine on each."""
    at_once = on_paths(draws, lambda numbers: costs(changed(file, numbers)))
    for at in range(PATHS):
        exactly = costs(changed(file, {path: Decimal(float(values[at])) for path, values in draws.items()}))
        for name, cost in exactly.items():
            value_at_once = at_once[name]
            value = (
                value_at_once.values[at] if isinstance(value_at_once, PathNumber) else float(value_at_once)
            )
            assert value == pytest.approx(float(cost), rel=WITHIN, abs=0), (name, at)


@pytest.mark.parametrize(
    "scenario",
    built_in(
        "masrouter", "collaboration", "support-desk", "content-pipeline", "failure-modes", "legal-review"
    ),
)
def test_each_field_alone(scenario: str) -> None:
    file = open_scenario(scenario, Library())
    compared = 0
    for at, field in enumerate(varied(file)):
        with suppress(
            DocumentError
        ):  # a scenario may not bear some draws of it, such as a prefix above the input
            compare_paths(file, drawn([field], at))
            compared += 1
    assert compared >= 3


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 5))])
@pytest.mark.parametrize("scenario", built_in("masrouter"))
def test_many_fields_together(scenario: str, seed: int) -> None:
    file = open_scenario(scenario, Library())
    fields = [field for field in varied(file) if "cache" not in field.path]
    if any("success_after" in field.path for field in fields):  # drawn rates may rule out what is stated
        fields = [field for field in fields if not {"success", "success_after"} & {*field.path}]
    chosen = np.random.default_rng(seed).permutation(len(fields))[:6]
    draws = drawn([fields[at] for at in chosen], seed)
    try:
        compare_paths(file, draws)
    except (DocumentError, UsageError) as error:
        pytest.fail(str(error))
