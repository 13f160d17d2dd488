"""The kinds of documents, each with the type that checks it."""

from __future__ import annotations

from collections.abc import Container
from importlib import import_module
from typing import Any

from routecost.documents.core.faults import checked
from routecost.errors import UnknownNameError
from routecost.problems import did_you_mean

ROOTS = {
    "pricing": ("routecost.documents.pricing.sheet", "PricingDocument"),
    "scenario": ("routecost.documents.scenario.scenario", "ScenarioDocument"),
    "taxonomy": ("routecost.documents.routing.taxonomy", "TaxonomyDocument"),
    "table": ("routecost.documents.routing.table", "TableDocument"),
    "plan": ("routecost.documents.task_plan.task_plan", "TaskPlanDocument"),
    "actuals": ("routecost.documents.actuals.actuals", "ActualsDocument"),
    "evidence": ("routecost.documents.routing.evidence", "EvidenceDocument"),
}
"""Kind of document -> where its type is. Loaded when first needed: building a checker takes time."""

_KNOWN_BY = {
    "pricing": ("a pricing sheet", "models"),
    "scenario": ("a scenario", "strategies"),
    "taxonomy": ("a taxonomy", "task_types"),
    "table": ("a routing table", "routes"),
    "plan": ("a plan", "steps"),
    "actuals": ("a file of actuals", "months"),
    "evidence": ("an evidence file", "evidence"),
}
"""Kind of document -> what people call it, and a key that no other kind has."""

_LOADED: dict[str, Any] = {}


def root(kind: str) -> Any:
    """Return the type of a kind of document; raises UnknownNameError for a kind that is none."""
    if kind not in ROOTS:
        raise UnknownNameError(f'no kind of document named "{kind}"{did_you_mean(kind, ROOTS)}')
    if kind not in _LOADED:
        module, name = ROOTS[kind]
        found = getattr(import_module(module), name)
        _LOADED[kind] = checked(found)
    return _LOADED[kind]


def mistaken(kind: str, keys: Container[str]) -> tuple[str, str] | None:
    """Return what is wrong with a document that is plainly of another kind, and the key that tells so."""
    expected, own = _KNOWN_BY[kind]
    if own in keys:
        return None
    for other, key in _KNOWN_BY.values():
        if key in keys:
            return f'"{key}" is found in {other}; expected {expected}, with "{own}"', key
    return None
