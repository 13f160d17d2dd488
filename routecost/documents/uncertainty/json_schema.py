"""The JSON Schema of a scenario, in which numbers may be distributions."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from routecost.documents.core.deferred import eager
from routecost.documents.uncertainty.kinds import DistributionDocument

_NAME = "Uncertain"
_DECIDED = (
    "BudgetDocument",
    "ThresholdsDocument",
    "RoutingCostsDocument",
    "ClaimDocument",
    "OperandDocument",
)
_BOUNDS = ("type", "minimum", "maximum")


def allow_uncertain(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that lets each number of the work and the strategies be a distribution."""
    with eager():
        made = TypeAdapter(DistributionDocument).json_schema()
    forms = made.pop("$defs")
    definitions = {
        name: definition if name in _DECIDED else _allowed(definition)
        for name, definition in schema["$defs"].items()
    }
    made["description"] = "a distribution of a mean that is not known"
    return {**schema, "$defs": {**definitions, **forms, _NAME: made}}


def _allowed(node: Any) -> Any:
    """Return a part of a schema with a way out beside each number, other than those in lists."""
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
