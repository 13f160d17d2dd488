"""Anchors of a document, and the size of the values that their aliases expand to."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

from routecost.problems import did_you_mean
from routecost.source.characters import shown
from routecost.source.nodes import ListNode, MapNode

# The time to find the closest name is quadratic in its length.
_MOST_COMPARED = 100
_LONGEST_COMPARED = 60


class Anchored(NamedTuple):
    """The value of an anchor, its number of nodes, and its nesting depth.

    Both count the expanded nodes of aliases in it.
    """

    value: Any
    nodes: int = 1
    height: int = 0


class Anchors:
    """Anchors read so far; one whose value is incomplete is known but cannot be used."""

    def __init__(self) -> None:
        self._by_name: dict[str, Anchored | None] = {}
        self._containers: dict[int, Anchored] = {}

    def open(self, name: str) -> None:
        """Register an anchor at the start of its value."""
        self._by_name[name] = None

    def close(self, name: str, value: Any) -> None:
        """Set the complete value of an anchor."""
        anchored = self._measured(value)
        self._by_name[name] = anchored
        if anchored.height:
            self._containers[id(value)] = anchored

    def get(self, name: str) -> Anchored | None:
        """Return the value of an alias, or None if it cannot be used here."""
        return self._by_name.get(name)

    def error_message(self, name: str) -> str:
        """Return why an alias cannot be used here."""
        alias = shown(f"*{name}")
        if name in self._by_name:
            return f"the alias {alias} is inside the value that it refers to"
        known = [other for other in islice(self._by_name, _MOST_COMPARED) if len(other) <= _LONGEST_COMPARED]
        return f"the alias {alias} has no anchor before it{did_you_mean(name, known)}"

    def _measured(self, node: Any) -> Anchored:
        """Count the nodes of a value; each anchored container is counted once, so the total is linear."""
        if not isinstance(node, (MapNode, ListNode)):
            return Anchored(node)
        if id(node) in self._containers:
            return self._containers[id(node)]
        keys, children = (len(node), node.values()) if isinstance(node, MapNode) else (0, node)
        parts = [self._measured(child) for child in children]
        height = 1 + max((part.height for part in parts), default=0)
        return Anchored(node, 1 + keys + sum(part.nodes for part in parts), height)
