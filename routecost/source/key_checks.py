"""Checks of the keys of one mapping."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from routecost.characters import appearance
from routecost.source.characters import shown
from routecost.source.nodes import MapNode

if TYPE_CHECKING:
    from routecost.source.text_positions import Places

_MERGE_KEY = "<<"


def bad_keys(keys: Sequence[Any], marks: Sequence[int], places: Places) -> dict[int, str]:
    """Return the rank of each unusable key, and its error message.

    Of duplicate keys, the first is usable.
    """
    first: dict[str, tuple[str, int]] = {}
    bad: dict[int, str] = {}
    for rank, (key, mark) in enumerate(zip(keys, marks, strict=True)):
        message = _fault(key, mark, places.text)
        look = appearance(key) if isinstance(key, str) else ""
        if message is None and look in first:
            other, offset = first[look]
            earlier = places.position(offset)
            where = f"first defined on line {earlier.line}, column {earlier.column}"
            if other == key:
                message = f"duplicate key {shown(key)}; {where}"
            else:
                message = f"the key {key!a} looks like {other!a}; {where}"
        if message is None:
            first[look] = (key, mark)
        else:
            bad[rank] = message
    return bad


def without(bad: Collection[int], values: Sequence[Any], marks: Sequence[int]) -> tuple[MapNode, list[int]]:
    """Return the mapping and marks of alternating keys and values, without the entries in ``bad``."""
    ranks = [rank for rank in range(len(values) // 2) if rank not in bad]
    node = MapNode((values[2 * rank], values[2 * rank + 1]) for rank in ranks)
    return node, [mark for rank in ranks for mark in marks[2 * rank : 2 * rank + 2]]


def _fault(key: Any, mark: int, text: str) -> str | None:
    if key is None:
        return "a key is empty or null; expected text; put null in quotes to use it as a name"
    if not isinstance(key, str):
        kind = "sequence" if isinstance(key, list) else "mapping"
        return f"a {kind} is used as a key; expected text"
    if key == _MERGE_KEY and not text.startswith(("'", '"'), mark):
        return 'the merge key "<<" is not supported; write the keys out'
    return None
