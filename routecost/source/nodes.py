"""What a YAML text holds: mappings and sequences that know where in the text they stand.

Scalars are plain ``str``, or None where the text says null. All places are offsets in characters,
counted from 0; :class:`~routecost.source.text_positions.Places` turns them into lines and columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias


class MapNode(dict[str, Any]):
    """A mapping; ``marks`` holds the offsets of its first key, its value, the next key, and so on.

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
        """Look a key up in a table made on first use, because most mappings are never asked."""
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
    """Add an entry to a mapping; its key and its value stand at two offsets."""
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

    The copy keeps the places of the original; nothing below it is copied.
    """
    copy = type(node)(node)
    if isinstance(node, (MapNode, ListNode)):
        copy.marks = node.marks
    copy[step] = value
    return copy
