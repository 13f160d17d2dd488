"""Where the nodes of a text end: only edits need it, so it costs a second pass and not the reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from routecost.source.nodes import Container, ListNode, MapNode
from routecost.source.yaml_events import events

_GAP_TO_VALUE = re.compile(r"\s*(?:#[^\r\n\x85\u2028\u2029]*[\r\n\x85\u2028\u2029]\s*)*:")


@dataclass(frozen=True, slots=True)
class Extents:
    """Where nodes end, by where they start; ``text`` must be one that could be read.

    ``nothing`` holds the true place of values that are left out: the parser's mark may be behind
    blanks and comments.
    """

    text: str
    ends: dict[int, int]
    nothing: dict[int, int]

    def is_flow(self, start: int) -> bool:
        """Return whether a container that starts here stands in brackets or braces."""
        return self.text.startswith(("[", "{"), start)

    def span(self, node: object, start: int) -> tuple[int, int]:
        """Return the start and end of a node; trailing comments are not part of it."""
        if node is None and start in self.nothing:
            return self.nothing[start], self.nothing[start]
        return start, self._end(node, start)

    def _end(self, node: object, start: int) -> int:
        """Follow the last entries down: a block ends where its last scalar does."""
        while isinstance(node, (MapNode, ListNode)) and not self.is_flow(start):
            if self._is_alias(node, start):
                break
            node, start = last_entry(node)
        if node is None and start in self.nothing:
            return self.nothing[start]
        return self.ends[start]

    def _is_alias(self, node: Container, start: int) -> bool:
        """Tell an alias from a block mapping whose first key is an alias."""
        return self.text.startswith("*", start) and node.marks[:1] != [start]


def last_entry(node: Container) -> tuple[Any, int]:
    """Return the last value that stands in the text, and where it starts."""
    if isinstance(node, MapNode):
        return list(node.values())[len(node.marks) // 2 - 1], node.marks[-1]
    return node[len(node.marks) - 1], node.marks[-1]


def extents(text: str) -> Extents:
    """Return where the nodes of a text end."""
    found = Extents(text, {}, {})
    opened: list[int] = []
    previous_end = 0
    for event in events(text):
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append(start)
        elif isinstance(event, yaml.CollectionEndEvent):
            start = opened.pop()
            if found.is_flow(start):
                found.ends[start] = previous_end = end
        elif isinstance(event, yaml.NodeEvent):
            if start == end:
                found.nothing[start] = _place_of_nothing(text, previous_end, start)
            else:
                found.ends[start] = previous_end = end
    return found


def _place_of_nothing(text: str, previous_end: int, mark: int) -> int:
    """Return the offset behind the colon or dash, or behind the key if it has no colon."""
    if text.startswith((":", "-"), mark - 1):
        return mark
    match = _GAP_TO_VALUE.match(text, previous_end, mark)
    return match.end() if match else previous_end
