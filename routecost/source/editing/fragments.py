"""Fragments of YAML to insert into a text: validation and indentation."""

from __future__ import annotations

import json
import re

from routecost.source.characters import FORBIDDEN, shown
from routecost.source.load import read_text
from routecost.source.nodes import ListNode, MapNode

_SAFE_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+-]*")
_OTHER_IN_YAML_1_1 = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null)")
_LIKE_NUMBER = re.compile(r"[0-9][0-9a-fA-FxXoO_.+-]*")
_NUMBER = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MUST_ESCAPE = re.compile("[\x85\u2028\u2029\ufeff]|" + FORBIDDEN.pattern)
_INDENT = "  "


class Plain(str):
    """A scalar that is written as it stands, such as a number or ``true``."""

    __slots__ = ()


def scalar_yaml(value: str) -> str:
    """Return a text as a YAML scalar, plain or in double quotes, valid in every context.

    What YAML 1.1 reads as a boolean or null is quoted; a number or a date in its usual form is not.
    """
    if isinstance(value, Plain) or (_is_plain(value) and _LIKE_NUMBER.fullmatch(value) is None):
        return value
    return value if _NUMBER.fullmatch(value) else _quoted(value)


def text_yaml(value: str) -> str:
    """Return a text as a YAML scalar that every reader takes as text, such as a key."""
    return value if _is_plain(value) and _LIKE_NUMBER.fullmatch(value) is None else _quoted(value)


def _is_plain(value: str) -> bool:
    return _SAFE_PLAIN.fullmatch(value) is not None and _OTHER_IN_YAML_1_1.fullmatch(value) is None


def _quoted(value: str) -> str:
    quoted = json.dumps(value, ensure_ascii=False)
    return _MUST_ESCAPE.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)


def check_scalar(yaml_text: str, *, flow: bool) -> None:
    """Raise ValueError unless the fragment is one scalar on one line, as the value of a key or item."""
    if flow:
        check_flow_item(yaml_text)
    whole = _read(f"k: {yaml_text}")
    bad = _is_broken(yaml_text) or yaml_text.lstrip().startswith(("|", ">"))
    if bad or not isinstance(whole, MapNode) or isinstance(whole["k"], (dict, list)):
        raise ValueError(f"{shown(yaml_text)} is not one scalar on one line")


def check_flow_item(yaml_text: str) -> None:
    """Raise ValueError unless the fragment is one item that fits into brackets on one line."""
    whole = _read(f"[{yaml_text}]")
    if _is_broken(yaml_text) or not (isinstance(whole, ListNode) and len(whole) == 1):
        raise ValueError(f"{shown(yaml_text)} is not one item that fits between brackets on one line")


def flow_entry(key: str, value_yaml: str) -> str:
    """Return ``key: value`` for a mapping in braces. Raises ValueError if the value does not fit."""
    entry = f"{text_yaml(key)}: {value_yaml}"
    whole = _read("{" + entry + "}")
    if _is_broken(value_yaml) or not (isinstance(whole, MapNode) and list(whole) == [key]):
        raise ValueError(f"{shown(value_yaml)} is not one value that fits between braces on one line")
    return entry


def block_item(yaml_text: str) -> list[str]:
    """Return the lines of ``- item``. Raises ValueError if the fragment is not one value."""
    first, *rest = _indented(yaml_text)
    lines = ["- " + first.removeprefix(_INDENT), *rest]
    whole = _read("\n".join([*lines, ""]))
    if isinstance(whole, ListNode) and whole == [_meaning(yaml_text)]:
        return lines
    raise ValueError(f"{shown(yaml_text)} is not one item of a sequence")


def block_entry(key: str, value_yaml: str) -> list[str]:
    """Return the lines of ``key: value``, with the value below its key if necessary.

    Raises ValueError if the fragment is not one value.
    """
    name, below = text_yaml(key), _indented(value_yaml)
    beside = [f"{name}: {below[0].lstrip()}", *below[1:]]
    separate = [f"{name}:", *below]
    for lines in (separate,) if below[0].lstrip().startswith("#") else (beside, separate):
        whole = _read("\n".join([*lines, ""]))
        if isinstance(whole, MapNode) and whole == {key: _meaning(value_yaml)}:
            return lines
    raise ValueError(f"{shown(value_yaml)} is not one value of a mapping")


def _meaning(yaml_text: str) -> object:
    """Return the data of a fragment on separate lines."""
    return _read(yaml_text if yaml_text.endswith("\n") else yaml_text + "\n")


def _indented(yaml_text: str) -> list[str]:
    lines = re.split(r"\r\n|\n|\r", yaml_text.rstrip("\r\n"))
    return [_INDENT + line if line else line for line in lines]


def _is_broken(yaml_text: str) -> bool:
    return "\n" in yaml_text or "\r" in yaml_text


def _read(text: str) -> object:
    """Return the data of a text, or None if it has findings."""
    document, findings = read_text(text, "")
    return None if document is None or findings else document.data
