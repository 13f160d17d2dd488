"""Places of a document: the paths of keys that its schema allows, and those that a document states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str, ...]
"""Keys from the root; ``*`` is a name that users choose, ``=x`` a word that the schema lists."""

UNCERTAIN = ("#/$defs/Uncertain", "#/$defs/DirichletForm")
"""Distributions of uncertain numbers and mixes, which the oracle does not know."""


def allowed(schema: Mapping[str, Any]) -> set[Path]:
    """Return all paths that a schema allows; what contains itself is entered once."""
    return set(_allowed(schema, schema, (), ()))


def _allowed(root: Mapping[str, Any], node: Any, path: Path, inside: Path) -> Iterator[Path]:
    reference = node.get("$ref")
    if reference in (*inside, *UNCERTAIN):
        return
    if reference is not None:
        yield from _allowed(root, _definition(root, reference), path, (*inside, reference))
    for form in _forms(node):
        yield from _allowed(root, form, path, inside)
    for word in node.get("enum", []):
        yield (*path, f"={word}")
    for key, below in _below(node):
        if key != "[]":
            yield (*path, key)
        yield from _allowed(root, below, (*path, key) if key != "[]" else path, inside)


def stated(schema: Mapping[str, Any], document: Any) -> set[Path]:
    """Return the paths of a schema that a document states."""
    return set(_stated(schema, schema, document, ()))


def _stated(root: Mapping[str, Any], node: Any, data: Any, path: Path) -> Iterator[Path]:
    if "$ref" in node:
        yield from _stated(root, _definition(root, node["$ref"]), data, path)
    for form in _forms(node):
        yield from _stated(root, form, data, path)
    if not isinstance(data, dict | list) and data in node.get("enum", []):
        yield (*path, f"={data}")
    for key, below in _below(node):
        if key == "[]" and isinstance(data, list):
            for one in data:
                yield from _stated(root, below, one, path)
        elif isinstance(data, dict):
            names = data.keys() - node.get("properties", {}).keys() if key == "*" else {key} & data.keys()
            for name in names:
                yield (*path, key)
                yield from _stated(root, below, data[name], (*path, key))


def _definition(root: Mapping[str, Any], reference: str) -> Any:
    return root["$defs"][reference.removeprefix("#/$defs/")]


def _forms(node: Mapping[str, Any]) -> Iterator[Any]:
    for key in ("anyOf", "oneOf", "allOf"):
        yield from node.get(key, [])


def _below(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from node.get("properties", {}).items()
    if isinstance(node.get("additionalProperties"), dict):
        yield "*", node["additionalProperties"]
    if isinstance(node.get("items"), dict):
        yield "[]", node["items"]
