"""The nearest known names for many unknown ones at once, within bounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from routecost.problems import did_you_mean, nearest

MOST_COMPARED = 10_000
"""Pairs of names that are compared at most: a table may hold thousands of unknown names."""


def offers(unknown: Collection[str], known: Collection[str]) -> Mapping[str, str]:
    """Return what a message about each unknown name ends with: nothing if there are too many."""
    if _too_many(unknown, known):
        return dict.fromkeys(unknown, "")
    return {name: did_you_mean(name, known) for name in unknown}


def meant(unknown: Collection[str], known: Collection[str]) -> frozenset[str]:
    """Return the known names that unknown ones were probably meant to be."""
    if _too_many(unknown, known):
        return frozenset()
    near = (nearest(name, known) for name in unknown)
    return frozenset(name for name in near if name is not None)


def _too_many(unknown: Collection[str], known: Collection[str]) -> bool:
    return len(unknown) * len(known) > MOST_COMPARED
