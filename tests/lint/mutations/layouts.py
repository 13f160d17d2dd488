"""Writes the same data as YAML in many ways: block or flow, quotes, comments, blank lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any, TypeVar

from hypothesis import strategies as st

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
NOT_PLAIN = {"null", "Null", "NULL"}
COMMENTS = ("# a remark", "# who: knows, [why] {not} 'this'", "# - {task: x, tier: y}", "#")

LUCK = st.binary(min_size=251, max_size=251)
"""The choices of a layout, all drawn at once: drawing each by itself takes ten times as long.

Larger tables begin again at the first. The length is prime, so that they do not do so in step with rows.
"""

Kind = TypeVar("Kind")


class Choices:
    """Makes choices from drawn bytes; zeros, to which hypothesis shrinks them, choose the first of all."""

    def __init__(self, luck: bytes) -> None:
        """Begin with the first byte."""
        self._luck = cycle(luck)

    def of(self, options: Sequence[Kind]) -> Kind:
        """Return one of a few things."""
        return options[next(self._luck) % len(options)]


@st.composite
def layouts(draw: st.DrawFn, data: dict[str, Any]) -> str:
    """Draw a YAML text that says ``data``: mappings, lists and texts."""
    choices = Choices(draw(LUCK))
    lines = [*_remarks(choices), *_block(data, choices), *_remarks(choices)]
    return "\n".join(lines) + choices.of(["", "\n", "\n\n"])


def _remarks(choices: Choices) -> Iterator[str]:
    if choices.of([False, True]):
        yield choices.of(["", *COMMENTS])


def _block(value: Any, choices: Choices) -> Iterator[str]:
    """Yield the lines of a container in block style, its children in either."""
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in pairs:
        yield from _remarks(choices)
        head = "-" if key is None else f"{_scalar(key, choices)}:"
        if isinstance(item, str) or not item or choices.of([True, False]):
            comment = "  " + choices.of(COMMENTS) if choices.of([False, True]) else ""
            yield f"{head} {_flow(item, choices)}{comment}"
        else:
            yield head
            indent = " " * choices.of([2, 1, 3, 4])
            yield from (indent + line for line in _block(item, choices))


def _flow(value: Any, choices: Choices) -> str:
    if isinstance(value, dict):
        pairs = (f"{_scalar(key, choices)}: {_flow(item, choices)}" for key, item in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        space = choices.of(["", " "])
        return f"[{space}" + f",{space}".join(_flow(item, choices) for item in value) + "]"
    return _scalar(value, choices)


def _scalar(text: str, choices: Choices) -> str:
    ways = [json.dumps(text, ensure_ascii=False), "'" + text.replace("'", "''") + "'"]
    if PLAIN.fullmatch(text) and text not in NOT_PLAIN:
        ways.append(text)
    return choices.of(ways)
