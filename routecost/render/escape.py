"""Sanitizing of text from user files: characters that do not print are escaped."""

from __future__ import annotations

import re

from routecost.characters import HARMFUL, escape

__all__ = ["HARMFUL", "harmless_lines", "one_paragraph", "safe_for_logs", "sanitize", "without_commands"]

_HARMFUL_IN_LINES = re.compile(f"(?!\t|\r?\n)(?:{HARMFUL.pattern})")
# Runners look for "::" at the start of a line after spaces, and for "##[", "##vso[" and
# "##teamcity[" anywhere.
_COMMAND = re.compile(r"^([^\S\n]*):(?=:|\Z)|(#)#(?=\w*\[)", re.MULTILINE)


def sanitize(text: str) -> str:
    r"""Return text with each harmful character as an escape such as ``\n``, ``\x1b``, ``\u202e``."""
    return HARMFUL.sub(escape, text)


def harmless_lines(text: str) -> list[str]:
    """Return the lines of a text, each sanitized."""
    return [sanitize(line) for line in text.rstrip("\n").split("\n")]


def one_paragraph(text: str) -> str:
    """Return running text as one sanitized line with single spaces."""
    return sanitize(" ".join(text.split()))


def safe_for_logs(text: str) -> str:
    """Return lines of output without harmful characters and without commands to a CI runner.

    Tabs and line breaks stay.
    """
    if not text.isascii() or not text.replace("\n", "").isprintable():
        text = _HARMFUL_IN_LINES.sub(escape, text)
    return without_commands(text)


def without_commands(text: str, colon: str = r"\x3a", hash_sign: str = r"\x23") -> str:
    """Return text in which no line starts a command to a CI runner.

    ``colon`` and ``hash_sign`` are what the format writes for one character of each start.
    """
    if "::" not in text and "##" not in text and not text.endswith(":"):
        return text
    return _COMMAND.sub(lambda match: f"{match[1]}{colon}" if match[2] is None else f"#{hash_sign}", text)
