"""Project settings: ``[tool.routecost]`` in pyproject.toml."""

from __future__ import annotations

import os
import re
import tomllib
from bisect import bisect_left
from pathlib import Path
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked
from routecost.documents.core.validate import validate
from routecost.documents.routing.limits import LimitsDocument
from routecost.errors import DocumentError, UsageError
from routecost.file_access import may_read, read_utf8
from routecost.model.routing.limits import Limits
from routecost.source import Document, MapNode
from routecost.units import exact

NAME = "pyproject.toml"
MAX_BYTES = 1_000_000
_TOOL, _SECTION = "tool", "routecost"
_HEAD = re.compile(rf"^[ \t]*\[{{1,2}}[ \t]*{_TOOL}[ \t]*\.[ \t]*{_SECTION}\b", re.MULTILINE)
_KEY = re.compile(
    r"""(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?<![\w-])(?P<bare>[\w-]+))[ \t]*(?:=[ \t]*|[.\]])"""
)
_MOST_PARTS = 32
# The time that tomllib needs for a dotted key is quadratic in the number of its parts.
_PART = r"""(?:[\w-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_TOO_MANY_PARTS = re.compile(rf"""(?<![\w"'\\-])(?:{_PART}[ \t]*\.[ \t]*){{{_MOST_PARTS}}}""")


@document
class ConfigDocument:
    """The settings of a project."""

    limits: Annotated[LimitsDocument, Checked()] | None = None


def find_config(folder: Path) -> Path | None:
    """Return the nearest pyproject.toml, in a folder or above it, with a ``tool.routecost`` section.

    Raises UsageError for a file that cannot be read, or has the section but is not valid TOML.
    """
    for directory in (folder, *folder.parents):
        file = directory / NAME
        if not may_read(file):
            continue
        text = read_utf8(file, MAX_BYTES) if file.is_file() else ""
        if not text and os.path.lexists(file) and not file.is_file():
            raise UsageError(f'cannot read "{file}": it is no ordinary file, or a link that leads nowhere')
        if _SECTION in text and _has_section(file, text):
            return file
    return None


@exact
def read_limits(file: Path, base: Limits) -> Limits:
    """Return ``base`` with the limits that a file sets.

    Raises UsageError if the file cannot be read, DocumentError with its faults. TOML is read
    without positions: findings are placed where the names of settings first occur.
    """
    text = read_utf8(file, MAX_BYTES)
    section = _section(_parsed(file, text))
    if section is None:
        return base
    head = _HEAD.search(text)
    start = text.index("[", head.start()) if head else text.index(_SECTION)
    document = Document(str(file), text, _Keys(text, start).node(section, start), start)
    config, findings = validate(document, ConfigDocument, {})
    if config is None:
        raise DocumentError(findings)
    limits: LimitsDocument | None = config.limits
    return base if limits is None else limits.build(base)


def _has_section(file: Path, text: str) -> bool:
    """Return whether the file has the section; an invalid file without its header has none."""
    try:
        return _section(_parsed(file, text)) is not None
    except UsageError:
        if _HEAD.search(text):
            raise
        return False


def _section(data: dict[str, Any]) -> Any:
    tools = data.get(_TOOL)
    return tools.get(_SECTION) if isinstance(tools, dict) else None


class _Keys:
    """The keys of a text by name, in order, each with its offset and that of its value."""

    def __init__(self, text: str, start: int) -> None:
        self._places: dict[str, list[tuple[int, int]]] = {}
        for match in _KEY.finditer(text, start):
            key = next(group for group in match.groups() if group is not None)
            self._places.setdefault(key, []).append(match.span())

    def node(self, value: Any, start: int) -> Any:
        """Return data in the form of a document: numbers as text, keys with positions after ``start``."""
        if isinstance(value, list):
            return [self.node(item, start) for item in value]
        if not isinstance(value, dict):
            return _text(value)
        node = MapNode()
        for key, item in value.items():
            at, value_at = self._next(key, start)
            node[key] = self.node(item, at)
            node.marks += (at, at if isinstance(item, dict) else value_at)
        return node

    def _next(self, key: str, start: int) -> tuple[int, int]:
        places = self._places.get(key, [])
        rank = bisect_left(places, (start, 0))
        return places[rank] if rank < len(places) else (start, start)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return str(value)
    except ValueError:  # an integer with thousands of digits
        return hex(value)


def _parsed(file: Path, text: str) -> dict[str, Any]:
    if _TOO_MANY_PARTS.search(text):
        raise UsageError(f'cannot read "{file}": a key has more than {_MOST_PARTS} parts')
    try:
        return tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:  # also an integer with thousands of digits
        raise UsageError(f'cannot read "{file}": {str(error).lower()}') from error
