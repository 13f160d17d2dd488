"""Types whose checkers are built when data first asks for them.

Most documents use few of the kinds that they might; a command should not start by building them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, partial
from importlib import import_module
from typing import Annotated, Any, get_args, get_origin

from pydantic import GetCoreSchemaHandler, TypeAdapter, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from routecost.documents.core.faults import checked

_EAGER = ContextVar("eager", default=False)


@contextmanager
def eager() -> Iterator[None]:
    """Build all checkers at once meanwhile: the JSON Schema of a document needs them."""
    before = _EAGER.set(True)
    try:
        yield
    finally:
        _EAGER.reset(before)


@dataclass(frozen=True, eq=False)
class Deferred:
    """Annotation: the type that ``load`` returns, asked once."""

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
        return self._adapter.validator.validate_python(raw, context=info.context)


def named(module: str, name: str) -> Deferred:
    """Return the annotation for the type ``name`` of a module of this package."""
    return Deferred(partial(_find, module, name))


def _find(module: str, name: str) -> Any:
    return checked(getattr(import_module(f"routecost.documents.{module}"), name))


def deferred(kind: Any) -> Any:
    """Return a type that checks as ``kind`` does, but builds its checker when it is needed."""
    return kind if deferred_in(kind) else Annotated[Any, Deferred(lambda: kind)]


def deferred_in(kind: Any) -> Deferred | None:
    """Return what defers a type, or None for a type that is not deferred."""
    if get_origin(kind) is not Annotated:
        return None
    return next((item for item in get_args(kind)[1:] if isinstance(item, Deferred)), None)
