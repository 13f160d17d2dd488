"""Suggestions for many unknown names at once, with bounded work."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from routecost.problems import Names

MOST_COMPARED = 10_000
"""The maximum number of name pairs compared; a table may have thousands of unknown names."""


def suggest_names(unknown: Collection[str], known: Collection[str]) -> Mapping[str, str]:
    """Return a message suffix with a suggestion for each unknown name; empty if there are too many."""
    if _too_many(unknown, known):
        return dict.fromkeys(unknown, "")
    names = Names(known)
    return {name: names.suggestion(name) for name in unknown}


def likely_intended(unknown: Collection[str], known: Collection[str]) -> frozenset[str]:
    """Return the known names that unknown ones probably misspell."""
    if _too_many(unknown, known):
        return frozenset()
    names = Names(known)
    near = (names.nearest(name) for name in unknown)
    return frozenset(name for name in near if name is not None)


def _too_many(unknown: Collection[str], known: Collection[str]) -> bool:
    return len(unknown) * len(known) > MOST_COMPARED
