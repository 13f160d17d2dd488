"""Extends the JSON Schema of a scenario so that numbers may be distributions."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from routecost.documents.core.deferred import eager
from routecost.documents.uncertainty.dirichlet import DirichletForm
from routecost.documents.uncertainty.kinds import DistributionDocument

_NAME, _MIXED = "Uncertain", "DirichletForm"
_NOT_ESTIMATES = (
    "BudgetDocument",
    "ThresholdsDocument",
    "RoutingCostsDocument",
    "ClaimDocument",
    "OperandDocument",
    "CorrelationDocument",
)
_BOUNDS = ("type", "minimum", "maximum")


def allow_uncertain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema in which numbers of the workload and the strategies may be distributions."""
    with eager():
        distribution = TypeAdapter(DistributionDocument).json_schema()
        mixed = TypeAdapter(DirichletForm).json_schema()
    forms = distribution.pop("$defs")
    definitions = {
        name: definition if name in _NOT_ESTIMATES else _allowed(definition)
        for name, definition in schema["$defs"].items()
    }
    distribution["description"] = "a distribution of an uncertain mean"
    shares = definitions["MixStrategyDocument"]["properties"]
    shares["mix"] = {"anyOf": [shares["mix"], {"$ref": f"#/$defs/{_MIXED}"}]}
    return {**schema, "$defs": {**definitions, **forms, _MIXED: mixed, _NAME: distribution}}


def _allowed(node: Any) -> Any:
    """Return a schema node in which each number, except list items, may be a distribution."""
    if not isinstance(node, dict):
        return [_allowed(item) for item in node] if isinstance(node, list) else node
    if node.get("type") == "number":
        number = {key: value for key, value in node.items() if key in _BOUNDS}
        rest = {key: value for key, value in node.items() if key not in _BOUNDS}
        return {"anyOf": [number, _reference()], **rest}
    if any(isinstance(form, dict) and form.get("type") == "number" for form in node.get("anyOf", ())):
        return {**node, "anyOf": [*node["anyOf"], _reference()]}
    return {
        key: value if key == "items" and _is_number(value) else _allowed(value) for key, value in node.items()
    }


def _is_number(node: Any) -> bool:
    return isinstance(node, dict) and node.get("type") == "number"


def _reference() -> dict[str, str]:
    return {"$ref": f"#/$defs/{_NAME}"}
