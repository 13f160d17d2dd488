"""Dataclasses that share one ``__eq__``, one ``__hash__`` and one ``__repr__``.

The standard library compiles these methods for each class anew. A command defines some eighty classes
before it starts, and this took a tenth of its start-up time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        kind: type | None = None, /, *, eq: bool = True, **options: bool
    ) -> type | Callable[[type], type]:
        """Decorate a class as `dataclasses.dataclass` does; methods of its own are kept."""

        def decorate(kind: type) -> type:
            text = {"__repr__": _repr} if options.get("repr", True) else {}
            equality = {"__eq__": _equal, "__hash__": _hash if options.get("frozen") else None} if eq else {}
            methods = text | equality
            record = dataclasses.dataclass(kind, eq=False, **options | {"repr": False})
            for name in methods.keys() - record.__dict__.keys():
                setattr(record, name, methods[name])
            return record

        return decorate if kind is None else decorate(kind)


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = _compared(self.__class__)
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash(_compared(self.__class__)(self))


def _repr(self: Any) -> str:
    shown = ", ".join(
        f"{name}={getattr(self, name)!r}" for name, field in self.__dataclass_fields__.items() if field.repr
    )
    return f"{type(self).__qualname__}({shown})"


@cache
def _compared(kind: Any) -> attrgetter[Any]:
    return attrgetter("__class__", *(field.name for field in dataclasses.fields(kind) if field.compare))
