"""Files that a change renames: one that is gone, and a new one that is the same or much alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

_LEAST_ALIKE = 0.5


def renamed(gone: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """Return the old name of each new file that has at least half of its lines in common with a gone one.

    The files that are most alike are paired first, each with one other.
    """
    lines = [{name: Counter(data.splitlines()) for name, data in side.items()} for side in (gone, new)]
    likeness = sorted(
        (-_alike(before, after), old, name)
        for old, before in lines[0].items()
        for name, after in lines[1].items()
    )
    names: dict[str, str] = {}
    for score, old, name in likeness:
        if -score >= _LEAST_ALIKE and name not in names and old not in names.values():
            names[name] = old
    return names


def _alike(one: Counter[bytes], other: Counter[bytes]) -> float:
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)
