"""SVG that a screen reader can read out."""

from __future__ import annotations

from html import escape


def accessible(content: bytes, title: str, alt: str) -> bytes:
    """Return an SVG document with its title and its description for those who cannot see it."""
    head, opening, rest = content.decode().partition("<svg ")
    attributes, end, body = rest.partition(">")
    role = 'role="img" aria-labelledby="chart-title chart-description" '
    names = (
        f'\n <title id="chart-title">{escape(title)}</title>'
        f'\n <desc id="chart-description">{escape(alt)}</desc>'
    )
    return (head + opening + role + attributes + end + names + body).encode()
