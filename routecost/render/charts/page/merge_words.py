"""Figures in words, for those who cannot see them: what is shown, the extremes, the values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from routecost.render.escape import one_paragraph

Named = tuple[str, float, str]
"""A name, its value, and the value as people read it."""


def sentences(alt: str, extremes: str, values: Iterable[str]) -> str:
    """Return what a figure shows, the sentence about its extremes, and its values, on one line."""
    listed = "; ".join(values)
    return one_paragraph(" ".join(part for part in (alt, extremes, listed and f"{listed}.") if part))


def extremes(axis: str, named: Sequence[Named], when: str = "") -> str:
    """Return the sentence that says in what unit things are compared, which is lowest, which highest."""
    start = f"In {axis}{when}"
    if len(named) < 2:
        return f"{start}."
    (lowest, low, low_text), (highest, high, high_text) = (
        pick(named, key=lambda each: each[1]) for pick in (min, max)
    )
    if low == high:
        return f"{start}: all are {low_text}."
    return f"{start}: lowest {lowest}, {low_text}; highest {highest}, {high_text}."
