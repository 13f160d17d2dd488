"""Pages of the Python API: signatures and docstrings of the public names."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import routecost

FUNCTIONS = """\
# Python functions

`import routecost` has everything that the command line does. Amounts of results are `Decimal` and exact, and
`to_frame()` of a result returns a frame of pandas. [Classes](classes.md) describes results and errors.

"""
CLASSES = """\
# Python classes

Arguments, results and errors of the [functions](functions.md). Results are frozen.

"""
NAMES: list[str] = getattr(routecost, "__all__")  # noqa: B009  (made by __getattr__)
ROLE = re.compile(r":\w+:`~?(?:\w+\.)*(\w+)`")


def pages() -> dict[str, str]:
    """Return the two pages."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(NAMES, key=str.lower):
        value = getattr(routecost, name)
        groups["" if isinstance(value, type) else _capability(value)].append(name)
    classes = [text for name in groups.pop("") for text in _class(name, getattr(routecost, name))]
    functions = []
    for capability, names in sorted(groups.items()):
        functions.append(f"## {capability}\n")
        functions += [text for name in names for text in _function(name, getattr(routecost, name))]
    return {"functions": FUNCTIONS + "\n".join(functions), "classes": CLASSES + "\n".join(classes)}


def _capability(function: Any) -> str:
    """Return the part of routecost that a function belongs to, such as "Logs"."""
    _, layer, part, *_ = f"{function.__module__}.".split(".")
    name = "outcomes" if layer == "optimize" else part
    return name.replace("_", " ").capitalize()


def _function(name: str, function: Any, prefix: str = "routecost.") -> Iterator[str]:
    yield f"### `{name}`\n"
    yield f"```python\n{prefix}{name}{_signature(function)}\n```\n"
    yield f"{markdown(function.__doc__)}\n"


def _signature(function: Any) -> str:
    """Return the parameters and the result, on lines of their own if they are long."""
    signature = inspect.signature(function)
    shown: list[str] = []
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and "*" not in "".join(shown):
            shown.append("*")
        if parameter.name not in {"self", "cls"}:
            stars = "*" * (parameter.kind is parameter.VAR_POSITIONAL)
            default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
            shown.append(f"{stars}{parameter.name}: {parameter.annotation}{default}")
    result = f" -> {signature.return_annotation}"
    line = f"({', '.join(shown)}){result}"
    return line if len(line) < 70 else "(\n" + "".join(f"    {part},\n" for part in shown) + f"){result}"


def _class(name: str, kind: Any) -> Iterator[str]:
    yield f"## `{name}`\n"
    if issubclass(kind, Exception):
        yield f"An error; its base is `{kind.__mro__[1].__name__}`.\n"
    yield f"{markdown(kind.__doc__)}\n"
    rows = [*_fields(kind), *_properties(kind)]
    if rows:
        yield "| attribute | type | meaning |\n|---|---|---|"
        yield from (f"| `{name}` | `{annotation}` | {meaning} |" for name, annotation, meaning in rows)
        yield ""
    for method, function in _methods(kind):
        yield from _function(method, function, prefix="")


def _fields(kind: Any) -> Iterator[tuple[str, str, str]]:
    if dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            if not field.name.startswith("_"):
                yield field.name, str(field.type), _default(field)
    elif issubclass(kind, tuple):
        for name, annotation in kind.__annotations__.items():
            default = kind._field_defaults.get(name, dataclasses.MISSING)
            yield name, getattr(annotation, "__forward_arg__", str(annotation)), _stated(default)


def _default(field: dataclasses.Field[Any]) -> str:
    made = field.default_factory
    return _stated(field.default if made is dataclasses.MISSING else made())


def _stated(default: object) -> str:
    unstated = default is dataclasses.MISSING or (default != 0 and not default)
    return "" if unstated else f"default: `{default!r}`"


def _properties(kind: Any) -> Iterator[tuple[str, str, str]]:
    for name, value in vars(kind).items():
        getter = value.fget if isinstance(value, property) else getattr(value, "func", None)
        if isinstance(value, property | cached_property) and getter and not name.startswith("_"):
            annotation = getter.__annotations__.get("return", "")
            yield name, str(annotation), " ".join(markdown(getter.__doc__).split()).replace("|", "\\|")


def _methods(kind: Any) -> Iterator[tuple[str, Any]]:
    for name, value in vars(kind).items():
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if inspect.isfunction(function) and not name.startswith("_"):
            yield name, function


def markdown(docstring: str | None) -> str:
    """Return a docstring as Markdown, with links to the public names that it refers to."""
    text = inspect.cleandoc(docstring or "").replace("``", "`")
    return ROLE.sub(lambda role: _linked(role[1]), text)


def _linked(name: str) -> str:
    if name not in NAMES:
        return f"`{name}`"
    page = "classes" if isinstance(getattr(routecost, name), type) else "functions"
    return f"[`{name}`]({page}.md#{name.lower()})"
