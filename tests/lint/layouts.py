"""Writes the same data as YAML in many ways: block or flow, quotes, comments, blank lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
NOT_PLAIN = {"null", "Null", "NULL"}
COMMENTS = ("# a remark", "# who: knows, [why] {not} 'this'", "# - {task: x, tier: y}", "#")

Draw = Callable[[st.SearchStrategy[Any]], Any]


@st.composite
def layouts(draw: st.DrawFn, data: dict[str, Any]) -> str:
    """Draw a YAML text that says ``data``: mappings, lists and texts."""
    lines = [*_remarks(draw), *_block(data, draw), *_remarks(draw)]
    return "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n"]))


def _remarks(draw: Draw) -> Iterator[str]:
    yield from draw(st.lists(st.sampled_from(["", *COMMENTS]), max_size=1))


def _block(value: Any, draw: Draw) -> Iterator[str]:
    """Yield the lines of a container in block style, its children in either."""
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in pairs:
        yield from _remarks(draw)
        head = "-" if key is None else f"{_scalar(key, draw)}:"
        if isinstance(item, str) or not item or draw(st.booleans()):
            comment = "  " + draw(st.sampled_from(COMMENTS)) if draw(st.booleans()) else ""
            yield f"{head} {_flow(item, draw)}{comment}"
        else:
            yield head
            indent = " " * draw(st.integers(1, 4))
            yield from (indent + line for line in _block(item, draw))


def _flow(value: Any, draw: Draw) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_scalar(key, draw)}: {_flow(item, draw)}" for key, item in value.items()) + "}"
        )
    if isinstance(value, list):
        space = draw(st.sampled_from(["", " "]))
        return f"[{space}" + f",{space}".join(_flow(item, draw) for item in value) + "]"
    return _scalar(value, draw)


def _scalar(text: str, draw: Draw) -> str:
    ways = [json.dumps(text, ensure_ascii=False), "'" + text.replace("'", "''") + "'"]
    if PLAIN.fullmatch(text) and text not in NOT_PLAIN:
        ways.append(text)
    return str(draw(st.sampled_from(ways)))
