"""End offsets of the nodes of a text. Only edits need them, so they are computed in a second pass."""

from __future__ import annotations

import re
from typing import Any

import yaml

from routecost.records import dataclass
from routecost.source.nodes import Container, ListNode, MapNode
from routecost.source.yaml_events import events

_GAP_TO_VALUE = re.compile(r"\s*(?:#[^\r\n\x85\u2028\u2029]*[\r\n\x85\u2028\u2029]\s*)*:")


@dataclass(frozen=True, slots=True)
class Extents:
    """End offsets of nodes by start offset; ``text`` must be readable.

    ``empty`` has the true offsets of omitted values, because the parser's mark may follow blanks and
    comments.
    """

    text: str
    ends: dict[int, int]
    empty: dict[int, int]

    def is_flow(self, start: int) -> bool:
        """Return whether the container that starts here is in brackets or braces."""
        return self.text.startswith(("[", "{"), start)

    def span(self, node: object, start: int) -> tuple[int, int]:
        """Return the start and end of a node; trailing comments are not part of it."""
        if node is None and start in self.empty:
            return self.empty[start], self.empty[start]
        return start, self._end(node, start)

    def _end(self, node: object, start: int) -> int:
        """Return the end of a node; a block ends where its last scalar ends."""
        while isinstance(node, (MapNode, ListNode)) and not self.is_flow(start):
            if self._is_alias(node, start):
                break
            node, start = last_entry(node)
        if node is None and start in self.empty:
            return self.empty[start]
        return self.ends[start]

    def _is_alias(self, node: Container, start: int) -> bool:
        """Return whether a node is an alias, not a block mapping whose first key is an alias."""
        return self.text.startswith("*", start) and node.marks[:1] != [start]


def last_entry(node: Container) -> tuple[Any, int]:
    """Return the last value in the text, and its start offset."""
    if isinstance(node, MapNode):
        return list(node.values())[len(node.marks) // 2 - 1], node.marks[-1]
    return node[len(node.marks) - 1], node.marks[-1]


def extents(text: str) -> Extents:
    """Return the end offsets of the nodes of a text."""
    result = Extents(text, {}, {})
    opened: list[int] = []
    previous_end = 0
    for event in events(text):
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.CollectionStartEvent):
            opened.append(start)
        elif isinstance(event, yaml.CollectionEndEvent):
            start = opened.pop()
            if result.is_flow(start):
                result.ends[start] = previous_end = end
        elif isinstance(event, yaml.NodeEvent):
            if start == end:
                result.empty[start] = _offset_of_empty(text, previous_end, start)
            else:
                result.ends[start] = previous_end = end
    return result


def _offset_of_empty(text: str, previous_end: int, mark: int) -> int:
    """Return the offset after the colon or dash, or after the key if it has no colon."""
    if text.startswith((":", "-"), mark - 1):
        return mark
    match = _GAP_TO_VALUE.match(text, previous_end, mark)
    return match.end() if match else previous_end
