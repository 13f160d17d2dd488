"""The fields of a document that hold one value each, found by walking its type along its data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, is_dataclass
from decimal import Decimal
from typing import Any, get_args, get_origin

from routecost.documents.core.document_type import OneOf, annotation, hints, stripped
from routecost.documents.core.scalars import Leaf
from routecost.model.results.sensitivity import ParameterKind
from routecost.problems import KeyPath


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its path, what its values are, and its raw value (None where the text has none).

    Numbers lie within ``low`` and ``high``, where there are such bounds. ``leaf`` reads a value.
    """

    path: KeyPath
    kind: ParameterKind
    raw: Any
    low: Decimal | None = None
    high: Decimal | None = None
    leaf: Leaf | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        """The path as people write it."""
        return ".".join(map(str, self.path))


def fields(kind: Any, data: Any, path: KeyPath = ()) -> Iterator[Field]:
    """Yield the fields of a document of type ``kind``: those in the data, and optional ones beside them."""
    leaf = annotation(kind, Leaf)
    if leaf is not None:
        found = _kind_of(leaf)
        if found is not None:
            yield Field(
                path, found, data, _bound(leaf, "minimum", "exclusiveMinimum"), _bound(leaf, "maximum"), leaf
            )
        return
    choice = annotation(kind, OneOf)
    if choice is not None:
        chosen = choice.choice(data)
        if chosen is not None:
            yield from fields(chosen, data, path)
        return
    yield from _below(stripped(kind), data, path)


def _below(kind: Any, data: Any, path: KeyPath) -> Iterator[Field]:
    if is_dataclass(kind):
        known = data if isinstance(data, dict) else {}
        for key, hint in hints(kind).items():
            absent: Any = None if annotation(hint, Leaf) else {}
            yield from fields(hint, known.get(key, absent), (*path, key))
    elif get_origin(kind) is dict and isinstance(data, dict):
        for key, value in data.items():
            yield from fields(get_args(kind)[1], value, (*path, key))
    elif get_origin(kind) is tuple and isinstance(data, list):
        for index, value in enumerate(data):
            yield from fields(get_args(kind)[0], value, (*path, index))


def _kind_of(leaf: Leaf) -> ParameterKind | None:
    """Return what a leaf's published schema says of its values; None for what cannot vary."""
    schema = leaf.schema
    if "const" in schema or not schema:
        return None
    forms = schema.get("anyOf", [schema])
    if any(form.get("type") == "number" for form in forms):
        is_share = any("%" in form.get("pattern", "") for form in forms)
        return ParameterKind.SHARE if is_share else ParameterKind.NUMBER
    return ParameterKind.DAY if schema.get("format") == "date" else ParameterKind.NAME


def _bound(leaf: Leaf, *keys: str) -> Decimal | None:
    """Return a bound that a leaf's published schema states; that of the number, not of a text."""
    forms = leaf.schema.get("anyOf", [leaf.schema])
    found = next((form[key] for form in forms for key in keys if key in form), None)
    return None if found is None else Decimal(repr(found))
