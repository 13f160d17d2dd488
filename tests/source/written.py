"""Small YAML documents in many styles, drawn together with what they mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from routecost.problems import KeyPath

WORDS = st.sampled_from(
    [
        "a",
        "b",
        "haiku",
        "80%",
        "1e-3",
        "on",
        "12:30",
        "é\U0001f600",
        "two words",
        "null",
        "",
        "it's",
        "x#y",
        "-1",
        "a-",
    ]
)
KEYS = st.sampled_from(["k", "key two", "clé", "x", "null", "y-", "4"])
DATA = st.recursive(
    WORDS | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
CONTAINERS = st.lists(DATA, max_size=4) | st.dictionaries(KEYS, DATA, max_size=4)
PLAIN = re.compile(r"[^\W\d_][\w ]*|\d[\w:-]*|-1|a-|y-|80%")

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Writer:
    """Writes data as YAML; every choice of style is drawn, every comment is unlike the others."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.comments = 0

    def chance(self) -> bool:
        return bool(self.draw(st.booleans()))

    def comment(self) -> str:
        self.comments += 1
        return f" # c{self.comments}"

    def scalar(self, value: str | None, *, flow: bool, key: bool = False) -> str:
        if value is None:
            return "~" if flow or key or self.chance() else ""
        if PLAIN.fullmatch(value) and value != "null" and self.chance():
            return value
        return "'" + value.replace("'", "''") + "'" if self.chance() else f'"{value}"'

    def flow(self, data: Any, indent: int) -> str:
        if not isinstance(data, (dict, list)):
            return self.scalar(data, flow=True)
        space = "\n" + " " * (indent + self.draw(st.integers(1, 3))) if self.chance() else ""
        if isinstance(data, dict):
            parts = [
                f"{self.scalar(key, flow=True, key=True)}: {self.flow(data[key], indent + 3)}" for key in data
            ]
        else:
            parts = [self.flow(item, indent + 3) for item in data]
        brackets = "{}" if isinstance(data, dict) else "[]"
        comma = "," if parts and self.chance() else ""
        note = self.comment() if space and self.chance() else ""
        inner = (f",{note}{space}" if space else ", ").join(parts) + comma
        end = self.comment() + space if space and self.chance() else ""
        return brackets[0] + space + inner + end + brackets[1]

    def tail(self) -> str:
        return (self.comment() if self.chance() else "") + "\n"

    def between(self, indent: int) -> str:
        lines = ["\n", f"{' ' * indent}{self.comment().lstrip()}\n", ""]
        return str(lines[self.draw(st.integers(0, 2))])

    def value(self, data: Any, indent: int, *, under_key: bool) -> str:
        """Return what follows ``key:`` or ``-``, with its line breaks."""
        if not data or not isinstance(data, (dict, list)) or self.chance():
            if isinstance(data, str) and data.startswith("two") and self.chance():
                return f" |-\n{' ' * (indent + 2)}{data}\n"
            written = (
                self.flow(data, indent) if isinstance(data, (dict, list)) else self.scalar(data, flow=False)
            )
            return (f" {written}" if written else "") + self.tail()
        if not under_key and self.chance():
            return " " + self.block(data, indent + 2).lstrip(" ")
        deeper = 0 if under_key and isinstance(data, list) and self.chance() else self.draw(st.integers(1, 3))
        return self.tail() + self.block(data, indent + deeper)

    def block(self, data: Any, indent: int) -> str:
        entries = data.items() if isinstance(data, dict) else ((None, item) for item in data)
        parts: list[str] = []
        for key, item in entries:
            lead = self.between(indent) if parts else ""
            name = "-" if key is None else self.scalar(key, flow=False, key=True) + ":"
            parts.append(lead + " " * indent + name + self.value(item, indent, under_key=key is not None))
        return "".join(parts)

    def document(self, data: Any) -> str:
        text = self.flow(data, 0) + "\n" if not data or self.chance() else self.block(data, 0)
        text = self.between(0) + text + self.between(0)
        text = text if self.chance() else text.removesuffix("\n")
        return text.replace("\n", "\r\n") if self.chance() else text


@st.composite
def documents(draw: Draw) -> tuple[str, Any]:
    data = draw(CONTAINERS)
    return Writer(draw).document(data), data


def paths(data: Any) -> list[tuple[KeyPath, Any]]:
    """Return all paths of some data with what is there, the root's first."""
    found: list[tuple[KeyPath, Any]] = [((), data)]
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, child in entries:
        found += [((step, *path), node) for path, node in paths(child)]
    return found


def comments(text: str) -> list[str]:
    return re.findall(r" ?# c\d+", text)
