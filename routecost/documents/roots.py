"""The kinds of documents, each with the type that checks it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from routecost.documents.shapes import checked
from routecost.errors import UnknownNameError
from routecost.problems import did_you_mean

ROOTS = {
    "pricing": ("routecost.documents.pricing", "PricingDocument"),
    "scenario": ("routecost.documents.scenario", "ScenarioDocument"),
    "taxonomy": ("routecost.documents.tables", "TaxonomyDocument"),
    "table": ("routecost.documents.tables", "TableDocument"),
    "plan": ("routecost.documents.task_plan", "TaskPlanDocument"),
    "actuals": ("routecost.documents.actuals", "ActualsDocument"),
    "evidence": ("routecost.documents.tables", "EvidenceDocument"),
}
"""Kind of document -> where its type is. Loaded when first needed: building a checker takes time."""

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
