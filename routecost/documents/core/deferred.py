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

_WHOLE = ContextVar("whole", default=False)


@contextmanager
def whole() -> Iterator[None]:
    """Build whole checkers at once meanwhile: the JSON Schema of a document needs them."""
    before = _WHOLE.set(True)
    try:
        yield
    finally:
        _WHOLE.reset(before)


@dataclass(frozen=True, eq=False)
class Later:
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
        if _WHOLE.get():
            return handler.generate_schema(self.kind)
        return core_schema.with_info_plain_validator_function(self._check)

    def _check(self, raw: Any, info: ValidationInfo) -> Any:
        return self._adapter.validator.validate_python(raw, context=info.context)


def named(module: str, name: str) -> Later:
    """Return the annotation for the type ``name`` of a module of this package."""
    return Later(partial(_find, module, name))


def _find(module: str, name: str) -> Any:
    from routecost.documents.core.document_type import checked

    return checked(getattr(import_module(f"routecost.documents.{module}"), name))


def later(kind: Any) -> Any:
    """Return a type that checks as ``kind`` does, but builds its checker when it is needed."""
    return kind if of(kind) else Annotated[Any, Later(lambda: kind)]


def of(kind: Any) -> Later | None:
    """Return what stands for a type that is loaded later, or None for any other type."""
    if get_origin(kind) is not Annotated:
        return None
    return next((item for item in get_args(kind)[1:] if isinstance(item, Later)), None)
