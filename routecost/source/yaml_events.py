"""Parser events of a YAML text, and findings for syntax errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from routecost.problems import Finding
    from routecost.source.text_positions import Places

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser if PyYAML includes it, else the much slower Python parser with the same events."""

PARSER_ERRORS = (yaml.YAMLError, ValueError, OverflowError)
"""Exceptions of the parser; the Python parser raises the last two for invalid escapes."""

_CANNOT_START = "cannot start any token"


def events(text: str) -> Iterator[Any]:
    """Yield the parser's events. Raises one of the ``PARSER_ERRORS``."""
    return iter(PARSER(text).get_event, None)


def syntax_finding(error: Exception, places: Places) -> Finding:
    """Return the finding for one of the ``PARSER_ERRORS``, at its position."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return places.finding(f"not valid YAML: {error}", 0)
    offset = _within(places.text, mark.index)
    return places.finding(f"not valid YAML: {_message(error, places, offset)}", offset)


def _within(text: str, offset: int) -> int:
    """Return the offset, or the end of the last non-blank line if the offset is at the end of the text."""
    return offset if offset < len(text) else len(text.rstrip())


def _message(error: Exception, places: Places, offset: int) -> str:
    problem = str(getattr(error, "problem", error))
    if _CANNOT_START in problem:
        return _cannot_start(places.text[offset : offset + 1])
    return problem + _context(error, places)


def _cannot_start(character: str) -> str:
    if character == "\t":
        return "a tab cannot indent; use spaces"
    return f"'{character}' cannot start a value; put the value in quotes"


def _context(error: Exception, places: Places) -> str:
    """Return the construct being parsed and its first line, often the real cause of the error."""
    context = getattr(error, "context", None)
    mark = getattr(error, "context_mark", None)
    if context is None or mark is None:
        return ""
    offset = _within(places.text, mark.index)
    return f" {context} that starts on line {places.position(offset).line}"
