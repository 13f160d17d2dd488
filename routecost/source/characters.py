"""Decoding of bytes to text; invalid bytes and characters become findings and U+FFFD."""

from __future__ import annotations

import codecs
import re
from itertools import islice
from typing import TYPE_CHECKING

from routecost.source.text_positions import Places

if TYPE_CHECKING:
    from routecost.problems import Finding

BYTE_ORDER_MARK = "\ufeff"

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that YAML does not allow: control characters and surrogates."""

_ALLOWED_ASCII = b"\t\n\r" + bytes(range(0x20, 0x7F))
_REPLACEMENT = "\ufffd"
_MOST_REPORTED = 10
_MOST_SHOWN = 60
_FOREIGN_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, file: str) -> tuple[str | None, list[Finding]]:
    """Return the text of UTF-8 bytes; each byte that is not UTF-8 becomes a lone surrogate.

    Text with the byte order mark of UTF-16 is a finding without text.
    """
    if data.startswith(_FOREIGN_MARKS):
        return None, [Places(file, "").finding("the file is encoded as UTF-16; expected UTF-8", 0)]
    return data.decode("utf-8", "surrogateescape"), []


def clean(text: str, file: str, kind: str = "YAML") -> tuple[str, list[Finding]]:
    """Return the text with every forbidden character replaced, and findings for the first few.

    ``kind`` is the format of the text.
    """
    if _is_plain_ascii(text) or not FORBIDDEN.search(text):
        return text, []
    cleaned, count = FORBIDDEN.subn(_REPLACEMENT, text)
    places = Places(file, cleaned)
    findings: list[Finding] = []
    for match in islice(FORBIDDEN.finditer(text), _MOST_REPORTED + 1):
        more = count - _MOST_REPORTED if len(findings) == _MOST_REPORTED else 0
        message = (
            f"{more:,} more characters that are not allowed" if more else _error_message(match.group(), kind)
        )
        findings.append(places.finding(message, match.start()))
    return cleaned, findings


def _is_plain_ascii(text: str) -> bool:
    """Detect the common case ten times faster than the pattern does."""
    return text.isascii() and not text.encode("ascii").translate(None, _ALLOWED_ASCII)


def describe(character: str) -> str:
    """Return the name of a forbidden character for a message."""
    return f"character U+{ord(character):04X}"


def shown(text: str) -> str:
    """Return a text for a message: in quotes, on one line, truncated if long."""
    import json  # slow to load, and only messages need it

    cut = text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "..."
    return json.dumps(cut, ensure_ascii=False)


def _error_message(character: str, kind: str) -> str:
    byte = ord(character) - 0xDC00
    if 0x80 <= byte <= 0xFF:
        return f"byte 0x{byte:02x} is not UTF-8 text; expected a file encoded as UTF-8"
    return f"{describe(character)} is not allowed in {kind}; expected printable text"


def without_forbidden(value: str) -> str:
    """Return a value with every forbidden character replaced."""
    return FORBIDDEN.sub(_REPLACEMENT, value)
