"""Spans of all lines and files: the names above a span, and which calls are below others.

They are kept as numbers, about 40 bytes each, so that memory is bounded.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from sys import maxsize

import numpy as np

NAMES = ("agent", "workflow", "session")
"""What a span has from the spans above it."""

MOST_SPANS = 5_000_000
MOST_NAMES = 500_000
"""The most spans, and the most different names of them, that are kept."""

NESTED = (
    "OpenTelemetry: calls with a call below them that used as much; without gen_ai.response.id, both count"
)
TOO_MANY = (
    f"OpenTelemetry: more than {MOST_SPANS:,} spans, so agents, workflows and sessions come from spans of "
    "the same line only, and calls that two instrumentations recorded may count twice"
)

Key = tuple[str, str]
"""A trace and a span."""

_NONE = (None,) * len(NAMES)


class Traces:
    """The spans that were added; :meth:`sort` them before questions."""

    def __init__(self, *, is_bounded: bool = False) -> None:
        self._most, self._most_names = (MOST_SPANS, MOST_NAMES) if is_bounded else (maxsize, maxsize)
        self.is_full = False
        self._keys, self._parents, self._names, self._marks = (array("q") for _ in range(4))
        self._texts: dict[tuple[str | None, ...], int] = {_NONE: 0}
        self._listed: list[tuple[str | None, ...]] = []

    def add(self, key: Key, parent: Key | None, names: tuple[str | None, ...]) -> None:
        """Add a span."""
        if parent is None and names == _NONE:
            return
        if len(self._keys) >= self._most or len(self._texts) >= self._most_names:
            self._drop()
        if not self.is_full:
            self._keys.append(hash(key))
            self._parents.append(0 if parent is None else hash(parent))
            self._names.append(self._texts.setdefault(names, len(self._texts)))

    def mark(self, *fact: object) -> None:
        """Keep a fact."""
        if len(self._marks) >= 3 * self._most:
            self._drop()
        if not self.is_full:
            self._marks.append(hash(fact))

    def _drop(self) -> None:
        self.__init__()  # type: ignore[misc]
        self.is_full = True  # and empty

    def sort(self) -> None:
        """Sort what was added."""
        order = np.argsort(np.frombuffer(self._keys, dtype=np.int64), kind="stable")
        for column in (self._keys, self._parents, self._names):
            view = np.frombuffer(column, dtype=np.int64)
            view[:] = view[order]
        np.frombuffer(self._marks, dtype=np.int64).sort()
        self._listed = list(self._texts)

    def has(self, *fact: object) -> bool:
        """Return whether a fact was kept."""
        number = hash(fact)
        at = bisect_left(self._marks, number)
        return at < len(self._marks) and self._marks[at] == number

    def from_span(self, key: Key | None) -> Iterator[tuple[str | None, ...]]:
        """Yield the names of a span and of those above it, the nearest first."""
        number, seen = hash(key), set[int]()
        while number not in seen:
            seen.add(number)
            first = at = bisect_left(self._keys, number)
            while at < len(self._keys) and self._keys[at] == number:
                at += 1
            if at == first:
                return
            same = range(first, at)  # a span that is repeated
            names = [self._listed[self._names[one]] for one in same]
            yield min(names, key=lambda texts: tuple((text is None, text or "") for text in texts))
            number = max(self._parents[one] for one in same)
