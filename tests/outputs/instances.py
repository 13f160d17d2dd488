"""Outputs that a schema accepts, made up from the schema itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

EXAMPLES: dict[str, Any] = {"string": "text", "number": 0.5, "boolean": True, "null": None}


def resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without a reference, and the first of several options."""
    if "$ref" in schema:
        return resolved(
            root["$defs"][schema["$ref"].removeprefix("#/$defs/").replace("~1", "/").replace("%20", " ")],
            root,
        )
    return resolved(schema["anyOf"][0], root) if "anyOf" in schema else schema


def instance(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """Return a value that a schema accepts, with all of its members."""
    schema = resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    kinds = schema["type"]
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "object":
        return {name: instance(member, root) for name, member in schema.get("properties", {}).items()}
    if kind == "array":
        return [instance(schema["items"], root)]
    return "2026-11-29" if schema.get("format") == "date" else EXAMPLES[kind]


def mutations(schema: dict[str, Any], root: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the place of a fault, and a value with this fault: a missing member, or one of a wrong type."""
    whole = resolved(schema, root)
    sound = instance(whole, root)
    if whole.get("type") == "array":
        for place, faulty in mutations(whole["items"], root):
            yield f"[].{place}", [faulty]
        return
    for name in whole.get("required", []):
        yield f"{name} is missing", {key: value for key, value in sound.items() if key != name}
    for name, member in whole.get("properties", {}).items():
        options = member.get("anyOf", [member])
        kinds = {kind for one in options for kind in _kinds(resolved(one, root))}
        for kind, wrong in {
            "string": "text",
            "number": 7,
            "boolean": True,
            "null": None,
            "array": [],
            "object": {},
        }.items():
            if kind not in kinds and not (kind == "null" and "const" not in member and not kinds):
                yield f"{name} is {kind}", sound | {name: wrong}
        if "format" in member:
            yield f"{name} is no date", sound | {name: "29/11/2026"}
        if resolved(options[0], root).get("type") in ("array", "object"):
            for place, faulty in mutations(options[0], root) if _is_nested(options[0], root) else ():
                yield f"{name}.{place}", sound | {name: faulty}


def _kinds(schema: dict[str, Any]) -> set[str]:
    if "const" in schema:
        return {"string"}
    kinds = schema["type"]
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _is_nested(schema: dict[str, Any], root: dict[str, Any]) -> bool:
    whole = resolved(schema, root)
    items = resolved(whole["items"], root) if whole.get("type") == "array" else whole
    return "properties" in items
