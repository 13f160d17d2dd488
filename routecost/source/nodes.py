"""Data of a YAML text: mappings and sequences with the offsets of their entries.

Scalars are plain ``str``, or None for null. Offsets count characters from 0;
:class:`~routecost.source.text_positions.Places` converts them to lines and columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias


class MapNode(dict[str, Any]):
    """A mapping; ``marks`` has the offsets of alternating keys and values.

    Keys beyond the marks are not in the text.
    """

    __slots__ = ("_ranks", "marks")
    marks: list[int]
    _ranks: dict[str, int]

    def __init__(self, items: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> None:
        dict.__init__(self, items)
        self.marks = []

    def mark(self, step: str | int) -> tuple[int, int] | None:
        """Return the offsets of a key and its value, or None if the key is not in the text."""
        rank = self._rank(step) if isinstance(step, str) else None
        return None if rank is None else (self.marks[rank], self.marks[rank + 1])

    def _rank(self, key: str) -> int | None:
        """Look up a key in a table that is built on first use, because most mappings never need it."""
        try:
            return self._ranks.get(key)
        except AttributeError:
            self._ranks = dict(zip(self, range(0, len(self.marks), 2), strict=False))
            return self._ranks.get(key)


class ListNode(list[Any]):
    """A sequence; ``marks`` holds the offsets of its items."""

    __slots__ = ("marks",)
    marks: list[int]

    def __init__(self, items: Iterable[Any] = ()) -> None:
        list.__init__(self, items)
        self.marks = []

    def mark(self, step: str | int) -> tuple[int, int] | None:
        """Return the offset of an item, twice, or None if there is no such item in the text."""
        if not isinstance(step, int) or not 0 <= step < len(self.marks):
            return None
        return self.marks[step], self.marks[step]


def put(node: MapNode, key: str, value: object, at: tuple[int, int]) -> None:
    """Add an entry to a mapping; ``at`` has the offsets of key and value."""
    node[key] = value
    node.marks += at


Container: TypeAlias = MapNode | ListNode
Data: TypeAlias = MapNode | ListNode | str | None


def has_child(node: object, step: str | int) -> bool:
    """Return whether ``node`` is a mapping with the key, or a sequence with the index, ``step``."""
    if isinstance(node, dict):
        return step in node
    return isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node)


def with_child(node: Any, step: str | int, value: object) -> Any:
    """Return a copy of a mapping or sequence in which the entry ``step`` is ``value``.

    The copy is shallow and keeps the offsets of the original.
    """
    copy = type(node)(node)
    if isinstance(node, (MapNode, ListNode)):
        copy.marks = node.marks
    copy[step] = value
    return copy
