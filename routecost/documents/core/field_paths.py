"""The single-value fields of a document, found by walking its type and its data together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field, is_dataclass
from decimal import Decimal
from typing import Any, get_args, get_origin

from routecost.documents.core.document_type import OneOf, annotation, hints, stripped
from routecost.documents.core.scalars import Leaf
from routecost.model.results.sensitivity import ParameterKind
from routecost.problems import KeyPath
from routecost.records import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its path, the kind of its values, and its raw value (None if the text has none).

    ``low`` and ``high`` bound its numbers; None means no bound. ``leaf`` parses a value.
    """

    path: KeyPath
    kind: ParameterKind
    raw: Any
    low: Decimal | None = None
    high: Decimal | None = None
    leaf: Leaf | None = field(default=None, compare=False)

    @property
    def is_whole(self) -> bool:
        """True if the field takes whole numbers only."""
        return self.leaf is not None and self.leaf.schema.get("multipleOf") == 1

    @property
    def name(self) -> str:
        """The path as written in messages and options, such as ``workload.tasks_per_day``."""
        return ".".join(map(str, self.path))

    def changes(self, text: str) -> dict[KeyPath, str]:
        """Return the changes of the document that give the field this value."""
        return {self.path: text}


def fields(kind: Any, data: Any, path: KeyPath = ()) -> Iterator[Field]:
    """Yield the fields of a document of type ``kind``: those in the data, and absent optional ones."""
    leaf = annotation(kind, Leaf)
    if leaf is not None:
        parameter_kind = _kind_of(leaf)
        if parameter_kind is not None:
            low, high = _bound(leaf, "minimum", "exclusiveMinimum"), _bound(leaf, "maximum")
            yield Field(path, parameter_kind, data, low, high, leaf)
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
    """Return the kind of a leaf's values according to its JSON Schema; None if it cannot vary."""
    schema = leaf.schema
    if "const" in schema or not schema:
        return None
    forms = schema.get("anyOf", [schema])
    if any(form.get("type") == "number" for form in forms):
        is_share = any("%" in form.get("pattern", "") for form in forms)
        return ParameterKind.SHARE if is_share else ParameterKind.NUMBER
    return ParameterKind.DAY if schema.get("format") == "date" else ParameterKind.NAME


def _bound(leaf: Leaf, *keys: str) -> Decimal | None:
    """Return a numeric bound from a leaf's JSON Schema, or None if it has none."""
    forms = leaf.schema.get("anyOf", [leaf.schema])
    bound = next((form[key] for form in forms for key in keys if key in form), None)
    return None if bound is None else Decimal(repr(bound))
