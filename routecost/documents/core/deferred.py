"""Types whose checkers are built when data first asks for them.

Most documents use few of the kinds that they might; a command should not start by building them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, NamedTuple, TypeAlias, get_args, get_origin

from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from routecost.documents.core.faults import FAULTS, checked

_EAGER = ContextVar("eager", default=False)


@contextmanager
def eager() -> Iterator[None]:
    """Build all checkers at once meanwhile: the JSON Schema of a document needs them."""
    before = _EAGER.set(True)
    try:
        yield
    finally:
        _EAGER.reset(before)


class CheckedPart(NamedTuple):
    """What was made of a part of a document, and the faults of meaning found in it.

    The part and its type are kept so that no other can have their identities.
    """

    raw: Any
    type: Any
    made: Any
    faults: tuple[Any, ...]


CheckedParts: TypeAlias = MutableMapping[tuple[int, int], CheckedPart]
"""Parts of a document by the identities of their type and their data.

A variant of a document shares with it all data but what is on the way to what differs: parts that
were checked, among the same names, are not checked again.
"""

CHECKED_PARTS = "checked parts"
"""The key under which the validation context has the parts that were checked, if they are kept."""


@dataclass(eq=False, repr=False)
class Deferred:
    """Annotation: the type that ``load`` returns, called when data first asks for it."""

    load: Callable[[], Any]

    @cached_property
    def kind(self) -> Any:
        """The type."""
        return self.load()

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.kind)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check as the type does; faults keep their places."""
        if _EAGER.get():
            return handler.generate_schema(self.kind)
        return core_schema.with_info_plain_validator_function(self._check)

    def _check(self, raw: Any, info: ValidationInfo) -> Any:
        context = info.context or {}
        seen: CheckedParts | None = context.get(CHECKED_PARTS)
        if seen is None or not isinstance(raw, dict | list):
            return self._adapter.validator.validate_python(raw, context=context)
        known = seen.get((id(self), id(raw)))
        if known is None:
            before = len(context[FAULTS])
            made = self._adapter.validator.validate_python(raw, context=context)
            known = seen[id(self), id(raw)] = CheckedPart(raw, self, made, tuple(context[FAULTS][before:]))
        else:
            context[FAULTS].extend(known.faults)
        return known.made


def deferred_to(load: Callable[[], Any]) -> Deferred:
    """Return the annotation for the type that ``load`` imports, checked for faults if it looks for any."""
    return Deferred(lambda: checked(load()))


def deferred(kind: Any) -> Any:
    """Return a type that checks as ``kind`` does, but builds its checker when it is needed."""
    return kind if deferred_in(kind) else Annotated[Any, Deferred(lambda: kind)]


def deferred_in(kind: Any) -> Deferred | None:
    """Return what defers a type, or None for a type that is not deferred."""
    if get_origin(kind) is not Annotated:
        return None
    return next((item for item in get_args(kind)[1:] if isinstance(item, Deferred)), None)
