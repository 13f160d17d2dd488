"""Characters that do not print: control characters, direction overrides and invisible characters."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Variation selectors after symbols, and joiners between them, are parts of emoji.
_SYMBOL = "\u203c-\u32ff\U0001f000-\U0001faff"
_SELECTOR = f"(?<![{_SYMBOL}#*0-9])[\ufe00-\ufe0f]"
_JOINER = f"(?<![{_SYMBOL}\ufe0f])\u200d|\u200d(?![{_SYMBOL}])"

HARMFUL = re.compile(f"[{_CONTROL}{_INVISIBLE}]|{_SELECTOR}|{_JOINER}")
"""Control characters, line separators, surrogates, direction overrides and other invisible characters."""

_LONGEST_NAME = 1_000
_UNSEEN = re.compile(f"[{_INVISIBLE}\ufe00-\ufe0f\u200d]")


def escape(match: re.Match[str]) -> str:
    r"""Return a character as an escape such as ``\n``, ``\x1b``, ``\u202e`` or ``\U000e0001``."""
    character = match.group()
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return _NAMED.get(character) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def appearance(name: str) -> str:
    """Return a key that is equal for names that look the same: without invisible characters.

    Kinds of spaces, and composed and decomposed accents, look the same; letters of two scripts do not.
    Long names, which no document may have, are compared as they are: normalizing takes quadratic time.
    """
    if name.isascii() or len(name) > _LONGEST_NAME:
        return name
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", name)).split())
