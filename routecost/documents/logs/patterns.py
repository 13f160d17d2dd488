"""Regular expressions in documents, whose time is bounded.

A text is searched up to ``MAX_SEARCHED`` characters, and an expression may combine its repetitions and
alternatives in at most ``MAX_WAYS`` ways; repetitions of groups and references back to groups are refused.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from routecost.documents.core.scalars import MAX_NAME, Context, Leaf, fault, quoted, read_name

MAX_SEARCHED = 200
"""The number of characters of a text that are searched."""

MAX_WAYS = MAX_SEARCHED**3
"""The maximum number of ways in which an expression may combine: three repetitions, of which one is to find
its beginning unless it starts with ^."""

_TOKEN = re.compile(
    r"\\(?P<escaped>.)"
    r"|(?P<set>\[\^?\]?(?:[^\\\]]|\\.)*\])"
    r"|(?P<special>\(\?(?!:|P<))"
    r"|(?P<open>\((?:\?:|\?P<\w*>)?)"
    r"|(?P<group_repeat>\)[*+{])"
    r"|(?P<close>\))"
    r"|(?P<repeat>[*+][?+]?|\{\d*,\}[?+]?)"
    r"|(?P<times>\{(?P<least>\d{0,4}),?(?P<most>\d{0,4})\}[?+]?)"
    r"|(?P<maybe>\?[?+]?)"
    r"|(?P<alternative>\|)",
    re.DOTALL,
)


def _read_pattern(value: Any, context: Context) -> re.Pattern[str]:
    text = read_name(value, context)
    if _ways(text) > MAX_WAYS:
        expected = "expected fewer repetitions, such as two of * and +, or three after ^"
        raise fault(f"{quoted(text)} can take too long; {expected}")
    try:
        return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError) as error:
        raise fault(f"{quoted(text)} is not a regular expression: {error}") from error


def _ways(text: str) -> int:
    """Return the number of ways in which an expression combines, at most. Refuses what is not supported."""
    ways = 1 if text.startswith("^") else MAX_SEARCHED
    alternatives = [1]
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        _refuse(token)
        if kind == "open":
            alternatives.append(1)
        elif kind == "alternative":
            alternatives[-1] += 1
        elif kind == "close" and len(alternatives) > 1:
            ways *= alternatives.pop()
        elif kind in _WAYS:
            ways *= _WAYS[kind]
        elif token["most"]:
            ways *= min(MAX_SEARCHED, 1 + max(0, int(token["most"]) - int(token["least"] or 0)))
    return ways * alternatives[0]


_WAYS = {"repeat": MAX_SEARCHED, "maybe": 2}


def _refuse(token: re.Match[str]) -> None:
    if token["special"] or (token["escaped"] or "").isdigit():
        raise fault(f"{quoted(token[0])} is not supported here; expected (...), (?:...) or (?P<name>...)")
    if token["group_repeat"]:
        raise fault("a group is repeated, which can take too long; repeat a set instead, such as [a-z]+")


Pattern = Annotated[
    re.Pattern[str], Leaf(_read_pattern, {"type": "string", "minLength": 1, "maxLength": MAX_NAME})
]


def search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Search the first ``MAX_SEARCHED`` characters of a text."""
    return pattern.search(text[:MAX_SEARCHED])
