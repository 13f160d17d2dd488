"""A project's own settings: ``[tool.routecost]`` of its pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any

from routecost.documents.core.document_type import document
from routecost.documents.core.faults import Checked
from routecost.documents.core.validate import validate
from routecost.documents.routing.limits import LimitsDocument
from routecost.errors import DocumentError, UsageError
from routecost.file_access import read_utf8
from routecost.model.routing.limits import Limits
from routecost.source import Document, MapNode
from routecost.units import exact

NAME = "pyproject.toml"
MAX_BYTES = 1_000_000
_TOOL, _OURS = "tool", "routecost"
_HEAD = re.compile(rf"^\s*\[+\s*{_TOOL}\s*\.\s*{_OURS}\b", re.MULTILINE)


@document
class ConfigDocument:
    """The settings of a project."""

    limits: Annotated[LimitsDocument, Checked()] | None = None


def find_config(folder: Path) -> Path | None:
    """Return the nearest pyproject.toml in a folder or above it that speaks of ``tool.routecost``.

    Raises UsageError for a file that cannot be read, or is no TOML where it seems to speak of it.
    """
    for place in (folder, *folder.parents):
        file = place / NAME
        text = read_utf8(file, MAX_BYTES) if file.is_file() else ""
        if _OURS in text and _speaks_of_us(file, text):
            return file
    return None


@exact
def read_limits(file: Path, base: Limits) -> Limits:
    """Return ``base`` with the limits that a file sets.

    Raises UsageError if the file cannot be read, DocumentError with what is wrong in it. TOML is read
    without positions: findings are placed where the names of settings first occur.
    """
    text = read_utf8(file, MAX_BYTES)
    section = _section(_parsed(file, text))
    if section is None:
        return base
    head = _HEAD.search(text)
    start = text.index("[", head.start()) if head else text.index(_OURS)
    checked = Document(str(file), text, _node(section, text, start), start)
    made, findings = validate(checked, ConfigDocument, {})
    if made is None:
        raise DocumentError(findings)
    limits: LimitsDocument | None = made.limits
    return base if limits is None else limits.build(base)


def _speaks_of_us(file: Path, text: str) -> bool:
    """Return whether the file has a section of routecost; a broken file without one is ignored."""
    try:
        return _section(_parsed(file, text)) is not None
    except UsageError:
        if _HEAD.search(text):
            raise
        return False


def _section(data: dict[str, Any]) -> Any:
    tools = data.get(_TOOL)
    return tools.get(_OURS) if isinstance(tools, dict) else None


def _node(value: Any, text: str, start: int) -> Any:
    """Return data as documents have it: numbers as texts, and each key with its place behind ``start``."""
    if isinstance(value, list):
        return [_node(item, text, start) for item in value]
    if not isinstance(value, dict):
        return str(value).lower() if isinstance(value, bool) else str(value)
    node = MapNode()
    for key, item in value.items():
        found = re.compile(rf"""(?<![\w-])["']?{re.escape(key)}["']?\s*(?:=\s*|[.\]])""").search(text, start)
        at, value_at = (found.start(), found.end()) if found else (start, start)
        node[key] = _node(item, text, at)
        node.marks += (at, at if isinstance(item, dict) else value_at)
    return node


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f'cannot read "{file}": {str(error).lower()}') from error
