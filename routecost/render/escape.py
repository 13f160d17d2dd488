"""Sanitizing of text from user files: control characters and direction overrides are escaped."""

from __future__ import annotations

import re

HARMFUL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, line separators, direction overrides, and halves of surrogate pairs."""

_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def sanitize(text: str) -> str:
    r"""Return text with each harmful character as an escape such as ``\n``, ``\x1b``, ``\u202e``."""
    return HARMFUL.sub(_escape, text)


def harmless_lines(text: str) -> list[str]:
    """Return the lines of a text, each sanitized."""
    return [sanitize(line) for line in text.rstrip("\n").split("\n")]


def one_paragraph(text: str) -> str:
    """Return running text as one sanitized line with single spaces."""
    return sanitize(" ".join(text.split()))


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    code = ord(character)
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")
