"""Findings: problems in user files, with position, severity and suggestion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from routecost.records import dataclass

KeyPath: TypeAlias = tuple[str | int, ...]
"""The path to a value of a document: mapping keys and list indexes, outermost first."""


class Severity(StrEnum):
    """Severity of a finding, most severe first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file; ``line`` and ``column`` count from 1, columns in characters.

    In a workbook, ``cell`` is the sheet or the cell, such as ``Sheet1!B2``.
    """

    file: str
    line: int
    column: int
    cell: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.cell is None else f"{self.file}:{self.cell}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem. ``message`` quotes the wrong value, states what is expected and suggests a fix.

    ``source_line`` is the text of the line at ``position``, to print with a caret.
    ``code`` and ``rule`` are set for lint findings only (``RT301``, ``escalation-skips-tier``);
    ``task`` is the task type that a lint finding is about, if any.
    """

    message: str
    position: Position
    severity: Severity = Severity.ERROR
    code: str | None = None
    rule: str | None = None
    source_line: str | None = None
    task: str | None = None

    def __str__(self) -> str:
        label = "" if self.code is None else f"{self.code} "
        return f"{self.position}: {label}{self.message}"

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Return the sort key: file, line, column, code, message."""
        position = self.position
        return (position.file, position.line, position.column, self.code or "", self.message)


class Names(tuple[str, ...]):  # noqa: SLOT001  its caches need a __dict__
    """Names that a text may refer to, with fast look-up and suggestions.

    Use one object for all look-ups in the same names: the work of its suggestions is linear in the
    number of characters of the names, however many look-ups there are.
    """

    def __contains__(self, name: object) -> bool:
        """Return whether a name is among these."""
        return name in self._set

    @cached_property
    def _set(self) -> frozenset[str]:
        return frozenset(self)

    @cached_property
    def _index(self) -> NameIndex:
        return NameIndex(self._set)

    def nearest(self, name: str) -> str | None:
        """Return the name closest to ``name``, ignoring case; None if no name is close."""
        return self._index.nearest(name)

    def suggestion(self, name: str) -> str:
        """Return the suggestion that :func:`did_you_mean` describes."""
        best = self.nearest(name)
        if best is not None:
            return f'; did you mean "{best}"?'
        first, count = self._index.names[:_MOST_SHOWN], len(self._index.names)
        if not first:
            return ""
        shown = ", ".join(f'"{known}"' for known in first)
        return f"; known: {shown}" + (f" and {count - _MOST_SHOWN} more" if count > _MOST_SHOWN else "")


_MOST_SHOWN = 8
_CUTOFF = 0.6
_LONGEST = 200
"""Longer names are not compared: the time of a comparison is quadratic in their length."""
_FEW = 64
"""The maximum number of names of a set that are compared one by one."""
_MOST_COMPARED = 8
"""The maximum number of names of a larger set that one look-up compares."""
_MOST_VISITED = 256
"""The maximum number of entries of the index that one look-up visits."""
_LEAST_BUDGET, _BUDGET_PER_CHARACTER = 5_000_000, 200
"""The work that all look-ups of an index may do, in pairs of characters."""


class NameIndex:
    """An index of names by pairs of neighbouring letters, for names that are misspelled.

    Small sets are compared with a name one by one; of large ones, only names that share rare pairs
    with it. Once the budget is spent, no name is near any more.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        self._lower = [name.lower() for name in self.names]
        self._budget = _LEAST_BUDGET + _BUDGET_PER_CHARACTER * sum(map(len, self.names))
        self._by_pair: dict[str, list[int]] | None = None

    def nearest(self, name: str) -> str | None:
        """Return the closest name as ``difflib.get_close_matches`` finds it, within the budget."""
        if len(name) > _LONGEST:
            return None
        best: tuple[float, str] | None = None
        rank = None
        for candidate in self._candidates(name.lower()):
            known = self._lower[candidate]
            score = self._score(name.lower(), known, _CUTOFF if best is None else best[0])
            if score is not None and (best is None or (score, known) > best):
                best, rank = (score, known), candidate
        return None if rank is None else self.names[rank]

    def _score(self, name: str, known: str, least: float) -> float | None:
        """Return how alike two names are, from 0 to 1; None if less than ``least``, or unaffordable."""
        if self._budget < 0 or len(known) > _LONGEST:
            return None
        self._budget -= len(name) + len(known)
        matcher = SequenceMatcher(None, known, name)
        if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
            return None
        self._budget -= len(name) * len(known)
        score = matcher.ratio()
        return score if score >= least else None

    def _candidates(self, name: str) -> Iterable[int]:
        if len(self.names) <= _FEW:
            return range(len(self.names))
        by_pair = self._pairs()
        rarest = sorted((by_pair[pair] for pair in set(_pairs_of(name)) if pair in by_pair), key=len)
        shared: Counter[int] = Counter()
        visited = 0
        for ranks in rarest:
            shared.update(ranks[: _MOST_VISITED - visited])
            visited += len(ranks)
            if visited >= _MOST_VISITED:
                break
        return [rank for rank, _ in shared.most_common(_MOST_COMPARED)]

    def _pairs(self) -> dict[str, list[int]]:
        if self._by_pair is None:
            self._by_pair = {}
            for rank, name in enumerate(self._lower):
                for pair in set(_pairs_of(name)):
                    self._by_pair.setdefault(pair, []).append(rank)
        return self._by_pair


def _pairs_of(name: str) -> Iterator[str]:
    padded = f"\n{name[:_LONGEST]}\n"
    return (padded[at : at + 2] for at in range(len(padded) - 1))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to ``name``, ignoring case; None if no name is close."""
    return (known if isinstance(known, Names) else Names(known)).nearest(name)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean "x"?`` for the closest known name, else the list of known names.

    The list has at most 8 names. For many look-ups, ``known`` should be one object of ``Names``.
    """
    return (known if isinstance(known, Names) else Names(known)).suggestion(name)
