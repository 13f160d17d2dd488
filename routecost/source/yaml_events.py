"""The events of a YAML text, and what the parser says about broken YAML."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from routecost.problems import Finding
    from routecost.source.text_positions import Places

PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser where PyYAML has it, else the one in Python: much slower, same events."""

PARSER_ERRORS = (yaml.YAMLError, ValueError, OverflowError)
"""What parsing may raise; the parser in Python lets the last two through for bad escapes."""

_CANNOT_START = "cannot start any token"


def events(text: str) -> Iterator[Any]:
    """Yield the parser's events one by one; raises one of the ``PARSER_ERRORS`` on the way."""
    return iter(PARSER(text).get_event, None)


def syntax_finding(error: Exception, places: Places) -> Finding:
    """Return the finding for one of the ``PARSER_ERRORS``, at the place that the parser names."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return places.finding(f"not valid YAML: {error}", 0)
    offset = _within(places.text, mark.index)
    return places.finding(f"not valid YAML: {_message(error, places, offset)}", offset)


def _within(text: str, offset: int) -> int:
    """Return the offset, or the end of the last line with text if the parser is at the very end."""
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
    """Return what the parser was reading and where that began: it is often the true culprit."""
    context = getattr(error, "context", None)
    mark = getattr(error, "context_mark", None)
    if context is None or mark is None:
        return ""
    offset = _within(places.text, mark.index)
    return f" {context} that starts on line {places.position(offset).line}"
