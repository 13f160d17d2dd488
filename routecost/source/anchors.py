"""The anchors of a document, and how much an alias to each of them stands for."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

from routecost.problems import did_you_mean
from routecost.source.characters import shown
from routecost.source.nodes import ListNode, MapNode

# Looking for the nearest name takes time that grows with the square of its length.
_MOST_COMPARED = 100
_LONGEST_COMPARED = 60


class Anchored(NamedTuple):
    """What an anchor names: its value, the nodes in it, and how deep containers nest in it.

    Both count aliases inside as often as they stand for a node.
    """

    value: Any
    nodes: int = 1
    height: int = 0


class Anchors:
    """The anchors met so far; one whose value is still being read is known but not usable."""

    def __init__(self) -> None:
        self._by_name: dict[str, Anchored | None] = {}
        self._containers: dict[int, Anchored] = {}

    def open(self, name: str) -> None:
        """Note that the value of an anchor begins."""
        self._by_name[name] = None

    def close(self, name: str, value: Any) -> None:
        """Note the whole value of an anchor."""
        anchored = self._measured(value)
        self._by_name[name] = anchored
        if anchored.height:
            self._containers[id(value)] = anchored

    def get(self, name: str) -> Anchored | None:
        """Return what an alias stands for, or None if it cannot be used here."""
        return self._by_name.get(name)

    def complaint(self, name: str) -> str:
        """Return why an alias cannot be used here."""
        alias = shown(f"*{name}")
        if name in self._by_name:
            return f"the alias {alias} stands inside the value that it names"
        known = [other for other in islice(self._by_name, _MOST_COMPARED) if len(other) <= _LONGEST_COMPARED]
        return f"the alias {alias} names no anchor before it{did_you_mean(name, known)}"

    def _measured(self, node: Any) -> Anchored:
        """Count the nodes below; anchored containers are counted once, so all of it is linear."""
        if not isinstance(node, (MapNode, ListNode)):
            return Anchored(node)
        if id(node) in self._containers:
            return self._containers[id(node)]
        keys, children = (len(node), node.values()) if isinstance(node, MapNode) else (0, node)
        parts = [self._measured(child) for child in children]
        height = 1 + max((part.height for part in parts), default=0)
        return Anchored(node, 1 + keys + sum(part.nodes for part in parts), height)
