"""Document types: dataclasses that reject unknown keys, and introspection of their fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from functools import cache
from types import UnionType
from typing import (
    Annotated,
    Any,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from routecost.documents.core.deferred import Deferred, deferred, deferred_in
from routecost.records import dataclass

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, eq_default=False)
def document(kind: type[T]) -> type[T]:
    """Make a class a document type: a dataclass that forbids unknown keys.

    Documents are equal only to themselves; those with the same ``repr`` have the same content.

    An optional method ``faults(self) -> Iterable[Fault]`` yields semantic faults; they are reported
    together with the structural faults of the rest of the document.
    """
    kind.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
    return dataclass(kw_only=True, eq=False)(kind)


@dataclass(eq=False, repr=False)
class OneOf:
    """Annotation: a tagged union of ``kinds``; ``choose`` returns the tag for the data.

    Without ``choose``, the tag is the only key of ``kinds`` that the data has. The validator of a
    kind is built on first use.

    Tags are written as ``<key>``, so that a location never confuses one with a key of the text.
    """

    expected: str
    kinds: Mapping[str, Any]
    choose: Callable[[Any], str | None] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Build a tagged union."""
        return core_schema.tagged_union_schema(
            {f"<{key}>": handler.generate_schema(deferred(kind)) for key, kind in self.kinds.items()},
            self._tag,
            custom_error_type="fault",
            custom_error_message="{message}",
            custom_error_context={"message": f"expected {self.expected}"},
        )

    def choice(self, data: Any) -> Any:
        """Return the type for the data, or None if there is no such type."""
        key = self._key(data)
        return None if key is None else self.kinds.get(key)

    def _key(self, data: Any) -> str | None:
        return only_key(data, self.kinds) if self.choose is None else self.choose(data)

    def _tag(self, data: Any) -> str | None:
        key = self._key(data)
        return None if key is None else f"<{key}>"


def only_key(data: Any, kinds: Iterable[str]) -> str | None:
    """Return the only key that the data has, or None if it has none or several."""
    matches = [key for key in kinds if isinstance(data, Mapping) and key in data]
    return matches[0] if len(matches) == 1 else None


def known_keys(root: Any, location: Iterable[str | int]) -> tuple[str, ...]:
    """Return the keys that a document of type ``root`` may have at a location."""
    kind = root
    for step in location:
        kind = _descend(kind, str(step))
    kind = stripped(kind)
    return tuple(hints(kind)) if is_dataclass(kind) else ()


def stripped(kind: Any) -> Any:
    """Return a type without its annotations, and without the None of an optional one."""
    while True:
        kind = lazy.kind if (lazy := deferred_in(kind)) else kind
        members = [member for member in get_args(kind) if member is not type(None)]
        is_optional = get_origin(kind) in (Union, UnionType) and len(members) == 1
        if get_origin(kind) is not Annotated and not is_optional:
            return kind
        kind = members[0]


def _descend(kind: Any, step: str) -> Any:
    if step.startswith("<"):
        choice = annotation(kind, OneOf)
        return choice.kinds.get(step[1:-1]) if choice else None
    kind = stripped(kind)
    if is_dataclass(kind):
        return hints(kind).get(step)
    arguments = get_args(kind)
    return arguments[-1 if get_origin(kind) is dict else 0] if arguments else None


def annotation(kind: Any, wanted: type[T]) -> T | None:
    """Return the annotation of class ``wanted`` on a type, also within Optional; None if it has none."""
    pending = [kind]
    while pending:
        current = pending.pop()
        if isinstance(current, wanted):
            return current
        if isinstance(current, Deferred):
            pending.append(current.kind)
        if get_origin(current) in (Annotated, Union, UnionType):
            pending.extend(getattr(current, "__metadata__", ()))
            pending.extend(get_args(current))
    return None


def hints(kind: Any) -> dict[str, Any]:
    """Return a document type's keys, as written in YAML, with their annotations."""
    return _hints(kind)


@cache  # one entry per document type
def _hints(kind: Any) -> dict[str, Any]:
    return {_alias(hint) or name: hint for name, hint in get_type_hints(kind, include_extras=True).items()}


def _alias(hint: Any) -> str | None:
    metadata = getattr(hint, "__metadata__", ())
    return next((item.alias for item in metadata if isinstance(item, FieldInfo) and item.alias), None)
