"""Figures of ``routecost compare`` and of the oracle for the same documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import routecost
from routecost.model.results.comparison import StrategyCost
from routecost.model.results.verdicts.savings import Savings as OurSavings
from routecost.problems import Severity
from tests.oracle.oracle import Figures, Oracle, Savings
from tests.oracle.writing import Documents

CLOSE = 1e-9


def computed(documents: Documents) -> dict[str, Any]:
    """Return what routecost says of the strategies."""
    options: dict[str, Any] = dict(documents.options)
    if "as_of" in options:
        options["as_of"] = date.fromisoformat(options["as_of"])
    with TemporaryDirectory() as folder:
        path = documents.write(Path(folder))
        if "pricing" in options:
            options["pricing"] = Path(folder) / options["pricing"]
        comparison = routecost.compare(path, **options)
    found: dict[str, Any] = {cost.strategy: _figures(cost) for cost in comparison.strategies}
    savings = comparison.savings
    if savings is None:
        return found
    return {**found, "savings": _savings(savings)}


def _figures(cost: StrategyCost) -> Figures:
    return Figures(**{name: _number(getattr(cost, name)) for name in Figures.__dataclass_fields__})


def _number(value: Any) -> Any:
    return None if value is None else float(value)


def _savings(savings: OurSavings) -> Savings:
    figures = {name: _number(getattr(savings, name)) for name in Savings.__dataclass_fields__}
    for name in ("per_month", "with_failures_per_month"):
        if savings.per_month_low is None:
            figures[f"{name}_low"] = figures[f"{name}_high"] = figures[name]
    return Savings(**figures)


def oracle(documents: Documents) -> Oracle:
    """Return the oracle for some documents."""
    sheets = {f"./{name}": document for name, document in documents.sheets.items()}
    tables = {f"./{name}": document for name, document in documents.tables.items()}
    return Oracle(documents.scenario, sheets, tables, **documents.options)


def expected(documents: Documents) -> dict[str, Any]:
    """Return what the oracle says of the strategies."""
    return oracle(documents).figures()


def disagreements(documents: Documents) -> list[str]:
    """Return the figures that differ, or the statements that only one of both refuses.

    What both refuse is left out, and the rest is compared.
    """
    refused = oracle(documents).refused()
    try:
        ours = computed(documents)
    except routecost.DocumentError as error:
        places = _places(documents, error)
        if not places or places != refused:
            return [f"refused: routecost {sorted(places)}, oracle {sorted(refused)}", str(error)]
        rest = _without(documents, places)  # what is left is refused next
        return disagreements(rest) if rest.scenario["strategies"] else []
    if refused:
        return [f"refused by the oracle only: {sorted(refused)}"]
    return differences(ours, expected(documents))


def _places(documents: Documents, error: routecost.DocumentError) -> set[str]:
    """Return the strategies that are refused, "currency", or what else is wrong."""
    lines = json.dumps(documents.scenario, indent=1).splitlines()
    places = set()
    for finding in (one for one in error.findings if one.severity is Severity.ERROR):
        if "exchange rate" in finding.message:
            places.add("currency")
        elif "done again" in finding.message:
            above = [text for text in lines[: finding.position.line] if text.startswith('  "')]
            name = above[-1].split('"')[1]
            places.add(name if name in documents.scenario["strategies"] else "workload")
        else:
            places.add(finding.message)
    return places


def _without(documents: Documents, places: set[str]) -> Documents:
    """Return documents without the statements at some places."""
    scenario = deepcopy(documents.scenario)
    for name in places & scenario["strategies"].keys():
        del scenario["strategies"][name]
    kept = (one for one in scenario.pop("capacity", []) if one.get("strategy") not in places)
    scenario["capacity"] = list(kept)
    if not {scenario.get("default"), scenario.get("proposed")} <= scenario["strategies"].keys():
        scenario = {key: value for key, value in scenario.items() if key not in ("default", "proposed")}
    workload = scenario["workload"]
    for load in workload.get("task_types", {"tasks": workload}).values():
        if "workload" in places and "rework" in load:
            load["rework"].pop("success_after", None)
        if "currency" in places:
            _in_own_currency(load)
    return Documents(scenario, documents.sheets, documents.tables, **documents.options)


def _in_own_currency(load: dict[str, Any]) -> None:
    for amounts, key in ((load, "failure_cost"), (load.get("rework", {}), "cost")):
        if key in amounts:
            amounts[key] = str(amounts[key]).split()[0]


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """Return the figures that differ, with both values.

    The oracle does not know the bounds of savings whose failures are unknown, which depend on the tiers of
    both strategies: tests/engine/compare/test_known_in_part.py compares these with all rates stated.
    """
    assert ours.keys() == theirs.keys()
    savings = theirs.get("savings")
    if savings is not None and savings.with_failures_per_month is None:
        unknown = dict.fromkeys(name for name in vars(savings) if name.startswith("with_failures"))
        ours = {**ours, "savings": replace(ours["savings"], **unknown)}
    return [
        f"{strategy}.{name}: routecost {getattr(ours[strategy], name)}, oracle {value}"
        for strategy, figure in theirs.items()
        for name, value in vars(figure).items()
        if not alike(getattr(ours[strategy], name), value, _scale(theirs) if strategy == "savings" else 0)
    ]


def _scale(figures: Mapping[str, Any]) -> float:
    """Return the highest cost that savings may be a difference of."""
    costs = [figure for name, figure in figures.items() if name != "savings"]
    return max(float(cost.total_cost_per_month_high or cost.cost_per_month_high) for cost in costs)


def alike(ours: float | None, theirs: float | None, scale: float) -> bool:
    """Return whether two figures agree to nine digits, of ``scale`` if it is larger, or both are unknown."""
    if ours is None or theirs is None:
        return ours is theirs
    return ours == pytest.approx(theirs, rel=CLOSE, abs=max(1e-12, scale * CLOSE))
