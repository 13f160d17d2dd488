"""Text alternatives of charts, and their SVG markup for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from routecost.render.escape import one_paragraph


def accessible(content: bytes, title: str, alt: str) -> bytes:
    """Return an SVG document with a title and a description for screen readers."""
    head, opening, rest = content.decode().partition("<svg ")
    attributes, end, body = rest.partition(">")
    role = 'role="img" aria-labelledby="chart-title chart-description" '
    names = (
        f'\n <title id="chart-title">{escape(title)}</title>'
        f'\n <desc id="chart-description">{escape(alt)}</desc>'
    )
    return (head + opening + role + attributes + end + names + body).encode()


Named = tuple[str, float, str]
"""A name, its value, and the formatted value."""


def sentences(alt: str, summary: str, values: Iterable[str], footnote: str | None = None) -> str:
    """Return the text alternative of a figure on one line: subject, summary and values."""
    listed = "; ".join(values)
    return one_paragraph(" ".join(part for part in (alt, summary, listed and f"{listed}.", footnote) if part))


def lowest_and_highest(axis: str, named: Sequence[Named], when: str = "") -> str:
    """Return a sentence with the unit, the lowest and the highest value."""
    start = f"In {axis}{when}"
    if len(named) < 2:
        return f"{start}."
    (lowest, low, low_text), (highest, high, high_text) = (
        pick(named, key=lambda entry: entry[1]) for pick in (min, max)
    )
    if (low, low_text) == (high, high_text):
        return f"{start}: all are {low_text}."
    return f"{start}: lowest {lowest}, {low_text}; highest {highest}, {high_text}."
