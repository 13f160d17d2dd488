"""Files that a change renames: one that is gone, and a new one that is the same or much alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

_LEAST_ALIKE = 0.5
_MOST_PAIRS = 10_000


def renamed(gone: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, str]:
    """Return the old name of each new file that has at least half of its lines in common with a gone one.

    The files that are most alike are paired first, each with one other. Of very many files, only those with
    the same contents are paired.
    """
    by_contents = {data: name for name, data in sorted(gone.items(), reverse=True)}
    names = {name: old for name, data in sorted(new.items()) if (old := by_contents.pop(data, None))}
    olds = {name: Counter(data.splitlines()) for name, data in gone.items() if name not in names.values()}
    news = {name: Counter(data.splitlines()) for name, data in new.items() if name not in names}
    if len(olds) * len(news) > _MOST_PAIRS:
        return names
    likeness = sorted(
        (-_alike(before, after), old, name) for old, before in olds.items() for name, after in news.items()
    )
    for score, old, name in likeness:
        if -score >= _LEAST_ALIKE and name not in names and old not in names.values():
            names[name] = old
    return names


def _alike(one: Counter[bytes], other: Counter[bytes]) -> float:
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)
