"""Document types whose validators are built lazily, on first use.

Most documents use few of the types available to them; building all validators would slow every start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Annotated, Any, NamedTuple, TypeAlias, get_args, get_origin

from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from routecost.documents.core.faults import FAULTS, checked
from routecost.records import dataclass

_EAGER = ContextVar("eager", default=False)


@contextmanager
def eager() -> Iterator[None]:
    """Build all validators immediately within the context; generating a JSON Schema needs them."""
    before = _EAGER.set(True)
    try:
        yield
    finally:
        _EAGER.reset(before)


class CheckedPart(NamedTuple):
    """The result of validating a part of a document, and its semantic faults.

    The references to the part and its type prevent reuse of their identities.
    """

    raw: Any
    type: Any
    result: Any
    faults: tuple[Any, ...]


CheckedParts: TypeAlias = MutableMapping[tuple[int, int], CheckedPart]
"""Validated parts of a document, by the identities of their type and their data.

A variant of a document shares all its data except the containers of changed values, so shared parts
are not validated again as long as the known names are the same.
"""

CHECKED_PARTS = "checked parts"
"""Key of the validated parts in the validation context; its value is None if they are not kept."""


@dataclass(eq=False, repr=False)
class Deferred:
    """Annotation: the type that ``load`` returns; ``load`` is called on first use."""

    load: Callable[[], Any]

    @cached_property
    def kind(self) -> Any:
        """The type."""
        return self.load()

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.kind)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate as the type does; faults keep their positions."""
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
            result = self._adapter.validator.validate_python(raw, context=context)
            known = seen[id(self), id(raw)] = CheckedPart(raw, self, result, tuple(context[FAULTS][before:]))
        else:
            context[FAULTS].extend(known.faults)
        return known.result


def deferred_to(load: Callable[[], Any]) -> Deferred:
    """Return the annotation for the type that ``load`` imports; its ``faults`` method, if any, is run."""
    return Deferred(lambda: checked(load()))


def deferred(kind: Any) -> Any:
    """Return a type that validates as ``kind`` does, but builds its validator on first use."""
    return kind if deferred_in(kind) else Annotated[Any, Deferred(lambda: kind)]


def deferred_in(kind: Any) -> Deferred | None:
    """Return the ``Deferred`` annotation of a type, or None if it has none."""
    if get_origin(kind) is not Annotated:
        return None
    return next((item for item in get_args(kind)[1:] if isinstance(item, Deferred)), None)
