"""Dataclasses that compile no method before it is called.

The standard library compiles the methods of each class when it is defined. A command defines more than a
hundred classes before it starts and makes instances of a few of them; compiling took a fifth of its start-up
time. Here the classes share ``__eq__``, ``__hash__``, ``__repr__`` and the methods that keep frozen instances
as they are, and ``__init__`` is compiled for the first instance.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass", "show_signature"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        kind: type | None = None, /, *, eq: bool = True, frozen: bool = False, **options: bool
    ) -> type | Callable[[type], type]:
        """Decorate a class as `dataclasses.dataclass` does; methods of its own are kept."""
        shown = options.pop("repr", True)

        def decorate(kind: type) -> type:
            methods = {"__repr__": _repr} if shown else {}
            if eq:
                methods |= {"__eq__": _equal, "__hash__": _hash if frozen else None}
            derived = any(dataclasses.is_dataclass(base) for base in kind.__mro__[1:])
            record = dataclasses.dataclass(
                kind, init=False, eq=False, repr=False, frozen=frozen and derived, **options
            )
            if frozen and not derived:
                methods |= _FROZEN
                record.__dataclass_params__.frozen = True
            if "__init__" not in record.__dict__:
                record.__init__ = _compiled_when_called(record)
            for name in methods.keys() - record.__dict__.keys():
                setattr(record, name, methods[name])
            return record

        return decorate if kind is None else decorate(kind)


def _compiled_when_called(record: Any) -> Callable[..., None]:
    def __init__(self: Any, *arguments: Any, **keywords: Any) -> None:  # noqa: N807
        show_signature(record)
        record.__init__(self, *arguments, **keywords)

    _UNCOMPILED.add(__init__)
    return __init__


_UNCOMPILED: set[Callable[..., None]] = set()


def show_signature(record: Any) -> None:
    """Compile the constructor of a class now, so that help and editors show its parameters."""
    for kind in record.__mro__:
        if kind.__dict__.get("__init__") in _UNCOMPILED:
            kind.__init__ = _compiled(kind)


def _compiled(record: Any) -> Callable[..., None]:
    """Return the ``__init__`` that the standard library would make for the fields of a class."""
    values: dict[str, Any] = {"_unset": dataclasses.MISSING, "_set": object.__setattr__}
    parameters: dict[bool, list[str]] = {False: ["self"], True: []}
    body = []
    for field in dataclasses.fields(record):
        name = value = field.name
        default = ""
        if field.default is not dataclasses.MISSING:
            values[f"_default_{name}"] = field.default
            default = f"=_default_{name}"
            value = name if field.init else f"_default_{name}"
        elif field.default_factory is not dataclasses.MISSING:
            values[f"_make_{name}"] = field.default_factory
            default = "=_unset"
            value = f"_make_{name}() if {name} is _unset else {name}" if field.init else f"_make_{name}()"
        if field.init:
            parameters[bool(field.kw_only)].append(name + default)
        if field.init or default:
            slot = getattr(record, name, None)
            if isinstance(slot, MemberDescriptorType):  # its own setter takes half the time
                values[f"_set_{name}"] = slot.__set__
                body.append(f"_set_{name}(self, {value})")
            else:
                body.append(f"_set(self, {name!r}, {value})")
    if hasattr(record, "__post_init__"):
        body.append("self.__post_init__()")
    keywords = ["*", *parameters[True]] if parameters[True] else []
    lines = "\n ".join(body or ["pass"])
    exec(f"def __init__({', '.join(parameters[False] + keywords)}):\n {lines}", values)
    values["__init__"].__qualname__ = f"{record.__qualname__}.__init__"
    return values["__init__"]  # type: ignore[no-any-return]


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    if self is other:
        return True
    compared = _compared(self.__class__)
    return compared(self) == compared(other)


def _hash(self: Any) -> int:
    return hash(_compared(self.__class__)(self))


def _repr(self: Any) -> str:
    shown = ", ".join(
        f"{name}={getattr(self, name)!r}" for name, field in self.__dataclass_fields__.items() if field.repr
    )
    return f"{type(self).__qualname__}({shown})"


def _no_change(_self: Any, name: str, *_value: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__dataclass_fields__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)


_FROZEN = {
    "__setattr__": _no_change,
    "__delattr__": _no_change,
    "__getstate__": _state,
    "__setstate__": _restore,
}


@cache
def _compared(kind: Any) -> attrgetter[Any]:
    return attrgetter("__class__", *(field.name for field in dataclasses.fields(kind) if field.compare))
